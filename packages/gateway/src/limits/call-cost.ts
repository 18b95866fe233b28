import { valueAt } from '../lib/json/value-at.js';
import { microsOf, mostMicros } from '../lib/micros.js';
import type { JsonValue } from '../model/json.js';
import type { BudgetLimit, CostSource } from '../model/obligation.js';
import type { LimitSubject } from './limit-scope.js';

/** What a call is taken to cost before it runs, in micro-units; a sentence where that cannot be told. */
export function costBefore({ id, cost }: BudgetLimit, { args, priceMicros }: LimitSubject): bigint | string {
  if (cost.kind === 'fixed') return cost.micros;
  const price = priceMicros ?? 0n;
  if (cost.kind === 'price' && cost.plus === undefined) return price;
  if (cost.kind === 'result') return cost.reserveMicros;
  const { path, isOptional, base } = argumentOf(cost, price);
  const place = path.join('.');
  const value = valueAt(args, path);
  if (value === undefined && isOptional) return base;
  const micros = amountIn(value);
  if (micros !== undefined) return base + micros;
  const found = value === undefined ? 'is missing' : 'is no plain amount';
  return `The budget "${id}" counts the argument "${place}", which ${found}; it must be a number from 0 up, or such a number as decimal text.`;
}

interface CountedArgument {
  readonly path: readonly string[];
  readonly isOptional: boolean;
  /** What the call costs besides. */
  readonly base: bigint;
}

function argumentOf(
  cost: Extract<CostSource, { kind: 'price' | 'argument' }>,
  price: bigint,
): CountedArgument {
  if (cost.kind === 'price') return { path: cost.plus ?? [], isOptional: true, base: price };
  return { path: cost.path, isOptional: cost.optional === true, base: 0n };
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
