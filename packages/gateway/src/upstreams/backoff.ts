import type { Clock } from '../lib/clock.js';

const firstDelayMs = 500;
const longestDelayMs = 30_000;
const windowMs = 10_000;
const startsPerWindow = 6;

/** How long an upstream that failed is left alone: 0.5 s doubling to 30 s, and never more than 6 starts in 10 s. */
export class Backoff {
  readonly #clock: Clock;
  readonly #jitter: () => number;
  readonly #starts: number[] = [];
  #failures = 0;

  /** `jitter` gives numbers from 0 to below 1. */
  constructor(clock: Clock, jitter: () => number) {
    this.#clock = clock;
    this.#jitter = jitter;
  }

  noteStart(): void {
    this.#starts.push(this.#clock.now());
    if (this.#starts.length > startsPerWindow) this.#starts.shift();
  }

  /** The next failure is a first one again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Notes a failure and says how long to wait before the next start. */
  nextDelayMs(): number {
    const full = Math.min(firstDelayMs * 2 ** this.#failures, longestDelayMs);
    this.#failures++;
    return Math.max(full * (0.5 + 0.5 * this.#jitter()), this.untilWindowOpensMs());
  }

  /** 0 when a start now would keep within the limit of starts. */
  untilWindowOpensMs(): number {
    const oldest = this.#starts[0];
    if (oldest === undefined || this.#starts.length < startsPerWindow) return 0;
    return Math.max(0, oldest + windowMs - this.#clock.now() + 1);
  }
}
