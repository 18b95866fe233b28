import { valueAt } from '../lib/json/value-at.js';
import { microsOf, mostMicros } from '../lib/micros.js';
import type { JsonValue } from '../model/json.js';
import type { BudgetLimit } from '../model/obligation.js';
import type { LimitSubject } from './limit-scope.js';

/** What a call is taken to cost before it runs, in micro-units; a sentence where that cannot be told. */
export function costBefore({ id, cost }: BudgetLimit, { args, priceMicros }: LimitSubject): bigint | string {
  if (cost.kind === 'fixed') return cost.micros;
  if (cost.kind === 'price') return priceMicros ?? 0n;
  if (cost.kind === 'result') return cost.reserveMicros;
  const place = cost.path.join('.');
  const value = valueAt(args, cost.path);
  if (value === undefined && cost.optional === true) return 0n;
  const micros = amountIn(value);
  if (micros !== undefined) return micros;
  const found = value === undefined ? 'is missing' : 'is no plain amount';
  return `The budget "${id}" counts the argument "${place}", which ${found}; it must be a number from 0 up, or such a number as decimal text.`;
}

/**
 * What the result says that the call cost; undefined where it says nothing that can be read. More than an amount can be
 * counts as the most there is: else naming too much would cost no more than what was reserved.
 */
export function costAfter({ cost }: BudgetLimit, result: JsonValue | undefined): bigint | undefined {
  if (cost.kind !== 'result') return undefined;
  const value = valueAt(result, cost.path);
  const most = Number(mostMicros) / 1_000_000;
  return amountIn(value) ?? (typeof value !== 'object' && Number(value) > most ? mostMicros : undefined);
}

function amountIn(value: JsonValue | undefined): bigint | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
  return microsOf(value);
}
