import type { StartLimit } from './start-limit.js';

const firstDelayMs = 500;
const longestDelayMs = 30_000;

/** How long an upstream that failed is left alone: 0.5 s doubling to 30 s, and never more than its limit of starts allows. */
export class Backoff {
  readonly #limit: StartLimit;
  readonly #jitter: () => number;
  #failures = 0;

  /** `jitter` gives numbers from 0 to below 1. */
  constructor(limit: StartLimit, jitter: () => number) {
    this.#limit = limit;
    this.#jitter = jitter;
  }

  /** The next failure is a first one again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Notes a failure and says how long to wait before the next start. */
  nextDelayMs(): number {
    const full = Math.min(firstDelayMs * 2 ** this.#failures, longestDelayMs);
    this.#failures++;
    this.#limit.noteFailure();
    return Math.max(full * (0.5 + 0.5 * this.#jitter()), this.#limit.untilOpenMs());
  }
}
