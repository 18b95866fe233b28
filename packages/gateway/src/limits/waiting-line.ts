import type { Clock } from '../lib/clock.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import { CounterShares } from './counter-shares.js';

/** Calls that wait for their turn at a time, and how many of them one caller may have. */
const mostWaiting = 1000;
const mostOfOne = 100;

export interface Wait {
  /** For whom. */
  readonly owner: string;
  readonly ms: number;
  readonly signal: CancelSignal;
  /** Tells `listener` when it may be worth no more to wait; returns what ends that. */
  readonly hear: (listener: () => void) => () => void;
  readonly isOver: () => boolean;
}

/** Where calls wait for their turn under limits that let them. It is bounded, for each caller and for all. */
export class WaitingLine {
  readonly #clock: Clock;
  readonly #shares = new CounterShares(mostOfOne);
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasPlace(owner: string): boolean {
    return this.#waiting < mostWaiting && this.#shares.hasRoom(owner);
  }

  /** Resolves with `turn` after `ms`; with `left` when the caller leaves, or `over` when `isOver`, if that is sooner. */
  async wait({ owner, ms, signal, hear, isOver }: Wait): Promise<'turn' | 'left' | 'over'> {
    this.#waiting += 1;
    this.#shares.add(owner);
    const ends: (() => void)[] = [];
    try {
      return await new Promise((resolve) => {
        const leave = (): void => resolve('left');
        const look = (): void => {
          if (isOver()) resolve('over');
        };
        ends.push(
          this.#clock.after(ms, () => resolve('turn')),
          hear(look),
          () => signal.removeEventListener('abort', leave),
        );
        signal.addEventListener('abort', leave);
        if (signal.aborted) leave();
        look();
      });
    } finally {
      for (const end of ends) end();
      this.#waiting -= 1;
      this.#shares.remove(owner);
    }
  }
}
