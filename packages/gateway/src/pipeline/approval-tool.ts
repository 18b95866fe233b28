import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { isAskedBy } from '../approvals/asked-by.js';
import { type Clock, isoTime } from '../lib/clock.js';
import { askMethod, type Hold } from '../model/hold.js';
import type { JsonObject, JsonObjectText, JsonValue } from '../model/json.js';
import type { ForwardRequest, UpstreamReply } from '../model/upstream.js';
import { createOwnTool, type OwnTool } from '../upstreams/own-tools.js';
import { keptOutcome } from './kept-outcome.js';

/** What the tool looks at. */
export interface ApprovalToolHouse {
  readonly approvals: Pick<ApprovalDesk, 'find' | 'list' | 'resultOf'>;
  readonly clock: Clock;
  /** Where people decide about a hold, where that is known. */
  readonly linkTo: (hold: string) => string | undefined;
}

const mostTold = 20;
/** Those of other sessions of the caller are among them. */
const mostLooked = 500;

const definition = {
  name: 'sallyport.check_approval',
  title: 'What became of calls that wait for a person',
  description:
    'Tells how your calls stand that a person must approve. Name one by the id that its reply had (hold_…), and get its result where the gateway has made the call itself; without an id you get the latest. It makes no call and approves nothing: a call that is approved and not made yet runs when you make exactly the same call again.',
  inputSchema: {
    type: 'object',
    properties: { id: { type: 'string', description: 'The id of the call that waits: hold_…' } },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

/** The tool by which callers learn what became of their own held calls. It changes nothing. */
export function createApprovalTool(house: () => ApprovalToolHouse): OwnTool {
  return createOwnTool(definition, async (request) => answerOf(request, house()));
}

function answerOf({ args, principal }: ForwardRequest, house: ApprovalToolHouse): UpstreamReply {
  const { tenant, id: caller } = principal;
  const id = args?.value.id;
  if (typeof id !== 'string') {
    const holds = house.approvals
      .list({ tenant, caller, limit: mostLooked })
      .filter((one) => isAskedBy(one, principal))
      .slice(0, mostTold);
    const sentences = holds.length === 0 ? ['None of your calls waits, or waited, for a person.'] : [];
    return told([...sentences, ...holds.map((hold) => sentenceOf(hold, house))], { holds: holds.map(shown) });
  }
  const hold = house.approvals.find(id);
  // That another's is there is told to nobody.
  if (hold === undefined || !isAskedBy(hold, principal))
    return told([`You have no call that waits as ${JSON.stringify(id.slice(0, 100))}.`], { isError: true });
  const kept = hold.state === 'used' ? house.approvals.resultOf(hold.id) : undefined;
  const result = kept === undefined ? undefined : resultIn(kept, hold);
  const sentences = [sentenceOf(hold, house), ...(result === undefined ? [] : [JSON.stringify(result)])];
  return told(sentences, { holds: [{ ...shown(hold), ...(result === undefined ? {} : { result }) }] });
}

function shown(hold: Hold): JsonObject {
  const { id, state, target, createdAt, until } = hold;
  return { id, state, tool: target, createdAt: isoTime(createdAt), expiresAt: isoTime(until) };
}

/** What the gateway's own call came to, as its caller gets it; it was inspected when it was kept. */
function resultIn(kept: string, { id }: Hold): JsonValue {
  const outcome = keptOutcome(kept, id);
  if (outcome.kind === 'completed') return outcome.result.value;
  if (outcome.kind === 'errored')
    return { error: { code: outcome.error.code, message: outcome.error.message } };
  return { error: { message: outcome.kind === 'refused' ? outcome.refusal.message : outcome.kind } };
}

function sentenceOf(hold: Hold, { clock, linkTo }: ApprovalToolHouse): string {
  const { id, target, state, until } = hold;
  const isPast = (state === 'pending' || state === 'approved') && until <= clock.now();
  if (!isPast && state === 'approved' && hold.method === askMethod)
    return `${id} (${target}): somebody said yes to what you asked; no call runs by that.`;
  return `${id} (${target}): ${isPast ? sentences.expired : sentences[state]}${linkFor(hold, linkTo)}`;
}

function linkFor({ id, state }: Hold, linkTo: ApprovalToolHouse['linkTo']): string {
  const link = state === 'pending' ? linkTo(id) : undefined;
  return link === undefined ? '' : ` It is decided at ${link}.`;
}

const sentences: Readonly<Record<Hold['state'], string>> = {
  pending: 'waits for a person; nothing was executed.',
  approved: 'is approved and not made yet; make exactly the same call again.',
  used: 'was approved, and the call was made.',
  denied: 'was denied; nothing was executed.',
  expired: 'was not answered, or not made, in time; nothing was executed.',
  cancelled: 'was withdrawn; nothing was executed.',
  stale: 'is about something that has changed since; nothing was executed, ask again.',
};

function told(lines: readonly string[], more: JsonObject): UpstreamReply {
  const { isError, ...structuredContent } = more;
  const value: JsonObject = {
    content: [{ type: 'text', text: lines.join('\n') }],
    ...(isError === true ? { isError } : { structuredContent }),
  };
  const result: JsonObjectText = { text: JSON.stringify(value, bigintAsText), value };
  return { kind: 'result', result };
}

/** Numbers that JSON of JavaScript cannot hold are told as text. */
function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
