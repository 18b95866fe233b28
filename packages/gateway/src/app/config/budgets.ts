import type { BudgetLimit } from '../../model/obligation.js';
import type { EffectiveConfig } from './effective-config.js';
import { policySpecOf } from './policy-spec.js';

/** The budgets that the rules of a configuration bring, by id. */
export function budgetsOf(config: EffectiveConfig): ReadonlyMap<string, BudgetLimit> {
  const limits = policySpecOf(config).rules.flatMap((rule) => rule.limits ?? []);
  return new Map(limits.flatMap((limit) => (limit.kind === 'budget' ? [[limit.id, limit] as const] : [])));
}
