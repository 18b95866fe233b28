import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.js';

export interface ThrottleLimits {
  /** Failures of one source within the window that cost nothing. */
  readonly freeFailures: number;
  readonly windowMs: number;
  readonly longestWaitSeconds: number;
  /** Sources remembered; the one that failed longest ago is forgotten first. */
  readonly sources: number;
}

const usualLimits: ThrottleLimits = {
  freeFailures: 10,
  windowMs: 60_000,
  longestWaitSeconds: 60,
  sources: 10_000,
};

interface Failures {
  readonly count: number;
  /** When the first of them was, in milliseconds since the epoch. */
  readonly since: number;
}

/** Counts failures by source. It blocks nobody: a wait is told to those who fail, not to those who succeed. */
export class FailureThrottle {
  readonly #clock: Clock;
  readonly #limits: ThrottleLimits;
  readonly #failures: LRUCache<string, Failures>;

  constructor(clock: Clock, limits: Partial<ThrottleLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...usualLimits, ...limits };
    this.#failures = new LRUCache({ max: this.#limits.sources });
  }

  /** Counts one more failure; how many seconds the source shall wait, doubling each time, or undefined for none. */
  fail(source: string): number | undefined {
    const now = this.#clock.now();
    const { freeFailures, windowMs, longestWaitSeconds } = this.#limits;
    const known = this.#failures.get(source);
    const counted = known !== undefined && now - known.since < windowMs ? known : { count: 0, since: now };
    const count = counted.count + 1;
    this.#failures.set(source, { count, since: counted.since });
    return count <= freeFailures ? undefined : Math.min(2 ** (count - freeFailures - 1), longestWaitSeconds);
  }
}
