import type { Decision } from '../../model/decision.js';
import { Refusal } from '../../model/refusal.js';
import type { CallRecord } from '../call-record.js';
import type { Bearings } from './hold-facts.js';
import { locateTarget } from './locate-target.js';

/**
 * While a call waited for its turn, or for its user, a schedule may have closed, the policy, the tool or its server
 * changed or the caller's key been taken away; what is not allowed now is not sent. Nor is what would run by an approval,
 * limits or a credential that belong to what was: that is to be tried again, and governed as it is now.
 */
export async function refuseIfChanged(bearings: Bearings, record: CallRecord): Promise<void> {
  const { house } = bearings;
  if (!house.isCurrent(record.call.principal)) {
    const message = 'The credential of this call is not valid any more. The call was not sent.';
    throw new Refusal('denied', message, { detail: 'the credential ended while the call waited' });
  }
  refuseOtherTarget(bearings, record);
  const before = record.decision;
  const now = await decideNow(bearings, record);
  const isAllowed = now.effect === 'allow' || (now.effect === 'ask' && before?.effect === 'ask');
  if (isAllowed && before !== undefined && wants(now) === wants(before)) return;
  record.decision = now;
  if (!isAllowed) throw new Refusal('denied', now.reason, { rule: now.rule, detail: now.detail });
  const message = 'The rules about this call changed while it waited. The call was not sent; make it again.';
  throw new Refusal('denied', message, { rule: now.rule, retryAfterSeconds: 1 });
}

function refuseOtherTarget({ located, house, snapshot }: Bearings, { call }: CallRecord): void {
  const { target, fault } = locateTarget(call, house);
  if (fault !== undefined) throw new Refusal(fault.code, fault.message);
  const { upstream, name, digest } = located.target;
  const isSame =
    target.upstream === upstream &&
    target.name === name &&
    target.digest === digest &&
    house.snapshot().upstreamDigestOf(upstream) === snapshot.upstreamDigestOf(upstream);
  if (isSame) return;
  const message =
    'What this call is for, or its server, changed while it waited. The call was not sent; make it again.';
  throw new Refusal('target_changed', message, { retryAfterSeconds: 1 });
}

function decideNow({ located, house }: Bearings, { call }: CallRecord): Decision | Promise<Decision> {
  const { method, principal, id: callId } = call;
  const about = { method, principal, callId, target: located.target, at: house.clock.now() };
  return house.snapshot().decide({ ...about, action: 'call', args: call.args?.value ?? {} });
}

/** Under which rules, and what they want of people; their sentences may tell of the moment. */
function wants({ revision, effect, obligations }: Decision): string {
  const approvals = obligations?.approvals?.map(({ reason: _reason, ...terms }) => terms) ?? [];
  const confirmations = obligations?.confirmations?.map(({ rule }) => rule) ?? [];
  return JSON.stringify([revision, effect, approvals, confirmations]);
}
