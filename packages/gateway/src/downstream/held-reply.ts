import { isoTime } from '../lib/clock.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Suspended } from '../model/outcome.js';
import type { Era } from '../model/revisions.js';
import type { ServerInfo } from './face-options.js';
import { serverMeta } from './modern-result.js';
import { errorReply, type Reply, resultReply } from './reply.js';
import { holdKey } from './result-in-era.js';

export interface HeldAsker {
  readonly era: Era;
  readonly serverInfo: ServerInfo;
  /** Whether a result that only says that the call is held is marked as an error. */
  readonly heldIsError?: boolean;
  /** Where people decide about the hold. */
  readonly page?: string | undefined;
}

/** What REST would answer; errors of the gateway's own are outside the range that JSON-RPC reserves. */
const accepted = 202;

/**
 * Says that nothing was done yet, or that the gateway is at it, and how the call goes on. A tool's result is no error
 * unless the asker wants that, for models take errors for a no; what is no tool has only errors to say it with.
 */
export function heldReply(
  { hold, callId }: Suspended,
  { kind }: Pick<Call, 'kind'>,
  asker: HeldAsker,
): Reply {
  const isUsed = hold.state === 'used';
  const message = isUsed ? underWay(hold) : notExecuted(hold, asker.page);
  const data = {
    id: hold.id,
    state: hold.state,
    // How far a call under way has come is not known.
    ...(isUsed ? {} : { executed: false }),
    expiresAt: isoTime(hold.until),
    decisionId: callId,
    ...(isUsed ? {} : { page: asker.page }),
  };
  const _meta = { [holdKey]: data };
  if (kind !== 'tool') return errorReply({ code: accepted, message, data: JSON.stringify(_meta) });
  const result = { content: [{ type: 'text', text: message }], isError: asker.heldIsError === true };
  if (asker.era === 'legacy') return resultReply(JSON.stringify({ ...result, _meta }));
  const meta = { ..._meta, ...serverMeta(asker.serverInfo) };
  return resultReply(JSON.stringify({ resultType: 'complete', ...result, _meta: meta }));
}

function notExecuted({ id, reason }: Hold, page: string | undefined): string {
  const where = page === undefined ? '' : ` It is decided at ${page}.`;
  return (
    `Not executed: a person must approve this first. ${reason} ` +
    `The request waits as ${id}; make exactly the same call again later, and it runs once it is approved.${where}`
  );
}

function underWay({ id }: Hold): string {
  return (
    `Approved, and under way as ${id}: Sallyport makes this call itself. ` +
    'Make exactly the same call again later for its result; it is not made twice for that.'
  );
}
