import { isZone } from './calendar.js';
import { temporal } from './temporal.js';

/** No zone has changed its offset at another time than a full quarter of an hour since 2012. */
const slotMs = 900_000;

/** What a clock on the wall shows in one time zone. */
export class WallClock {
  readonly zone: string;
  #slot = Number.NaN;
  #offsetMs = 0;

  constructor(zone: string) {
    this.zone = zone;
  }

  /**
   * The wall's reading as if it were UTC: `new Date(reading).getUTCHours()` is the hour on the wall. Two instants have
   * the same reading where clocks are set back, and readings are left out where they are set forward.
   */
  read(at: number): number {
    const slot = Math.floor(at / slotMs);
    if (slot !== this.#slot) {
      const local = temporal()
        .Instant.fromEpochMilliseconds(slot * slotMs)
        .toZonedDateTimeISO(this.zone);
      this.#offsetMs = local.offsetNanoseconds / 1_000_000;
      this.#slot = slot;
    }
    return at + this.#offsetMs;
  }
}

/** By name in lower case; there are no more than there are zones. */
const clocks = new Map<string, WallClock>();

/** The clock of an IANA zone, case being of no account; undefined where there is no such zone. */
export function wallClockIn(zone: string): WallClock | undefined {
  const name = zone.toLowerCase();
  const known = clocks.get(name);
  if (known !== undefined) return known;
  if (!isZone(zone)) return undefined;
  const clock = new WallClock(zone);
  clocks.set(name, clock);
  return clock;
}
