import { formatMicros } from '../lib/micros.js';
import type { BudgetLimit, ConcurrencyLimit, Limit, RateLimit, RepeatLimit } from '../model/obligation.js';
import type { LimitState, RefusalCode } from '../model/refusal.js';

/** Says no to a call that is too fast, too often the same, or too expensive. */
export interface LimitRefusal {
  readonly kind: 'refused';
  readonly code: Extract<
    RefusalCode,
    'rate_limited' | 'concurrency_limited' | 'repeated_call' | 'budget_exhausted' | 'invalid_arguments'
  >;
  readonly message: string;
  /** When the same call may pass, in milliseconds from now; absent where waiting does not help. */
  readonly retryAfterMs?: number;
  /** How long the limit lets a call wait for its turn; absent for limits that do not. */
  readonly queueMs?: number;
  /** What is left, and when it begins anew; absent where the call itself is at fault. */
  readonly limit?: LimitState;
}

/** How a counter stands when it refuses. */
export interface Standstill {
  readonly inMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function tooFast(limit: RateLimit, standstill: Standstill): LimitRefusal {
  const { inMs } = standstill;
  const message = `The limit "${limit.id}" allows ${limit.max} calls in ${durationText(limit.windowMs)}; ${whenText(inMs)}`;
  const queue = limit.queueMs === undefined ? {} : { queueMs: limit.queueMs };
  const state = noneLeft(limit, standstill);
  return { kind: 'refused', code: 'rate_limited', message, limit: state, ...retryIn(inMs), ...queue };
}

export function tooSimilar(limit: RepeatLimit, standstill: Standstill): LimitRefusal {
  const { inMs } = standstill;
  const message = `The same call with the same arguments was made ${limit.max} times in ${durationText(limit.windowMs)}, the most that "${limit.id}" allows. Change the call, or use the results you have; ${whenText(inMs)}`;
  const state = noneLeft(limit, standstill);
  return { kind: 'refused', code: 'repeated_call', message, limit: state, ...retryIn(inMs) };
}

/** Nobody knows when a call ends. */
export function tooManyAtOnce({ id, max }: ConcurrencyLimit): LimitRefusal {
  const message = `The limit "${id}" allows ${max} calls at once, and as many are in progress. Repeat the call when one of them has ended.`;
  const limit = { id, max, left: 0 };
  return { kind: 'refused', code: 'concurrency_limited', message, limit, retryAfterMs: 1_000 };
}

function noneLeft({ id, max }: RateLimit | RepeatLimit, { inMs, now }: Standstill): LimitState {
  return { id, max, left: 0, ...(Number.isFinite(inMs) ? { resetsAt: now + inMs } : {}) };
}

export interface Shortage extends Standstill {
  readonly cost: bigint;
  readonly left: bigint;
}

export function exhausted(limit: BudgetLimit, { cost, left, inMs, now }: Shortage): LimitRefusal {
  const have = `The budget "${limit.id}" has ${amountText(left, limit.unit)} left of ${amountText(limit.maxMicros, limit.unit)}; the call needs ${amountText(cost, limit.unit)}`;
  const when = Number.isFinite(inMs) ? `It begins anew in ${durationText(inMs)}.` : 'It does not begin anew.';
  // A call that costs more than the whole budget is refused in the next stretch too.
  const retry = cost > limit.maxMicros ? {} : retryIn(inMs);
  const state = {
    id: limit.id,
    max: formatMicros(limit.maxMicros),
    left: formatMicros(left),
    unit: limit.unit,
    ...(Number.isFinite(inMs) ? { resetsAt: now + inMs } : {}),
  };
  return { kind: 'refused', code: 'budget_exhausted', message: `${have}. ${when}`, limit: state, ...retry };
}

export function tooManyCounters({ id }: Limit): LimitRefusal {
  const message = `The gateway counts too many callers and values at the moment to apply the limit "${id}".`;
  return { kind: 'refused', code: 'rate_limited', message, retryAfterMs: 60_000 };
}

/** For a caller that has as many counters of its own as one may. */
export function shareIsFull({ id }: Limit): LimitRefusal {
  const message = `The limit "${id}" counts too many different values for this caller already. Use fewer, or come back later.`;
  return { kind: 'refused', code: 'rate_limited', message, retryAfterMs: 60_000 };
}

/** What earlier calls cost is not known at the moment. */
export function unknownBalance({ id }: BudgetLimit): LimitRefusal {
  const message = `What is left of the budget "${id}" cannot be read at the moment.`;
  return { kind: 'refused', code: 'budget_exhausted', message, retryAfterMs: 5_000 };
}

function retryIn(inMs: number): { retryAfterMs?: number } {
  return Number.isFinite(inMs) ? { retryAfterMs: inMs } : {};
}

function whenText(inMs: number): string {
  return Number.isFinite(inMs) ? `the next may come in ${durationText(inMs)}.` : 'none may come.';
}

/** For people: `12.5 USD`. */
function amountText(micros: bigint, unit: string): string {
  return `${formatMicros(micros)} ${unit}`;
}

const units = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
] as const;

/** Rounded up, in the largest unit that says it exactly enough: `90 seconds`, `2 hours`. */
export function durationText(ms: number): string {
  const unit = units.find((one) => ms >= one.ms && (ms % one.ms === 0 || ms >= 10 * one.ms));
  const count = Math.ceil(ms / (unit?.ms ?? 1000));
  const name = unit?.name ?? 'second';
  return count === 1 ? `1 ${name}` : `${count} ${name}s`;
}
