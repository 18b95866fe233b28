import { bindOf } from '../../approvals/bind-of.js';
import type { Claim } from '../../approvals/claim.js';
import { claimsOf } from '../../approvals/claims-of.js';
import { canonicalJson } from '../../lib/json/canonical-json.js';
import { formatMicros } from '../../lib/micros.js';
import type { Call } from '../../model/call.js';
import type { Decision } from '../../model/decision.js';
import type { HeldRequest, HoldFacts } from '../../model/hold.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { CallRecord } from '../call-record.js';
import type { House, Snapshot } from '../house.js';
import { Suspension } from '../suspension.js';
import type { Located } from './locate-target.js';
import { wantsConfirmation } from './obtain-confirmation.js';

export interface Bearings {
  readonly located: Located;
  readonly house: House;
  readonly snapshot: Snapshot;
}

/** Nobody judges more than this, in UTF-16 units of canonical JSON; it is kept with the hold. */
const longestArguments = 65_536;

/**
 * Part of stage 4. Has a person said yes to exactly this? Uses that up; else throws a Suspension while one is asked, or a
 * Refusal. What a person said counts once: whoever makes the call again is governed again, and then comes here.
 */
export async function obtainApproval(
  decision: Decision,
  bearings: Bearings,
  record: CallRecord,
): Promise<void> {
  const { house } = bearings;
  const { call } = record;
  const { rule, detail, reason, obligations } = decision;
  const claim = await claimFor(house, holdFactsOf(call, decision, bearings), {
    callId: call.id,
    wanted: obligations?.approvals ?? [],
    carries: call.carries,
    edited: call.edited,
  });
  switch (claim.kind) {
    case 'approved':
      record.approved = claim.hold;
      return;
    case 'standing':
      record.approved = claim.standing;
      return;
    case 'waiting':
      throw new Suspension(claim.hold);
    case 'done':
      throw new Suspension(claim.hold, claim.result);
    case 'denied':
      throw new Refusal(
        'approval_denied',
        `${reason} A person was asked and said no. The call was not sent.`,
        {
          rule,
          detail: `${claim.hold.id} was denied by ${claim.hold.votes.at(-1)?.by ?? 'somebody'}`,
        },
      );
    case 'changed':
      throw approvalChanged(decision, call);
    case 'full': {
      const message = `${reason} Too many calls wait for a person already, so the call was not sent.`;
      throw new Refusal('approval_unavailable', message, { rule, detail, retryAfterSeconds: 60 });
    }
  }
}

export function approvalChanged({ rule }: Decision, { carries, edited }: Call): Refusal {
  return new Refusal(
    'approval_expired',
    'What was approved is not what this call would do now. The call was not sent; ask for it again.',
    {
      rule,
      detail: `hold ${carries ?? edited?.hold} is not about this call any more, or its answer is not enough`,
    },
  );
}

async function claimFor(
  house: House,
  facts: Omit<HoldFacts, 'terms'>,
  ask: Parameters<House['approvals']['claim']>[1],
): Promise<Claim> {
  try {
    return await house.approvals.claim(facts, ask);
  } catch (cause) {
    throw new Refusal(
      'approval_unavailable',
      'A person must approve this call, and that cannot be asked or looked up at the moment. The call was not sent.',
      { retryAfterSeconds: 5, detail: cause instanceof Error ? cause.message : String(cause) },
    );
  }
}

function holdFactsOf(
  call: Call,
  decision: Decision,
  { located: { target }, house, snapshot }: Bearings,
): Omit<HoldFacts, 'terms'> {
  const { principal, method } = call;
  const value = call.args?.value ?? {};
  const canonical = canonicalJson(value);
  const args = house.redactor.redact(canonical);
  if (args.length > longestArguments) {
    throw new Refusal(
      'approval_unavailable',
      `A person must approve this call, and nobody can judge arguments of more than ${longestArguments} characters. The call was not sent.`,
      { rule: decision.rule },
    );
  }
  const price = snapshot.priceOf(target, call.at);
  return {
    bind: bindingOf(call, target, snapshot),
    scope: bindingOf({ ...call, args: undefined }, target, snapshot),
    ...(wantsConfirmation(decision, call) ? { confirmed: true } : {}),
    tenant: principal.tenant,
    caller: principal.id,
    credential: principal.credential,
    owner: principal.labels.owner,
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
    ...(principal.session === undefined ? {} : { session: principal.session.id }),
    ...(price === undefined ? {} : { cost: formatMicros(price) }),
    ...(args === canonical ? { request: requestOf(call) } : {}),
  };
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
