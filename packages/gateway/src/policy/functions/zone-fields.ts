import { type WallClock, wallClockIn } from '../../lib/wall-clock.js';

const dayMs = 86_400_000;

class ZoneFault extends Error {}

/** Throws ZoneFault for what is no IANA zone. */
export function parseZone(zone: string): WallClock {
  const clock = wallClockIn(zone);
  if (clock === undefined) throw new ZoneFault('is no time zone such as "Europe/Berlin"');
  return clock;
}

/**
 * The parts of a timestamp that conditions ask for, by the method's name in CEL, from a wall's reading (see WallClock).
 * The library's own go through the zone of the machine, where an hour may be missing.
 */
export const zoneFields: ReadonlyMap<string, (reading: Date) => number> = new Map([
  ['getDate', (reading: Date) => reading.getUTCDate()],
  ['getDayOfMonth', (reading: Date) => reading.getUTCDate() - 1],
  ['getDayOfWeek', (reading: Date) => reading.getUTCDay()],
  ['getDayOfYear', dayOfYear],
  ['getFullYear', (reading: Date) => reading.getUTCFullYear()],
  ['getHours', (reading: Date) => reading.getUTCHours()],
  ['getMinutes', (reading: Date) => reading.getUTCMinutes()],
  ['getMonth', (reading: Date) => reading.getUTCMonth()],
  ['getSeconds', (reading: Date) => reading.getUTCSeconds()],
]);

function dayOfYear(reading: Date): number {
  return Math.floor((reading.getTime() - Date.UTC(reading.getUTCFullYear(), 0, 1)) / dayMs);
}
