import { sessionBudgets } from '../../limits/session-budgets.js';
import type { Call } from '../../model/call.js';
import type { Decision } from '../../model/decision.js';
import type { Limit } from '../../model/obligation.js';
import type { Permit } from '../../model/permit.js';
import { Refusal } from '../../model/refusal.js';
import type { CallRecord } from '../call-record.js';
import { admit } from './admit.js';
import { checkScope } from './check-session.js';
import { type Bearings, isConfirmed } from './hold-facts.js';
import { approvalChanged, obtainApproval } from './obtain-approval.js';
import { obtainConfirmation, wantsConfirmation } from './obtain-confirmation.js';
import { refuseIfChanged } from './refuse-if-changed.js';
import { refuseStopped } from './refuse-stopped.js';

/**
 * Stage 4. Has a person said yes where one must, is there room for it, and is that on record? The only maker of permits.
 * Invariant: a permit exists only after the record of the decision, with what it reserved, is durable.
 */
export async function obtainPermit(
  decision: Decision,
  bearings: Bearings,
  record: CallRecord,
): Promise<Permit> {
  const { located, house } = bearings;
  record.decision = decision;
  const { effect, reason, rule, detail } = decision;
  if (effect !== 'allow' && effect !== 'ask') throw new Refusal('denied', reason, { rule, detail });
  // Without a claim nothing would use the approval up, and the call could be made on it again.
  if (record.call.carries !== undefined && effect !== 'ask') throw approvalChanged(decision, record.call);
  checkScope(record.call, located.target, bearings.snapshot);
  if (located.fault !== undefined) throw new Refusal(located.fault.code, located.fault.message);
  if (wantsConfirmation(decision, record.call)) await confirm(decision, bearings, record);
  if (effect === 'ask') {
    await obtainApproval(decision, bearings, record);
    house.snapshot().history?.began(record.call.principal, located.target, record.call.at);
  }
  record.priceMicros = priceFor(record.call, bearings);
  const limits = limitsFor(decision, bearings, record.call);
  if (limits.length > 0) {
    const { call, priceMicros } = record;
    const { admission, waited } = await admit(limits, { call, target: located.target, house, priceMicros });
    record.admission = admission;
    if (waited) await refuseIfChanged(bearings, record);
  }
  refuseStopped(record.call.principal, located.target, house);
  await record.commitDecision();
  const facts = {
    callId: record.call.id,
    upstream: located.target.upstream,
    kind: located.target.kind,
    name: located.target.name,
    isApproved: record.approved !== undefined,
  };
  return facts as Permit;
}

/** Asks the caller's own user; not again for a call that waits for a person, or waited. */
async function confirm(decision: Decision, bearings: Bearings, record: CallRecord): Promise<void> {
  const { located, house } = bearings;
  const { call } = record;
  if (decision.effect === 'ask' && isConfirmed(call, decision, bearings)) return;
  await obtainConfirmation({ call, decision, located, house });
  await refuseIfChanged(bearings, record);
}

/** What is on record whether a budget counts it or not. The call that began a task has paid for what follows. */
function priceFor({ task, at }: Call, { located, house }: Bearings): bigint | undefined {
  const price = task === undefined ? house.snapshot().priceOf(located.target, at) : undefined;
  return price === 0n ? undefined : price;
}

/** Those of the rules and the budgets of the caller's session: one turn takes from all of them. */
function limitsFor(
  { obligations }: Decision,
  { located, snapshot }: Bearings,
  { principal, task }: Call,
): readonly Limit[] {
  // The call that began the task has paid; asking how it goes is how its result is fetched.
  if (task !== undefined) return [];
  const limits = obligations?.limits ?? [];
  const { session } = principal;
  if (session === undefined || session.budgets.length === 0) return limits;
  const spends = snapshot.sessions.scopesFor(located.target).includes('spend');
  return [...limits, ...sessionBudgets(session, spends)];
}
