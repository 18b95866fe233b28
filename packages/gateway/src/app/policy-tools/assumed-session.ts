import { ScopeTable } from '../../identity/scope-table.js';
import { readWish, type SessionWish } from '../../identity/session-wish.js';
import { formatMicros } from '../../lib/micros.js';
import { costBefore } from '../../limits/call-cost.js';
import { PriceTable } from '../../limits/price-table.js';
import { sessionBudgets } from '../../limits/session-budgets.js';
import type { RefusalCode } from '../../model/refusal.js';
import { holdsScope, type SessionFacts, type SessionScope } from '../../model/session.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { pricesOf } from '../config/prices.js';
import type { TrialCall } from './policy-bench.js';

/** Nobody's. */
const id = 'sn_assumed';

/** A session that nobody made, to ask about calls in it. Throws SessionFault for one that cannot be. */
export function assumedSession({ agent = 'assumed', ...more }: Partial<SessionWish>): SessionFacts {
  const { scopes, labels, budgetMicros: micros } = readWish({ ...more, agent }, true);
  const budgets = micros === undefined ? [] : [{ session: id, micros }];
  return { id, root: id, agent, scopes, labels, budgets };
}

/** What its session says of a call that the rules let pass. */
export interface SessionAnswer {
  readonly scopes: readonly SessionScope[];
  /** The scopes of which it needs one. */
  readonly needs: readonly SessionScope[];
  /** What the call costs, and the budget, in dollars; absent where the session has none. */
  readonly cost?: string;
  readonly budget?: string;
  /** Present where the call is refused whatever the rules say. */
  readonly refused?: RefusalCode;
  readonly detail?: string;
}

export function sessionAnswer(
  { target, principal, args, at }: TrialCall,
  config: EffectiveConfig,
): SessionAnswer | undefined {
  const { session } = principal;
  if (session === undefined) return undefined;
  const needs = new ScopeTable(config.sessions.scopes).neededFor(target);
  const told = { scopes: session.scopes, needs };
  if (!holdsScope(session.scopes, needs)) return { ...told, refused: 'scope_missing' };
  const [limit] = sessionBudgets(session, needs.includes('spend'));
  if (limit === undefined) return told;
  const priceMicros = new PriceTable(pricesOf(config)).priceOf(target, at);
  const { upstream, exposedName } = target;
  const cost = costBefore(limit, { principal, upstream, target: exposedName, args, priceMicros });
  const budget = formatMicros(limit.maxMicros);
  if (typeof cost === 'string') return { ...told, budget, refused: 'invalid_arguments', detail: cost };
  const afforded = { ...told, budget, cost: formatMicros(cost) };
  return cost <= limit.maxMicros ? afforded : { ...afforded, refused: 'budget_exhausted' };
}
