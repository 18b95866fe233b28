import type { Decision } from '../../model/decision.js';
import type { Permit } from '../../model/permit.js';
import { Refusal } from '../../model/refusal.js';
import type { CallRecord } from '../call-record.js';
import type { Target } from './locate-target.js';

/**
 * Stage 4. Is it allowed, and is that on record? The only maker of permits.
 * Invariant: a permit exists only after the record of the decision is durable.
 */
export async function obtainPermit(decision: Decision, target: Target, record: CallRecord): Promise<Permit> {
  record.decision = decision;
  if (decision.effect !== 'allow') {
    throw new Refusal('denied', decision.reason, { rule: decision.rule, detail: decision.detail });
  }
  if (target.argumentFault !== undefined) throw new Refusal('invalid_arguments', target.argumentFault);
  await record.commitDecision();
  const facts = { callId: record.call.id, upstream: target.tool.upstream, tool: target.tool.name };
  return facts as Permit;
}
