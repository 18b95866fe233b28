import type { Call } from '../model/call.js';
import type { JsonObject } from '../model/json.js';
import type { Limit } from '../model/obligation.js';
import type { Target } from '../model/target.js';
import type { House } from './house.js';
import { QuestionFault } from './question-check.js';

/** The question of an upstream that is counted; `target` is that of its call. */
export interface CountedQuestion {
  readonly call: Call;
  readonly target: Target;
  readonly params: JsonObject;
  readonly house: Pick<House, 'limits'>;
}

/**
 * Takes room for the question in the limits that go with its decision; throws QuestionFault where there is none. Nothing
 * waits for its turn here, and nothing is charged: what a budget would have to pay for is not put.
 */
export function keepToLimits(
  limits: readonly Limit[],
  { call, target, params, house }: CountedQuestion,
): void {
  const budget = limits.find(({ kind }) => kind === 'budget');
  if (budget !== undefined) {
    const detail = `the budget "${budget.id}" cannot be charged for a question`;
    throw new QuestionFault('limited', 'A budget of the gateway stands against the question.', detail);
  }
  // Its call is in progress, and counted, while the question is.
  const counted = limits.filter(({ kind }) => kind !== 'concurrency');
  const outcome = house.limits.admit(counted, {
    principal: call.principal,
    session: call.arrival.session,
    upstream: target.upstream,
    target: target.name,
    args: params,
  });
  if (outcome.kind === 'refused') throw new QuestionFault('limited', outcome.message);
}
