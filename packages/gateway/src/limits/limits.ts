import type { Clock } from '../lib/clock.js';
import type { LimitRoom } from '../model/call.js';
import type { Balance } from '../model/charge.js';
import type { BudgetLimit, Limit } from '../model/obligation.js';
import { type Admission, admissionOf, nothingTaken, type Take } from './admission.js';
import { BudgetBook, type ReadTotal } from './budget-book.js';
import { costBefore } from './call-cost.js';
import type { Room } from './counter-shares.js';
import {
  exhausted,
  type LimitRefusal,
  shareIsFull,
  tooFast,
  tooManyAtOnce,
  tooManyCounters,
  tooSimilar,
  unknownBalance,
} from './limit-refusal.js';
import { type LimitSubject, scopeOf } from './limit-scope.js';
import { type LimitView, viewOfBudget, viewOfCalls } from './limit-view.js';
import { type MeteredLimit, type MeterPlace, MeterTable } from './meter-table.js';
import { repetitionOf } from './repetition.js';
import { RunningCalls } from './running-calls.js';

/** Counters kept at a time. Dropping one that is in use would lift its limit, so beyond it new ones are refused. */
const mostCounters = 200_000;
/** Of them, those that one caller may have made. */
const shareOfOne = 0.1;
/** Totals that nobody used for so long are forgotten when there are many, and read again when they are needed. */
const idleMs = 60_000;

export interface LimitsOptions {
  readonly clock: Clock;
  /** Milliseconds that no change of the clock touches; absent: those of the clock, as far as it goes forward. */
  readonly elapsed?: () => number;
  /** What budgets that never begin anew had used up, as far as records say; absent: nothing. */
  readonly readTotal?: ReadTotal;
  /** Resolves when records of now can be read by `readTotal`. */
  readonly whenReadable?: () => Promise<void>;
  readonly mostOfAKind?: number;
  readonly mostOfOne?: number;
}

/**
 * All limits of one gateway. Several apply to a call at once and all must have room; only then anything is taken, in the
 * same turn, so that no two calls pass on the same room. Rates and repetitions live in memory; budgets see BudgetBook.
 */
export class Limits {
  readonly #options: LimitsOptions;
  readonly #most: number;
  readonly #meters: MeterTable;
  readonly #book: BudgetBook;
  readonly #running = new RunningCalls();
  #latest = 0;
  #sweepAt: number;
  #sweptAt = 0;
  #isForgetting = false;

  constructor(options: LimitsOptions) {
    const { mostOfAKind: most = mostCounters, readTotal = () => 0n } = options;
    const { mostOfOne = Math.ceil(most * shareOfOne) } = options;
    this.#options = options;
    this.#most = most;
    this.#meters = new MeterTable(most, mostOfOne);
    this.#book = new BudgetBook({ most, mostOfOne, readTotal });
    this.#sweepAt = this.#fullness(0);
  }

  /** Takes over what earlier processes wrote down about budgets. */
  load(balances: Iterable<Balance>): void {
    this.#book.load(balances);
  }

  /** What is left of one budget for a subject, and when its stretch ends. */
  left(limit: BudgetLimit, subject: LimitSubject): { micros: bigint; until: number } {
    const { usedMicros, until } = this.#book.find(limit, scopeOf(limit.per, subject), { now: this.#now() });
    return { micros: leftOf(limit, usedMicros), until };
  }

  /** The counters of calls that are kept, each with the tenant whose call made it; budgets are in the ledger. */
  *counters(): Generator<{ readonly tenant: string; readonly view: LimitView }> {
    const now = this.#now();
    for (const { limit, scope, owner, meter } of this.#meters.entries()) {
      const at = this.#timeFor(limit, now);
      const counted = meter.counted(at);
      const inMs = meter.opensAt(at) - at;
      const opensAt = inMs > 0 ? now + inMs : undefined;
      if (counted > 0)
        yield { tenant: tenantOf(owner), view: viewOfCalls(limit, scope, { counted, opensAt }) };
    }
    for (const { limit, scope, owner, running } of this.#running.counts())
      yield { tenant: tenantOf(owner), view: viewOfCalls(limit, scope, { counted: running }) };
  }

  /** How a limit stands for a subject; nothing is taken. Throws where that cannot be read. */
  view(limit: Limit, subject: LimitSubject): LimitView {
    const now = this.#now();
    const scope = scopeOf(limit.per, subject);
    if (limit.kind === 'budget') return viewOfBudget(limit, scope, this.#book.find(limit, scope, { now }));
    if (limit.kind === 'concurrency')
      return viewOfCalls(limit, scope, { counted: this.#running.count(limit, scope) });
    const at = this.#timeFor(limit, now);
    const { meter } = this.#placeOf(limit, subject, now).entry;
    const inMs = meter.opensAt(at) - at;
    return viewOfCalls(limit, scope, {
      counted: meter.counted(at),
      opensAt: inMs > 0 ? now + inMs : undefined,
    });
  }

  admit(limits: readonly Limit[], subject: LimitSubject): Admission | LimitRefusal {
    if (limits.length === 0) return nothingTaken;
    const now = this.#now();
    this.#sweep(now);
    const takes: Take[] = [];
    for (const [at, limit] of limits.entries()) {
      const outcome = this.#examine(limit, subject, now);
      if (typeof outcome !== 'function') return outcome;
      if (!comesAgain(limits, at)) takes.push(outcome);
    }
    return admissionOf(takes.map((take) => take()));
  }

  /** Of limits on how often, how the one with the least room stands now; undefined where there is none. */
  room(limits: readonly Limit[], subject: LimitSubject): LimitRoom | undefined {
    const now = this.#now();
    const rooms = limits.flatMap((limit): LimitRoom[] => {
      if (limit.kind === 'budget' || limit.kind === 'concurrency') return [];
      const at = this.#timeFor(limit, now);
      const { meter } = this.#placeOf(limit, subject, now).entry;
      const left = Math.max(0, limit.max - meter.counted(at));
      return [{ max: limit.max, left, easesInMs: meter.easesAt(at) - at }];
    });
    return rooms.toSorted((a, b) => a.left - b.left)[0];
  }

  #examine(limit: Limit, subject: LimitSubject, now: number): Take | LimitRefusal {
    if (limit.kind === 'budget') return this.#examineBudget(limit, subject, now);
    if (limit.kind !== 'concurrency') return this.#examineMeter(limit, subject, now);
    const scope = scopeOf(limit.per, subject);
    if (this.#running.isFull(limit, scope)) return tooManyAtOnce(limit);
    return () => {
      const leave = this.#running.enter(limit, scope, ownerOf(subject));
      return { giveBack: leave, leave };
    };
  }

  #examineMeter(limit: MeteredLimit, subject: LimitSubject, now: number): Take | LimitRefusal {
    const at = this.#timeFor(limit, now);
    const place = this.#placeOf(limit, subject, now);
    const { meter } = place.entry;
    const inMs = meter.opensAt(at) - at;
    if (inMs > 0)
      return limit.kind === 'rate' ? tooFast(limit, { inMs, now }) : tooSimilar(limit, { inMs, now });
    const crowded = this.#noRoom(limit, now, () => this.#meters.roomFor(place));
    if (crowded !== undefined) return crowded;
    return () => {
      this.#meters.keep(place);
      meter.take(at);
      return { giveBack: () => meter.giveBack(at, this.#timeFor(limit, this.#now())) };
    };
  }

  #placeOf(limit: MeteredLimit, subject: LimitSubject, now: number): MeterPlace {
    const scope = scopeOf(limit.per, subject);
    const repetition = limit.kind === 'repeat' ? repetitionOf(subject) : undefined;
    const key = { limit, scope, repetition, owner: ownerOf(subject) };
    return this.#meters.find(key, (one) => this.#timeFor(one, now));
  }

  #examineBudget(limit: BudgetLimit, subject: LimitSubject, now: number): Take | LimitRefusal {
    const cost = costBefore(limit, subject);
    if (typeof cost === 'string') return { kind: 'refused', code: 'invalid_arguments', message: cost };
    const account = this.#accountFor(limit, subject, now);
    if (account === undefined) return unknownBalance(limit);
    const left = leftOf(limit, account.usedMicros);
    if (cost > left) return exhausted(limit, { cost, left, inMs: account.until - now, now });
    const crowded = this.#noRoom(limit, now, () => this.#book.roomFor(account));
    if (crowded !== undefined) return crowded;
    return () => {
      const charge = this.#book.reserve(account, { micros: cost, now });
      const settle = (spent: bigint) => this.#book.settle(charge, spent);
      return { charge, limit, giveBack: () => settle(0n), settle };
    };
  }

  /** Undefined where what was spent before cannot be read: then nobody knows what is left. */
  #accountFor(limit: BudgetLimit, subject: LimitSubject, now: number) {
    try {
      return this.#book.find(limit, scopeOf(limit.per, subject), { now, owner: ownerOf(subject) });
    } catch {
      return undefined;
    }
  }

  /** A clock that is set back must not reopen anything, so time stands still until it has caught up. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#options.clock.now());
    return this.#latest;
  }

  /** Stretches of the clock begin when the clock says so; all others last as long as they last, however it is set. */
  #timeFor(limit: MeteredLimit, now: number): number {
    if (limit.kind === 'rate' && limit.algorithm === 'fixed') return now;
    return this.#options.elapsed?.() ?? now;
  }

  /** Now and then as they grow, and once a second while they are full, so that they do not stay so. */
  #sweep(now: number): void {
    const size = Math.max(this.#meters.size, this.#book.size);
    if (size < this.#sweepAt || now < this.#sweptAt + 1000) return;
    this.#meters.sweep((limit) => this.#timeFor(limit, now));
    this.#book.sweep(now);
    this.#forgetTotals(now - idleMs);
    this.#sweptAt = now;
    const kept = Math.max(this.#meters.size, this.#book.size);
    this.#sweepAt = this.#fullness(kept);
  }

  /** How many counters are worth a sweep: twice as many as the last one kept, and some time before there is no room. */
  #fullness(kept: number): number {
    return Math.min(Math.ceil(this.#most * 0.75), Math.max(1000, 2 * kept));
  }

  /** Where there is no room, some of what takes it may be over already. */
  #noRoom(limit: Limit, now: number, roomNow: () => Room): LimitRefusal | undefined {
    let room = roomNow();
    if (room === 'yes') return undefined;
    this.#sweepAt = 0;
    this.#sweep(now);
    room = roomNow();
    if (room === 'yes') return undefined;
    return room === 'full' ? tooManyCounters(limit) : shareIsFull(limit);
  }

  /** What is forgotten must be readable first: its records may still be on their way. */
  #forgetTotals(before: number): void {
    const { whenReadable } = this.#options;
    const totals = this.#isForgetting || whenReadable === undefined ? [] : this.#book.idleTotals(before);
    if (totals.length === 0 || whenReadable === undefined) return;
    this.#isForgetting = true;
    const done = (): void => {
      this.#isForgetting = false;
    };
    whenReadable()
      .then(() => this.#book.forget(totals, before))
      .then(done, done);
  }
}

/** Several rules may bring the same limit, which counts a call once, with the terms of the last. */
function comesAgain(limits: readonly Limit[], at: number): boolean {
  const one = limits[at];
  for (let later = at + 1; later < limits.length; later += 1) {
    const other = limits[later];
    if (other?.id === one?.id && other?.kind === one?.kind) return true;
  }
  return false;
}

function leftOf({ maxMicros }: BudgetLimit, usedMicros: bigint): bigint {
  return usedMicros < maxMicros ? maxMicros - usedMicros : 0n;
}

function tenantOf(owner: string): string {
  return owner.slice(0, owner.indexOf('\n'));
}

function ownerOf({ principal }: LimitSubject): string {
  return `${principal.tenant}\n${principal.id}`;
}
