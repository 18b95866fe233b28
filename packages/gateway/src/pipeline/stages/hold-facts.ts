import { bindOf } from '../../approvals/bind-of.js';
import { claimsOf } from '../../approvals/claims-of.js';
import { canonicalJson } from '../../lib/json/canonical-json.js';
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
    ...(isWhole ? { request: requestOf(call) } : {}),
  };
}

/** Canonical text without known secrets, and whether there were none. Throws a Refusal for more than anybody can judge. */
export function judgeable(value: JsonObject, { redactor }: Pick<House, 'redactor'>, rule?: string) {
  const canonical = canonicalJson(value);
  const args = redactor.redact(canonical);
  if (args.length <= longestArguments) return { args, isWhole: args === canonical };
  throw new Refusal(
    'approval_unavailable',
    `A person must approve this call, and nobody can judge arguments of more than ${longestArguments} characters. The call was not sent.`,
    { rule },
  );
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

function requestOf(call: Call): HeldRequest {
  const { endpoint, kind, target, args, arrival } = call;
  const more = asksFor(call);
  return {
    endpoint,
    kind,
    target,
    args: args?.text,
    ...(more === undefined ? {} : { more: [...more] }),
    revision: arrival.revision,
  };
}
