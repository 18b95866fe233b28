import type { Decision } from '../../model/decision.js';
import type { Permit } from '../../model/permit.js';
import { Refusal } from '../../model/refusal.js';
import type { CallRecord } from '../call-record.js';
import type { Located } from './locate-target.js';

/**
 * Stage 4. Is it allowed, and is that on record? The only maker of permits.
 * Invariant: a permit exists only after the record of the decision is durable.
 */
export async function obtainPermit(
  decision: Decision,
  located: Located,
  record: CallRecord,
): Promise<Permit> {
  record.decision = decision;
  if (decision.effect !== 'allow') {
    throw new Refusal('denied', decision.reason, { rule: decision.rule, detail: decision.detail });
  }
  if (located.argumentFault !== undefined) throw new Refusal('invalid_arguments', located.argumentFault);
  await record.commitDecision();
  const facts = {
    callId: record.call.id,
    upstream: located.target.upstream,
    kind: located.target.kind,
    name: located.target.name,
  };
  return facts as Permit;
}
