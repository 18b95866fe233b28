import type { Claim } from '../../approvals/claim.js';
import type { Call } from '../../model/call.js';
import type { Decision } from '../../model/decision.js';
import type { HoldFacts } from '../../model/hold.js';
import { Refusal } from '../../model/refusal.js';
import type { CallRecord } from '../call-record.js';
import type { House } from '../house.js';
import { Suspension } from '../suspension.js';
import { type Bearings, holdFactsOf } from './hold-facts.js';

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
