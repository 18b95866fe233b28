import type { Clock } from '../lib/clock.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Hold } from '../model/hold.js';
import type { Log } from '../model/log.js';
import type { HoldTable } from '../store/hold-table.js';

/** Another process may answer a hold; its waiters here learn that within this time. */
const lookMs = 1000;
/** Holds that somebody waits for at a time, and those who wait for one; whoever comes beyond does not wait. */
const mostAwaited = 512;
const mostPerHold = 8;

interface Waiter {
  readonly tell: (hold: Hold) => void;
  readonly giveUp: () => void;
}

export interface HoldWaitersOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly table: Pick<HoldTable, 'find'>;
  /** Whether there is nothing to wait for any more. */
  readonly isSettled: (hold: Hold) => boolean;
}

/** Those who wait for holds to be answered. While nobody waits, nothing runs. */
export class HoldWaiters {
  readonly #options: HoldWaitersOptions;
  readonly #waiting = new Map<string, Set<Waiter>>();
  #looking = false;
  #stopped = false;

  constructor(options: HoldWaitersOptions) {
    this.#options = options;
  }

  /** Whether anybody here waits for it. */
  isWaitedFor(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** Ends all waiting, now and from now on. */
  stop(): void {
    this.#stopped = true;
    for (const waiters of this.#waiting.values()) for (const waiter of waiters) waiter.giveUp();
  }

  /** Resolves with the hold once it is settled, after `ms` in any case, or when the signal aborts; at once where too many wait. */
  wait(hold: Hold, ms: number, signal: CancelSignal): Promise<Hold> {
    if (this.#stopped || this.#isFull(hold.id)) return Promise.resolve(hold);
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const end = (latest: Hold): void => {
        stopTimer();
        signal.removeEventListener('abort', giveUp);
        this.#leave(hold.id, waiter);
        resolve(latest);
      };
      const giveUp = (): void => end(hold);
      const waiter: Waiter = { tell: end, giveUp };
      const stopTimer = clock.after(ms, () => end(this.#latest(hold.id) ?? hold));
      signal.addEventListener('abort', giveUp);
      this.#join(hold.id, waiter);
      if (signal.aborted) giveUp();
    });
  }

  /** Tells those who wait for it. */
  changed(hold: Hold): void {
    for (const waiter of this.#waiting.get(hold.id) ?? []) waiter.tell(hold);
  }

  #isFull(id: string): boolean {
    return this.#waiting.size >= mostAwaited || (this.#waiting.get(id)?.size ?? 0) >= mostPerHold;
  }

  #join(id: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiters.add(waiter));
    if (!this.#looking) this.#lookLater();
  }

  #leave(id: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(id);
  }

  /** Undefined also while the store cannot be read: whoever waits then waits on. */
  #latest(id: string): Hold | undefined {
    return this.#reading(() => this.#options.table.find(id));
  }

  #reading<Value>(read: () => Value): Value | undefined {
    try {
      return read();
    } catch (cause) {
      this.#options.log.warn({ err: cause }, 'a hold that is waited for cannot be looked up at the moment');
      return undefined;
    }
  }

  #lookLater(): void {
    const { clock, isSettled } = this.#options;
    this.#looking = true;
    clock.after(lookMs, () => {
      for (const id of this.#waiting.keys()) {
        const hold = this.#latest(id);
        if (hold !== undefined && this.#reading(() => isSettled(hold)) === true) this.changed(hold);
      }
      if (this.#waiting.size > 0) this.#lookLater();
      else this.#looking = false;
    });
  }
}
