import { bindOf } from '../approvals/bind-of.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import type { Call } from '../model/call.js';
import type { Decision } from '../model/decision.js';
import { type AskedBeforehand, askMethod, type Hold, type HoldFacts } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import type { Target } from '../model/target.js';
import { CallRecord } from './call-record.js';
import type { House, Snapshot } from './house.js';
import { checkScope, checkSession } from './stages/check-session.js';
import { askerOf, holdFactsOf, judgeable } from './stages/hold-facts.js';
import { type Located, locateTarget } from './stages/locate-target.js';
import { refuseStoppedCaller } from './stages/refuse-stopped.js';
import { Suspension } from './suspension.js';

export interface ApprovalWish extends AskedBeforehand {
  /** As the caller wrote it: of a tool that it may not know nothing else is told. */
  readonly tool: string;
  /** What else people are to see; only where the call is not named whole. */
  readonly details?: JsonObject | undefined;
  /** How long people shall have at most. */
  readonly longestMs: number;
}

/**
 * Asks people before a call is made. With arguments it is the hold that the call would make: a yes is for exactly that
 * call, once. Without, or where no rule asks about the call, it is a question to people whose answer opens nothing.
 * Ends `suspended` with the hold as it stands, also where somebody has answered; never rejects, and never forwards.
 */
export type RequestApproval = (call: Call, wish: ApprovalWish) => Promise<Outcome>;

export function createRequestApproval(house: House): RequestApproval {
  return async function requestApproval(call, wish) {
    const snapshot = house.snapshot();
    const asking = call.args === undefined ? questionOf(call, wish) : call;
    const record = new CallRecord(asking, house);
    try {
      refuseStoppedCaller(call.principal, house);
      checkSession(call, { house, snapshot });
      const judged = await judge(call, record, { house, snapshot });
      throw new Suspension(await askPeople(call, wish, { judged, house, snapshot }));
    } catch (cause) {
      return await record.close(cause);
    }
  };
}

interface Rooms {
  readonly house: House;
  readonly snapshot: Snapshot;
}

/** A tool that the caller may know, and what the rules say of it. */
interface Judged {
  readonly located: Located;
  readonly decision: Decision;
}

/** The request as it is recorded where it names no call whole. */
function questionOf(call: Call, wish: ApprovalWish): Call {
  const value = wordsOf(call, wish);
  return { ...call, method: askMethod, args: { value, text: canonicalJson(value) } };
}

/** Undefined for what is no tool here, as far as the caller may know. Throws a Refusal for what no yes could open. */
async function judge(
  call: Call,
  record: CallRecord,
  { house, snapshot }: Rooms,
): Promise<Judged | undefined> {
  const isWhole = call.args !== undefined;
  if (!isWhole && house.upstreams.locate(call.endpoint, 'tool', call.target) === undefined) return undefined;
  const located = locateTarget(call, house);
  const { target } = located;
  const fault = isWhole || located.fault?.code !== 'invalid_arguments' ? located.fault : undefined;
  const about = {
    method: call.method,
    principal: call.principal,
    target,
    at: call.at,
    callId: call.id,
  };
  const decision =
    isWhole && fault === undefined
      ? await snapshot.decide({ ...about, action: 'call', args: call.args?.value ?? {} })
      : snapshot.decide({ ...about, action: 'list' });
  if (!isWhole && decision.effect === 'hide') return undefined;
  record.target = target;
  record.decision = decision;
  const { effect, reason, rule, detail } = decision;
  if (effect === 'deny' || effect === 'hide') throw new Refusal('denied', reason, { rule, detail });
  checkScope(call, target, snapshot);
  if (fault !== undefined) throw new Refusal(fault.code, fault.message);
  return { located, decision };
}

interface Asking extends Rooms {
  readonly judged: Judged | undefined;
}

async function askPeople(call: Call, wish: ApprovalWish, { judged, ...rooms }: Asking): Promise<Hold> {
  const { house } = rooms;
  const { amount, longestMs } = wish;
  const redact = (text: string) => house.redactor.redact(text);
  const asked = { action: redact(wish.action), amount, reason: redact(wish.reason) };
  const facts =
    call.args !== undefined && judged?.decision.effect === 'ask'
      ? callFacts(call, judged, rooms)
      : questionFacts(call, wish, { judged, ...rooms });
  const wanted = judged?.decision.obligations?.approvals ?? [];
  const hold = await opened(house, { ...facts, asked }, { wanted, longestMs });
  if (hold !== 'full') return hold;
  const message = 'Too many calls wait for a person already, so nobody was asked.';
  throw new Refusal('approval_unavailable', message, { retryAfterSeconds: 60 });
}

/** The user at the client has confirmed nothing yet. */
function callFacts(call: Call, { located, decision }: Judged, rooms: Rooms): Omit<HoldFacts, 'terms'> {
  const { confirmed: _unasked, ...facts } = holdFactsOf(call, decision, { located, ...rooms });
  return facts;
}

/** Its binding is that of no call, so no call can use a yes to it. */
function questionFacts(
  call: Call,
  wish: ApprovalWish,
  { judged, house, snapshot }: Asking,
): Omit<HoldFacts, 'terms'> {
  const words = wordsOf(call, wish);
  const target = judged?.located.target ?? nothingHere(house.redactor.redact(wish.tool));
  const upstreamDigest = judged === undefined ? '' : snapshot.upstreamDigestOf(target.upstream);
  const { principal } = call;
  const { effect, rule, revision = '' } = judged?.decision ?? {};
  return {
    bind: bindOf({ principal, target, method: askMethod, args: words, upstreamDigest }),
    ...askerOf(call),
    upstream: target.upstream,
    method: askMethod,
    target: target.exposedName,
    definitionDigest: target.digest,
    ...(judged === undefined ? {} : { address: snapshot.aboutUpstream(target.upstream).address }),
    args: judgeable(words, house).args,
    // One that allows the call wants nobody asked.
    rule: effect === 'ask' ? rule : undefined,
    policyRevision: revision,
    reason: judged === undefined ? `${opensNothing} It names no tool of this gateway.` : opensNothing,
  };
}

const opensNothing = 'The caller asks before it acts. It is told the answer; a yes lets no call run.';

function nothingHere(name: string): Target {
  return { kind: 'method', exposedName: name, upstream: '', name };
}

/** Everything that the caller says, for people to see. */
function wordsOf({ args }: Call, { action, amount, reason, details }: ApprovalWish): JsonObject {
  return {
    ...(action === '' ? {} : { action }),
    amount,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    ...(args === undefined ? {} : { arguments: args.value }),
  };
}

async function opened(
  house: House,
  facts: Omit<HoldFacts, 'terms'>,
  opening: Parameters<House['approvals']['ask']>[1],
): Promise<Hold | 'full'> {
  try {
    return await house.approvals.ask(facts, opening);
  } catch (cause) {
    throw new Refusal('approval_unavailable', 'Nobody can be asked at the moment.', {
      retryAfterSeconds: 5,
      detail: cause instanceof Error ? cause.message : String(cause),
    });
  }
}
