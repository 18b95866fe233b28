import type { BudgetLimit, CostSource } from '../model/obligation.js';
import type { SessionBudget, SessionFacts } from '../model/session.js';

/** What calls of tools that spend name their amount by. */
const amount = ['amount'];

/**
 * The budgets of a session as limits: its own and those of the sessions it was delegated from. Calls cost their price;
 * those of tools that spend (`spends`) their amount besides.
 */
export function sessionBudgets({ budgets }: SessionFacts, spends: boolean): BudgetLimit[] {
  const cost: CostSource = spends ? { kind: 'price', plus: amount } : { kind: 'price' };
  return budgets.map((budget) => limitOfBudget(budget, cost));
}

/** One of them, for what costs `cost`. */
export function limitOfBudget({ session, micros }: SessionBudget, cost: CostSource): BudgetLimit {
  return {
    kind: 'budget',
    id: `session:${session}`,
    per: [],
    maxMicros: micros,
    unit: 'USD',
    cost,
    window: 'total',
    refundOn: ['rpc_error'],
  };
}
