import { type WallClock, wallClockIn } from '../lib/wall-clock.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** 1970-01-01 was a Thursday. */
const epochWeekday = 4;

export class ScheduleFault extends Error {}

/**
 * A window that comes back: `mon-fri 09:00-17:00 Europe/Berlin`. The start belongs to it, the end does not. Read from the
 * clock on the wall: an hour that is shown twice is inside twice, an hour that is left out is never inside.
 * A window whose end is not after its start goes on past midnight and belongs to the day on which it began.
 */
export class Schedule {
  readonly text: string;
  readonly #clock: WallClock;
  readonly #days: ReadonlySet<number>;
  /** Milliseconds from midnight; `#to` may lie in the next day. */
  readonly #from: number;
  readonly #to: number;

  constructor(text: string, window: ParsedWindow) {
    this.text = text;
    this.#clock = window.clock;
    this.#days = window.days;
    this.#from = window.from;
    this.#to = window.to <= window.from ? window.to + dayMs : window.to;
  }

  /** `at` in milliseconds since the epoch. */
  includes(at: number): boolean {
    const reading = this.#clock.read(at);
    const day = Math.floor(reading / dayMs);
    const inDay = reading - day * dayMs;
    if (inDay >= this.#from && inDay < this.#to && this.#days.has(weekdayOf(day))) return true;
    return inDay + dayMs < this.#to && this.#days.has(weekdayOf(day - 1));
  }
}

interface ParsedWindow {
  readonly clock: WallClock;
  readonly days: ReadonlySet<number>;
  readonly from: number;
  readonly to: number;
}

/** Throws ScheduleFault with a remedy. Days default to all, hours to the whole day, the zone to UTC. */
export function parseSchedule(text: string): Schedule {
  const words = text.trim().split(/\s+/);
  const days = /^[a-z]{3}(?:[-,][a-z]{3})*$/i.test(words[0] ?? '') ? words.shift() : undefined;
  const hours = /^[\d:]+-[\d:]+$/.test(words[0] ?? '') ? words.shift() : undefined;
  const zone = words.shift();
  if (words.length > 0 || (days === undefined && hours === undefined)) {
    throw new ScheduleFault(
      'is no schedule; write days, hours or both, and a zone: "mon-fri 09:00-17:00 Europe/Berlin"',
    );
  }
  return new Schedule(text, { ...parseHours(hours), days: parseDays(days), clock: parseZone(zone ?? 'UTC') });
}

function parseZone(zone: string): WallClock {
  const clock = wallClockIn(zone);
  if (clock !== undefined) return clock;
  throw new ScheduleFault(
    `names "${zone}", which is no time zone; write an IANA name such as "Europe/Berlin"`,
  );
}

function parseHours(text: string | undefined): { from: number; to: number } {
  if (text === undefined) return { from: 0, to: dayMs };
  const [start = '', end = ''] = text.split('-');
  const from = parseTime(start);
  const to = parseTime(end);
  if (from === to)
    throw new ScheduleFault('begins and ends at the same time; write 00:00-24:00 for the whole day');
  if (from === dayMs) throw new ScheduleFault('begins at 24:00; write 00:00 and the next day');
  return { from, to };
}

function parseTime(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const time = (Number(hours) * 60 + Number(minutes)) * minuteMs;
  if (hours === undefined || time > dayMs) {
    throw new ScheduleFault(`has "${text}", which is no time of day; write HH:MM from 00:00 to 24:00`);
  }
  return time;
}

function parseDays(text: string | undefined): ReadonlySet<number> {
  if (text === undefined) return new Set(weekdays.keys());
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const start = weekdays.indexOf(first);
    const end = weekdays.indexOf(last);
    if (start < 0 || end < 0 || more.length > 0) {
      throw new ScheduleFault(
        `has the days "${part}"; write sun, mon, tue, wed, thu, fri, sat or a range of two`,
      );
    }
    for (let day = start; day !== end; day = (day + 1) % 7) days.add(day);
    days.add(end);
  }
  return days;
}

function weekdayOf(day: number): number {
  return (((day + epochWeekday) % 7) + 7) % 7;
}
