import { Cancellation } from '../lib/cancellation.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Hold } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { Suspended } from '../model/outcome.js';
import type { RemoteError } from '../model/remote-error.js';
import { modernRevision } from '../model/revisions.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import type { InputResponses } from './input-responses.js';
import { holdKey } from './result-in-era.js';

/** The page of a hold, that a client may be asked to open. It decides nothing but who opens it. */
export interface HeldPage {
  readonly hold: Hold;
  readonly url: string;
}

/** Under which name a modern client answers whether it opens the page. */
const pageKey = 'approval';

/** What a client said to the page: `unclear` where it said nothing, or what is no answer to that. */
export type PageAnswer = 'accept' | 'decline' | 'cancel' | 'unclear';

/** Legacy clients know pages since 2025-11-25; a capability without a kind means forms only. */
export function opensPages({ client, arrival }: Call): boolean {
  if (arrival.revision !== modernRevision && arrival.revision !== '2025-11-25') return false;
  const { elicitation } = parseJson(client.capabilities).value as JsonObject;
  return isJsonObject(elicitation) && isJsonObject(elicitation.url);
}

/** The `inputRequests` of a modern result, as JSON text. */
export function pageRequest(page: HeldPage): string {
  return JSON.stringify({ [pageKey]: { method: 'elicitation/create', params: paramsOf(page) } });
}

/** What came back for the page, and whether anything else came that only somebody would send who means to approve. */
export function readPageAnswer(responses: InputResponses): { answer: PageAnswer; tries: boolean } {
  const given = responses.get(pageKey);
  const tries = [...responses].some(([key, { value }]) => key !== pageKey || Object.hasOwn(value, 'content'));
  return { answer: answerIn(given?.value), tries };
}

/** A client that was asked to open a page while its call waits. */
export interface Invitation {
  /** Aborts when the client wants to wait no more: it declined, or gave up the call. */
  readonly signal: CancelSignal;
  /** The page is of no use any more. */
  end(): void;
}

/** Asks a legacy client to open the page; `onTry` hears of answers that only somebody sends who means to approve. */
export function invite(page: HeldPage, { signal, ask }: Call, onTry: () => void): Invitation {
  const declined = new Cancellation();
  const stop = (): void => declined.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const withdrawn = new Cancellation();
  const params = { ...paramsOf(page), elicitationId: page.hold.id };
  const question = { text: JSON.stringify(params), value: params };
  const answered = ask?.({ method: 'elicitation/create', params: question, signal: withdrawn });
  // Whoever cannot be asked waits like all others.
  const unasked = (): void => undefined;
  void answered?.then((given) => {
    const value = given.kind === 'result' ? given.result.value : undefined;
    if (value !== undefined && Object.hasOwn(value, 'content')) onTry();
    if (answerIn(value) === 'decline') stop();
  }, unasked);
  return {
    signal: declined,
    end() {
      signal.removeEventListener('abort', stop);
      withdrawn.abort();
    },
  };
}

/** The error by which a client of 2025-11-25 learns that a page comes first; the call is to be made again then. */
export function pageRequired(page: HeldPage, { hold, callId }: Suspended): RemoteError {
  const elicitation = { ...paramsOf(page), elicitationId: hold.id };
  const held = { id: hold.id, state: hold.state, executed: false, decisionId: callId };
  const data = { elicitations: [elicitation], [holdKey]: held };
  return { code: -32042, message: elicitation.message, data: parseJson(JSON.stringify(data)) };
}

/** What clients that were asked to open the page are told once somebody has answered there, or elsewhere. */
export function pageAnswered({
  id,
  state,
  tenant,
  caller,
  upstream,
  decidedAt,
  usedAt,
}: Hold): UpstreamNews | undefined {
  // A yes to other arguments is used up by the answer itself.
  const isAnswered = state === 'approved' || state === 'denied' || (state === 'used' && usedAt === decidedAt);
  if (!isAnswered) return undefined;
  const params = JSON.stringify({ elicitationId: id });
  const owner = { tenant, principal: caller };
  return { upstream, owner, method: 'notifications/elicitation/complete', params };
}

function paramsOf({ hold, url }: HeldPage) {
  const message = `Not executed: a person must approve this call first (${hold.id}). ${hold.reason} The page says what is asked; whether you may answer is looked at there.`;
  return { mode: 'url', message, url };
}

function answerIn(value: JsonObject | undefined): PageAnswer {
  const { action } = value ?? {};
  return action === 'accept' || action === 'decline' || action === 'cancel' ? action : 'unclear';
}
