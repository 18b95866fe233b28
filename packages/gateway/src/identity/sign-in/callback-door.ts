import { LRUCache } from 'lru-cache';
import type { Clock } from '../../lib/clock.js';
import { FailureThrottle } from '../failure-throttle.js';

/** Failed ones of a source in a minute that cost nothing: behind a proxy everybody is one source. */
const freeFailures = 30;
const mostUnderWay = 16;
const remembered = 10_000;
const busySeconds = 5;

interface Wait {
  readonly from: number;
  readonly seconds: number;
}

/** Strangers come back from a provider with codes of their own making, too: bounds what it is asked because of them. */
export class CallbackDoor {
  readonly #clock: Clock;
  readonly #throttle: FailureThrottle;
  readonly #waits = new LRUCache<string, Wait>({ max: remembered });
  /** Not for longer than a state lasts, and not in other processes: a provider takes a code once, too. */
  readonly #used = new LRUCache<string, true>({ max: remembered });
  #underWay = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#throttle = new FailureThrottle(clock, { freeFailures });
  }

  /** How many seconds nobody of this source is let through; undefined for none. */
  waitOf(source: string): number | undefined {
    const { from = 0, seconds = 0 } = this.#waits.get(source) ?? {};
    const since = this.#clock.now() - from;
    if (since >= 0 && since < seconds * 1000) return Math.ceil(seconds - since / 1000);
    return this.#underWay < mostUnderWay ? undefined : busySeconds;
  }

  /** Whether this state is used for the first time. */
  take(state: string): boolean {
    if (this.#used.has(state)) return false;
    this.#used.set(state, true);
    return true;
  }

  async through<Result>(source: string, exchange: () => Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await exchange();
    } catch (cause) {
      const seconds = this.#throttle.fail(source);
      if (seconds !== undefined) this.#waits.set(source, { from: this.#clock.now(), seconds });
      throw cause;
    } finally {
      this.#underWay -= 1;
    }
  }
}
