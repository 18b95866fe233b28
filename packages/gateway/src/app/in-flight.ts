import type { Clock } from '../lib/clock.js';

/** Counts work in progress, so that a shutdown can wait for it. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  track<Result>(work: Promise<Result>): Promise<Result> {
    this.#count += 1;
    work.then(this.#leave, this.#leave);
    return work;
  }

  readonly #leave = (): void => {
    this.#count -= 1;
    if (this.#count === 0) for (const wake of this.#waiting.splice(0)) wake();
  };

  get count(): number {
    return this.#count;
  }

  /** Resolves when nothing is in progress, or after `ms`. */
  idle(clock: Clock, ms: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      this.#waiting.push(() => {
        cancel();
        resolve();
      });
    });
  }
}
