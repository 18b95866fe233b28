import type { Clock } from '../lib/clock.js';

/** Somewhat more than the 10 s promised, because a process begins to run some time after it is started. */
const windowMs = 11_000;
const startsPerWindow = 6;

/**
 * Keeps a server that cannot live from being started over and over: from a failure on, no more than 6 starts in 10 s.
 * Servers that stay up may be started as they are needed.
 */
export class StartLimit {
  readonly #clock: Clock;
  /** When the last ones were. */
  readonly #starts: number[] = [];
  #lastFailure = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  noteStart(): void {
    this.#starts.push(this.#clock.now());
    if (this.#starts.length > startsPerWindow) this.#starts.shift();
  }

  /** A start came to nothing, or what was started ended by itself. */
  noteFailure(): void {
    this.#lastFailure = this.#clock.now();
  }

  /** 0 when a start now would keep within the limit. */
  untilOpenMs(): number {
    const now = this.#clock.now();
    const oldest = this.#starts[0];
    if (oldest === undefined || this.#starts.length < startsPerWindow) return 0;
    if (now - this.#lastFailure > windowMs) return 0;
    return Math.max(0, oldest + windowMs - now + 1);
  }
}
