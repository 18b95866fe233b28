import { temporal } from './temporal.js';

export type Period = 'minute' | 'hour' | 'day' | 'month';

/** A stretch of time in milliseconds since the epoch: from `start`, before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const fixedMs: Partial<Record<Period, number>> = { minute: 60_000, hour: 3_600_000 };

/** Whether the platform knows an IANA time zone of this name. */
export function isZone(name: string): boolean {
  try {
    temporal().Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return /[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/**
 * The minute, hour, day or month that holds an instant. Minutes and hours are those of UTC; days and months begin at
 * midnight in `zone`, or at the first instant of a day that has no midnight.
 */
export function periodAt(at: number, period: Period, zone = 'UTC'): Stretch {
  const length = fixedMs[period];
  if (length !== undefined) {
    const start = Math.floor(at / length) * length;
    return { start, end: start + length };
  }
  const day = temporal().Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).startOfDay();
  const first = period === 'day' ? day : day.with({ day: 1 }).startOfDay();
  const next = first.add(period === 'day' ? { days: 1 } : { months: 1 }).startOfDay();
  return { start: first.epochMilliseconds, end: next.epochMilliseconds };
}

/** The stretch of `lengthMs` that holds an instant: whole days count from midnight in `zone`, others from the epoch. */
export function fixedStretchAt(at: number, lengthMs: number, zone = 'UTC'): Stretch {
  const dayMs = 86_400_000;
  if (lengthMs === dayMs) return periodAt(at, 'day', zone);
  const start = Math.floor(at / lengthMs) * lengthMs;
  return { start, end: start + lengthMs };
}
