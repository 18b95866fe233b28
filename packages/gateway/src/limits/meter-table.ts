import type { RateLimit, RepeatLimit } from '../model/obligation.js';
import { CounterShares, type Room } from './counter-shares.js';
import { meterFor, type RateMeter } from './rate-meter.js';

/** A limit that counts the calls of a stretch of time. */
export type MeteredLimit = RateLimit | RepeatLimit;

/** One counter of a limit, with what it counts. */
export interface MeterEntry {
  readonly limit: MeteredLimit;
  readonly scope: string;
  /** The caller whose call made it, for whom it counts. */
  readonly owner: string;
  readonly meter: RateMeter;
}

export interface MeterKey {
  readonly limit: MeteredLimit;
  readonly scope: string;
  /** What makes two calls the same, where the limit counts repetitions. */
  readonly repetition?: string | undefined;
  readonly owner: string;
}

/** Where a counter is, or would be. */
export interface MeterPlace {
  readonly name: string;
  readonly entry: MeterEntry;
  readonly isNew: boolean;
}

/** The counters of calls of one gateway, in memory. */
export class MeterTable {
  readonly #most: number;
  readonly #entries = new Map<string, MeterEntry>();
  readonly #shares: CounterShares;

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#shares = new CounterShares(mostOfOne);
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): IterableIterator<MeterEntry> {
    return this.#entries.values();
  }

  /** The counter as it is, with the limit's terms as they are now; a new one counts once it is kept. */
  find(key: MeterKey, timeOf: (limit: MeteredLimit) => number): MeterPlace {
    const { limit, scope, owner } = key;
    const name = nameOf(key);
    const known = this.#entries.get(name);
    if (known?.limit === limit) return { name, entry: known, isNew: false };
    const before = known && { meter: known.meter, now: timeOf(known.limit) };
    const meter = meterFor(limit, before, timeOf(limit));
    const entry = { limit, scope, meter, owner: known?.owner ?? owner };
    if (known !== undefined) this.#entries.set(name, entry);
    return { name, entry, isNew: known === undefined };
  }

  /** Whether there is room for it: `full` for nobody's, `share` for no more of its owner. */
  roomFor({ entry, isNew }: MeterPlace): Room {
    if (!isNew) return 'yes';
    if (this.#entries.size >= this.#most) return 'full';
    return this.#shares.hasRoom(entry.owner) ? 'yes' : 'share';
  }

  /** Keeps a new one, which has room. */
  keep({ name, entry, isNew }: MeterPlace): void {
    if (!isNew) return;
    this.#shares.add(entry.owner);
    this.#entries.set(name, entry);
  }

  /** Drops counters that are as new ones would be. */
  sweep(timeOf: (limit: MeteredLimit) => number): void {
    for (const [name, { limit, meter, owner }] of this.#entries) {
      if (!meter.isFresh(timeOf(limit))) continue;
      this.#entries.delete(name);
      this.#shares.remove(owner);
    }
  }
}

function nameOf({ limit, scope, repetition }: MeterKey): string {
  const name = `${limit.kind}\0${limit.id}\0${scope}`;
  return repetition === undefined ? name : `${name}\0${repetition}`;
}
