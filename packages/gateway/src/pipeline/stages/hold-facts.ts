import { bindOf } from '../../approvals/bind-of.js';
import { claimsOf } from '../../approvals/claims-of.js';
import { canonicalJson } from '../../lib/json/canonical-json.js';
import { withoutBlanks } from '../../lib/json/members.js';
import { formatMicros } from '../../lib/micros.js';
import type { Call } from '../../model/call.js';
import type { Decision } from '../../model/decision.js';
import type { HeldRequest, HoldFacts } from '../../model/hold.js';
import type { JsonObject } from '../../model/json.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { House, Snapshot } from '../house.js';
import type { Located } from './locate-target.js';
import { wantsConfirmation } from './obtain-confirmation.js';

export interface Bearings {
  readonly located: Located;
  readonly house: House;
  readonly snapshot: Snapshot;
}

/** Nobody judges more than this, in UTF-16 units of canonical JSON; it is kept with the hold. */
const longestArguments = 65_536;
/** The same as it may have been written, and all else that is kept of a call: any character can take an escape. */
const longestRequest = 6 * longestArguments;

/** What a hold of this call is about. Throws a Refusal for more than anybody can judge. */
export function holdFactsOf(
  call: Call,
  decision: Decision,
  { located: { target }, house, snapshot }: Bearings,
): Omit<HoldFacts, 'terms'> {
  const { method } = call;
  const { args, isWhole } = judgeable(call.args?.value ?? {}, house, decision.rule);
  const price = snapshot.priceOf(target, call.at);
  return {
    bind: bindingOf(call, target, snapshot),
    scope: bindingOf({ ...call, args: undefined }, target, snapshot),
    ...(wantsConfirmation(decision, call) ? { confirmed: true } : {}),
    ...askerOf(call),
    admission: house.admissionOf(call.principal),
    upstream: target.upstream,
    method,
    target: target.exposedName,
    definitionDigest: target.digest,
    ...snapshot.aboutUpstream(target.upstream),
    claims: claimsOf(target),
    args,
    rule: decision.rule,
    edits: call.edited?.hold,
    policyRevision: decision.revision,
    reason: house.redactor.redact(reasonOf(decision)),
    ...(price === undefined ? {} : { cost: formatMicros(price) }),
    ...(isWhole ? { request: requestOf(call, decision) } : {}),
  };
}

/** Canonical text without known secrets, and whether there were none. Throws a Refusal for more than anybody can judge. */
export function judgeable(value: JsonObject, { redactor }: Pick<House, 'redactor'>, rule?: string) {
  const canonical = canonicalJson(value);
  const args = redactor.redact(canonical);
  if (args.length <= longestArguments) return { args, isWhole: args === canonical };
  throw unjudgeable(`arguments of more than ${longestArguments} characters`, rule);
}

function unjudgeable(what: string, rule: string | undefined): Refusal {
  const message = `A person must approve this call, and nobody can judge ${what}. The call was not sent.`;
  return new Refusal('approval_unavailable', message, { rule });
}

/** Who asks. */
export function askerOf({ principal }: Call) {
  const { tenant, id: caller, credential, labels, session } = principal;
  const owner = { owner: labels.owner };
  const within = session === undefined ? {} : { session: session.id, agent: session.agent };
  return { tenant, caller, credential, ...owner, ...within };
}

function bindingOf(call: Call, target: Target, snapshot: Snapshot): string {
  const { principal, method, args } = call;
  const upstreamDigest = snapshot.upstreamDigestOf(target.upstream);
  return bindOf({ principal, target, method, args: args?.value ?? {}, more: asksFor(call), upstreamDigest });
}

/** Whether the caller's own user confirmed exactly this call when its hold was made. */
export function isConfirmed(
  call: Call,
  { revision }: Decision,
  { located, house, snapshot }: Bearings,
): boolean {
  return house.approvals.isConfirmed(bindingOf(call, located.target, snapshot), revision);
}

/** What the rules say to the person; the decision's own sentence is for the caller. */
function reasonOf({ reason, obligations }: Decision): string {
  const reasons = obligations?.approvals?.flatMap((wanted) => wanted.reason ?? []) ?? [];
  return reasons.length === 0 ? reason : [...new Set(reasons)].join(' ');
}

/** That the caller would like a task is no part of what is asked for, and tasks of held calls are the gateway's own. */
function asksFor({ more }: Call): Call['more'] {
  const rest = [...(more ?? [])].filter(([name]) => name !== 'task');
  return rest.length === 0 ? undefined : new Map(rest);
}

/** Kept without blanks. Throws a Refusal for more than is kept. */
function requestOf(call: Call, { rule }: Decision): HeldRequest {
  const { endpoint, kind, target, args, arrival } = call;
  const text = args === undefined ? undefined : withoutBlanks(args.text);
  const more = [...(asksFor(call) ?? [])].map(([name, one]) => [name, withoutBlanks(one)] as const);
  const length = more.reduce((sum, [name, one]) => sum + name.length + one.length, text?.length ?? 0);
  if (length > longestRequest)
    throw unjudgeable(`one that takes more than ${longestRequest} characters`, rule);
  return {
    endpoint,
    kind,
    target,
    args: text,
    ...(more.length === 0 ? {} : { more }),
    revision: arrival.revision,
  };
}
