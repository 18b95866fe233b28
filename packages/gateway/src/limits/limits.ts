import type { Clock } from '../lib/clock.js';
import type { Balance, Charge } from '../model/charge.js';
import type { JsonValue } from '../model/json.js';
import type { BudgetLimit, Limit } from '../model/obligation.js';
import type { RefusalCode } from '../model/refusal.js';
import { amountText, BudgetBook } from './budget-book.js';
import { costAfter, costBefore } from './call-cost.js';
import { type LimitSubject, scopeOf } from './limit-scope.js';
import { meterFor, type RateMeter } from './rate-meter.js';
import { repetitionOf } from './repetition.js';

/** Says no to a call that is too fast, too often the same, or too expensive. */
export interface LimitRefusal {
  readonly kind: 'refused';
  readonly code: Extract<
    RefusalCode,
    'rate_limited' | 'repeated_call' | 'budget_exhausted' | 'invalid_arguments'
  >;
  readonly message: string;
  /** When the same call may pass, in milliseconds from now; absent where waiting does not help. */
  readonly retryAfterMs?: number;
  /** How long the limit lets a call wait for its turn; absent for limits that do not. */
  readonly queueMs?: number;
}

/** What was taken for a call. Exactly one of `release` and `settle` ends it; neither leaves the reservation as it is. */
export interface Admission {
  readonly kind: 'admitted';
  readonly charges: readonly Charge[];
  /** The call provably never left: everything is given back. */
  release(): void;
  /** The call ended: what it really cost, per charge in their order. */
  settle(end: CallEnding): readonly bigint[];
}

export interface CallEnding {
  /** `unknown`: it may have run, so it stays charged. */
  readonly state: 'ok' | 'rpc_error' | 'tool_error' | 'unknown' | 'not_sent';
  readonly result?: JsonValue;
}

const nothing: Admission = { kind: 'admitted', charges: [], release: () => undefined, settle: () => [] };

/** Counters kept at a time. Dropping one that is in use would lift its limit, so beyond it new ones are refused. */
const mostCounters = 200_000;

/**
 * All limits of one gateway. Several apply to a call at once and all must have room; only then anything is taken, in the
 * same turn, so that no two calls pass on the same room. Rates and repetitions live in memory; budgets see BudgetBook.
 */
export class Limits {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #meters = new Map<string, RateMeter>();
  readonly #book = new BudgetBook();
  #latest = 0;
  #sweepAt: number;
  #sweptAt = 0;

  constructor(clock: Clock, mostOfAKind = mostCounters) {
    this.#clock = clock;
    this.#most = mostOfAKind;
    this.#sweepAt = Math.min(mostOfAKind, 1000);
  }

  /** Takes over what earlier processes wrote down about budgets. */
  load(balances: Iterable<Balance>): void {
    this.#book.load(balances);
  }

  /** What is left of one budget for a subject. */
  left(limit: BudgetLimit, subject: LimitSubject): { micros: bigint; until: number } {
    return this.#book.left(limit, scopeOf(limit.per, subject), this.#now());
  }

  admit(limits: readonly Limit[], subject: LimitSubject): Admission | LimitRefusal {
    if (limits.length === 0) return nothing;
    const now = this.#now();
    this.#sweep(now);
    // Several rules may bring the same limit, which counts a call once.
    const takes = new Map<string, Take>();
    for (const limit of limits) {
      const outcome = this.#examine(limit, subject, now);
      if ('code' in outcome) return outcome;
      takes.set(`${limit.kind}\0${limit.id}`, outcome);
    }
    return admissionOf([...takes.values()].map((take) => take()));
  }

  #examine(limit: Limit, subject: LimitSubject, now: number): Take | LimitRefusal {
    if (limit.kind === 'budget') return this.#examineBudget(limit, subject, now);
    const isRate = limit.kind === 'rate';
    const scope = isRate ? '' : `\0${repetitionOf(subject)}`;
    const name = `${limit.kind}\0${limit.id}\0${scopeOf(limit.per, subject)}${scope}`;
    const known = this.#meters.get(name);
    const meter = meterFor(limit, known, now);
    if (known !== undefined && known !== meter) this.#meters.set(name, meter);
    const opensAt = meter.opensAt(now);
    if (opensAt > now) return isRate ? tooFast(limit, opensAt - now) : tooSimilar(limit, opensAt - now);
    if (known === undefined && this.#meters.size >= this.#most) return tooManyCounters(limit);
    return () => {
      this.#meters.set(name, meter);
      meter.take(now);
      return { giveBack: () => meter.giveBack(now, this.#now()) };
    };
  }

  #examineBudget(limit: BudgetLimit, subject: LimitSubject, now: number): Take | LimitRefusal {
    const cost = costBefore(limit, subject);
    if (typeof cost === 'string') return { kind: 'refused', code: 'invalid_arguments', message: cost };
    const scope = scopeOf(limit.per, subject);
    const { micros: left, until } = this.#book.left(limit, scope, now);
    if (cost > left) return exhausted(limit, { cost, left, inMs: until - now });
    if (this.#book.size >= this.#most && !this.#book.has(limit, scope)) return tooManyCounters(limit);
    return () => {
      const charge = this.#book.reserve(limit, scope, { micros: cost, now });
      const settle = (spent: bigint) => this.#book.settle(charge, spent);
      return { charge, limit, giveBack: () => settle(0n), settle };
    };
  }

  /** A clock that is set back must not reopen anything, so time stands still until it has caught up. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#clock.now());
    return this.#latest;
  }

  /** Now and then as they grow, and once a second while they are full, so that they do not stay so. */
  #sweep(now: number): void {
    if (Math.max(this.#meters.size, this.#book.size) < this.#sweepAt || now < this.#sweptAt + 1000) return;
    for (const [name, meter] of this.#meters) if (meter.isFresh(now)) this.#meters.delete(name);
    this.#book.sweep(now);
    this.#sweptAt = now;
    const kept = Math.max(this.#meters.size, this.#book.size);
    this.#sweepAt = Math.min(this.#most, Math.max(1000, 2 * kept));
  }
}

/** Takes room that was found a moment ago, in the same turn. */
type Take = () => Taken;

interface Taken {
  readonly giveBack: () => void;
  readonly charge?: Charge;
  readonly limit?: BudgetLimit;
  readonly settle?: (spentMicros: bigint) => void;
}

function admissionOf(taken: readonly Taken[]): Admission {
  const charged = taken.filter((one) => one.charge !== undefined);
  return {
    kind: 'admitted',
    charges: charged.flatMap(({ charge }) => (charge === undefined ? [] : [charge])),
    release: () => {
      for (const one of taken) one.giveBack();
    },
    settle: (end) => charged.map((one) => settleOne(one, end)),
  };
}

function settleOne({ charge, limit, settle }: Taken, end: CallEnding): bigint {
  if (charge === undefined || limit === undefined) return 0n;
  const spent = spentIn(limit, charge, end);
  settle?.(spent);
  return spent;
}

function spentIn(limit: BudgetLimit, { reservedMicros }: Charge, { state, result }: CallEnding): bigint {
  if (state === 'not_sent') return 0n;
  if (state === 'unknown') return reservedMicros;
  if (state !== 'ok' && limit.refundOn.includes(state)) return 0n;
  return costAfter(limit, result) ?? reservedMicros;
}

function tooFast(limit: Extract<Limit, { kind: 'rate' }>, inMs: number): LimitRefusal {
  const message = `The limit "${limit.id}" allows ${limit.max} calls in ${durationText(limit.windowMs)}; ${whenText(inMs)}`;
  const queue = limit.queueMs === undefined ? {} : { queueMs: limit.queueMs };
  return { kind: 'refused', code: 'rate_limited', message, ...retryIn(inMs), ...queue };
}

function tooSimilar(limit: Extract<Limit, { kind: 'repeat' }>, inMs: number): LimitRefusal {
  const message = `The same call with the same arguments was made ${limit.max} times in ${durationText(limit.windowMs)}, the most that "${limit.id}" allows. Change the call, or use the results you have.`;
  return { kind: 'refused', code: 'repeated_call', message, ...retryIn(inMs) };
}

interface Shortage {
  readonly cost: bigint;
  readonly left: bigint;
  readonly inMs: number;
}

function exhausted(limit: BudgetLimit, { cost, left, inMs }: Shortage): LimitRefusal {
  const have = `The budget "${limit.id}" has ${amountText(left, limit.unit)} left of ${amountText(limit.maxMicros, limit.unit)}; the call needs ${amountText(cost, limit.unit)}`;
  const when = Number.isFinite(inMs) ? `It begins anew in ${durationText(inMs)}.` : 'It does not begin anew.';
  // A call that costs more than the whole budget is refused in the next stretch too.
  const retry = cost > limit.maxMicros ? {} : retryIn(inMs);
  return { kind: 'refused', code: 'budget_exhausted', message: `${have}. ${when}`, ...retry };
}

function tooManyCounters({ id }: Limit): LimitRefusal {
  const message = `The gateway counts too many callers and values at the moment to apply the limit "${id}".`;
  return { kind: 'refused', code: 'rate_limited', message, retryAfterMs: 60_000 };
}

function retryIn(inMs: number): { retryAfterMs?: number } {
  return Number.isFinite(inMs) ? { retryAfterMs: inMs } : {};
}

function whenText(inMs: number): string {
  return Number.isFinite(inMs) ? `the next may come in ${durationText(inMs)}.` : 'none may come.';
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
