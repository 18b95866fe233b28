import { elementsOf, membersOf } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Ask, UpstreamQuestion } from '../model/client.js';
import type { RemoteError } from '../model/remote-error.js';
import { modernRevision } from '../model/revisions.js';
import type { UpstreamReply } from '../model/upstream.js';

/** An upstream answers so (2025-11-25) when a person must visit pages first; then it has done nothing yet. */
const pagesRequired = -32042;

const mostPages = 8;
/** How often one call is sent again, each time after the person agreed to open the pages. */
const mostRounds = 8;

/** The error in which an upstream asks for pages to be visited. */
export interface PagesReply {
  readonly kind: 'error';
  readonly error: RemoteError;
}

/** How the pages of one call are governed, and how the call goes on. */
export interface Visit {
  readonly call: Call;
  /** Puts a page to the client as a governed question. */
  readonly ask: Ask | undefined;
  /** Whether the client may be shown a page; recorded like a question, but not put to it as one. */
  readonly mayShow: (page: UpstreamQuestion) => Promise<boolean>;
  /** Sends the same call once more. */
  readonly again: () => Promise<UpstreamReply>;
}

export function asksForPages(reply: UpstreamReply): reply is PagesReply {
  return reply.kind === 'error' && reply.error.code === pagesRequired;
}

/**
 * What becomes of a call whose upstream asks for pages. Legacy clients know the error: they get it, when every page may be
 * shown. Modern ones do not: they are asked to open the pages, and each time they agree the call is sent again.
 */
export async function requirePages(first: PagesReply, visit: Visit): Promise<UpstreamReply> {
  if (visit.call.arrival.revision !== modernRevision) return showPages(first, visit);
  const { ask } = visit;
  if (ask === undefined) return first;
  let reply: UpstreamReply = first;
  for (let round = 0; asksForPages(reply); round += 1) {
    if (round === mostRounds) return refusal('asks for pages again and again');
    const pages = pagesIn(reply.error, visit.call);
    if (pages === undefined) return refusal('asks for pages in a way that cannot be read');
    const answers = await Promise.all(pages.map(ask));
    const agreed = answers.every((one) => one.kind === 'result' && one.result.value.action === 'accept');
    if (!agreed) return refusal('wants a page to be visited first, which was not agreed to');
    reply = await visit.again();
  }
  return reply;
}

async function showPages(reply: PagesReply, { call, mayShow }: Visit): Promise<UpstreamReply> {
  const pages = pagesIn(reply.error, call);
  if (pages === undefined) return refusal('asks for pages in a way that cannot be read');
  for (const page of pages) {
    if (!(await mayShow(page))) return refusal('wants a page to be visited first, which may not be shown');
  }
  return reply;
}

function refusal(what: string): UpstreamReply {
  return { kind: 'error', error: { code: -32603, message: `The upstream server ${what}.` } };
}

/** The pages as questions; undefined where the error does not name any, or too many. */
function pagesIn({ data }: RemoteError, { signal }: Call): UpstreamQuestion[] | undefined {
  const pages = isJsonObject(data?.value) ? data.value.elicitations : undefined;
  if (data === undefined || !Array.isArray(pages) || pages.length === 0 || pages.length > mostPages) {
    return undefined;
  }
  const [, list = '[]'] = membersOf(data.text).find(([name]) => name === 'elicitations') ?? [];
  const texts = elementsOf(list);
  const questions = pages.map((value, index): UpstreamQuestion | undefined => {
    if (!isJsonObject(value) || value.mode !== 'url') return undefined;
    return { method: 'elicitation/create', params: { text: texts[index] ?? '{}', value }, signal };
  });
  return questions.every((question) => question !== undefined) ? questions : undefined;
}
