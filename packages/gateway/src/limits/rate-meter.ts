import { fixedStretchAt, type Stretch } from '../lib/calendar.js';
import type { RateLimit, RepeatLimit } from '../model/obligation.js';

/** Counts the calls of one limit for one key. Times are milliseconds that never go back (see Limits). */
export interface RateMeter {
  /** What it was made for: a limit of other terms needs another one. */
  readonly terms: string;
  /** When a call may pass: `now` or earlier means that it may now. */
  opensAt(now: number): number;
  take(now: number): void;
  /** Undoes a `take` at the time `at`, for a call that was refused elsewhere before it left. */
  giveBack(at: number, now: number): void;
  /** How many calls still count. */
  counted(now: number): number;
  /** When fewer of them will; `now` where none does. */
  easesAt(now: number): number;
  /** Whether it would be the same as a fresh one. */
  isFresh(now: number): boolean;
}

type MeteredLimit = RateLimit | RepeatLimit;

/** A meter, and the time as its limit takes it: some go by the clock, others by what has passed. */
interface KnownMeter {
  readonly meter: RateMeter;
  readonly now: number;
}

/** A meter for a limit: the known one, or where a reload changed the terms another, in which calls that count still do. */
export function meterFor(limit: MeteredLimit, known: KnownMeter | undefined, now: number): RateMeter {
  const terms = termsOf(limit);
  if (known?.meter.terms === terms) return known.meter;
  const meter = createMeter(limit, terms);
  const counted = known?.meter.counted(known.now) ?? 0;
  for (let left = Math.min(counted, limit.max); left > 0; left--) meter.take(now);
  return meter;
}

function termsOf(limit: MeteredLimit): string {
  const algorithm = limit.kind === 'rate' ? `${limit.algorithm} ${limit.zone ?? ''}` : '';
  return `${limit.max} ${limit.windowMs} ${algorithm}`;
}

function createMeter(limit: MeteredLimit, terms: string): RateMeter {
  if (limit.kind === 'repeat' || limit.algorithm === 'sliding') return new SlidingMeter(limit, terms);
  return limit.algorithm === 'fixed' ? new FixedMeter(limit, terms) : new BucketMeter(limit, terms);
}

const firstSlots = 8;

/** Exact: remembers when each of the last `max` calls passed. */
class SlidingMeter implements RateMeter {
  readonly terms: string;
  readonly #max: number;
  readonly #windowMs: number;
  /** A ring; it grows with use, for most keys stay far below their limit. */
  #times: Float64Array;
  #oldest = 0;
  #count = 0;

  constructor({ max, windowMs }: MeteredLimit, terms: string) {
    this.terms = terms;
    this.#max = max;
    this.#windowMs = windowMs;
    this.#times = new Float64Array(Math.min(max, firstSlots));
  }

  opensAt(now: number): number {
    this.#forget(now);
    if (this.#count < this.#max) return now;
    return this.#max === 0 ? Number.POSITIVE_INFINITY : (this.#times[this.#oldest] ?? now) + this.#windowMs;
  }

  take(now: number): void {
    if (this.#count === this.#times.length) this.#grow();
    this.#count += 1;
    this.#times[this.#slot(this.#count - 1)] = now;
  }

  giveBack(at: number): void {
    let found = this.#count - 1;
    while (found >= 0 && this.#times[this.#slot(found)] !== at) found -= 1;
    if (found < 0) return;
    for (; found < this.#count - 1; found += 1)
      this.#times[this.#slot(found)] = this.#times[this.#slot(found + 1)] ?? at;
    this.#count -= 1;
  }

  counted(now: number): number {
    this.#forget(now);
    return this.#count;
  }

  easesAt(now: number): number {
    return this.counted(now) === 0 ? now : (this.#times[this.#oldest] ?? now) + this.#windowMs;
  }

  isFresh(now: number): boolean {
    return this.counted(now) === 0;
  }

  /** Where in the ring the call stands that has so many before it. */
  #slot(index: number): number {
    return (this.#oldest + index) % this.#times.length;
  }

  #forget(now: number): void {
    while (this.#count > 0 && (this.#times[this.#oldest] ?? 0) + this.#windowMs <= now) {
      this.#oldest = (this.#oldest + 1) % this.#times.length;
      this.#count -= 1;
    }
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(Math.max(this.#times.length * 2, firstSlots), this.#max));
    for (let at = 0; at < this.#count; at += 1) {
      grown[at] = this.#times[this.#slot(at)] ?? 0;
    }
    this.#times = grown;
    this.#oldest = 0;
  }
}

class FixedMeter implements RateMeter {
  readonly terms: string;
  readonly #limit: RateLimit;
  #stretch: Stretch = { start: 0, end: 0 };
  #count = 0;

  constructor(limit: RateLimit, terms: string) {
    this.terms = terms;
    this.#limit = limit;
  }

  opensAt(now: number): number {
    this.#turn(now);
    return this.#count < this.#limit.max ? now : this.#stretch.end;
  }

  take(now: number): void {
    this.#turn(now);
    this.#count += 1;
  }

  giveBack(at: number): void {
    if (at >= this.#stretch.start && this.#count > 0) this.#count -= 1;
  }

  counted(now: number): number {
    this.#turn(now);
    return this.#count;
  }

  easesAt(now: number): number {
    return this.counted(now) === 0 ? now : this.#stretch.end;
  }

  isFresh(now: number): boolean {
    return this.#count === 0 || now >= this.#stretch.end;
  }

  #turn(now: number): void {
    if (now < this.#stretch.end) return;
    this.#stretch = fixedStretchAt(now, this.#limit.windowMs, this.#limit.zone);
    this.#count = 0;
  }
}

class BucketMeter implements RateMeter {
  readonly terms: string;
  readonly #max: number;
  readonly #msPerToken: number;
  #tokens: number;
  #at = 0;

  constructor({ max, windowMs }: RateLimit, terms: string) {
    this.terms = terms;
    this.#max = max;
    this.#msPerToken = windowMs / max;
    this.#tokens = max;
  }

  opensAt(now: number): number {
    this.#refill(now);
    return this.#tokens >= 1 ? now : Math.ceil(now + (1 - this.#tokens) * this.#msPerToken);
  }

  take(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
  }

  /** Less what came back by itself meanwhile, which the bucket might not have had room for. */
  giveBack(at: number, now: number): void {
    this.#refill(now);
    const missing = Math.max(0, 1 - (now - at) / this.#msPerToken);
    this.#tokens = Math.min(this.#max, this.#tokens + missing);
  }

  counted(now: number): number {
    this.#refill(now);
    return Math.ceil(this.#max - this.#tokens);
  }

  easesAt(now: number): number {
    this.#refill(now);
    const missing = this.#tokens >= this.#max ? 0 : Math.floor(this.#tokens) + 1 - this.#tokens;
    return Math.ceil(now + missing * this.#msPerToken);
  }

  isFresh(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#max;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(this.#max, this.#tokens + (now - this.#at) / this.#msPerToken);
    this.#at = now;
  }
}
