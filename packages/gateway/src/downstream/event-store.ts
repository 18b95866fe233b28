import type { Clock } from '../lib/clock.js';
import type { EventKeeper, EventLimits, EventLog } from './event-log.js';

const defaults: EventLimits = {
  eventsPerStream: 256,
  sizePerSession: 8_388_608,
  sizeInAll: 67_108_864,
  keptMs: 300_000,
};

const sweepMs = 60_000;

/** The events that clients may come back for, of all sessions; what is too old or too much is forgotten. */
export class EventStore implements EventKeeper {
  readonly limits: EventLimits;
  readonly clock: Clock;
  /** Those that hold something, in the order in which they began to. */
  readonly #logs = new Set<EventLog>();
  readonly #sizes = new Map<string, number>();
  #size = 0;
  #isSweeping = false;

  constructor(clock: Clock, limits: Partial<EventLimits> = {}) {
    this.clock = clock;
    this.limits = { ...defaults, ...limits };
  }

  get size(): number {
    return this.#size;
  }

  /** Where all together are too much, the oldest streams of the principal that has most forget what they hold. */
  resized(log: EventLog, by: number): void {
    this.#size += by;
    const owned = (this.#sizes.get(log.owner) ?? 0) + by;
    if (owned > 0) this.#sizes.set(log.owner, owned);
    else this.#sizes.delete(log.owner);
    if (log.size > 0) this.#logs.add(log);
    else this.#logs.delete(log);
    if (by <= 0) return;
    if (!this.#isSweeping) this.#sweepLater();
    while (this.#size > this.limits.sizeInAll) {
      const oldest = this.#oldestOfLargest();
      if (oldest === undefined) break;
      oldest.forgetAll();
    }
  }

  #oldestOfLargest(): EventLog | undefined {
    const [largest] = [...this.#sizes].reduce((one, other) => (other[1] > one[1] ? other : one), ['', 0]);
    for (const log of this.#logs) if (log.owner === largest) return log;
    return undefined;
  }

  #sweepLater(): void {
    this.#isSweeping = true;
    this.clock.after(sweepMs, () => {
      this.#isSweeping = false;
      const oldest = this.clock.now() - this.limits.keptMs;
      for (const log of this.#logs) log.forgetBefore(oldest);
      if (this.#logs.size > 0) this.#sweepLater();
    });
  }
}
