import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSchedule, ScheduleFault } from './schedule.js';

function inside(text: string, iso: string): boolean {
  return parseSchedule(text).includes(Date.parse(iso));
}

describe('a window', () => {
  const office = 'mon-fri 09:00-17:00 Europe/Berlin';

  test('holds its first instant and not its last, in summer and in winter', () => {
    expect(inside(office, '2026-06-10T06:59:59.999Z')).toBe(false);
    expect(inside(office, '2026-06-10T07:00:00Z')).toBe(true);
    expect(inside(office, '2026-06-10T14:59:59.999Z')).toBe(true);
    expect(inside(office, '2026-06-10T15:00:00Z')).toBe(false);
    expect(inside(office, '2026-12-09T07:30:00Z')).toBe(false);
    expect(inside(office, '2026-12-09T08:00:00Z')).toBe(true);
  });

  test('takes the weekday from its own zone', () => {
    const mondays = 'mon 00:00-01:00 Europe/Berlin';
    expect(inside(mondays, '2026-06-07T22:30:00Z')).toBe(true);
    expect(inside(mondays, '2026-06-08T22:30:00Z')).toBe(false);
    expect(inside(office, '2026-06-07T22:30:00Z')).toBe(false);
    expect(inside('mon 00:00-24:00 Pacific/Auckland', '2026-06-07T12:00:00Z')).toBe(true);
  });

  test('past midnight belongs to the day on which it began', () => {
    const friday = 'fri 22:00-06:00 America/New_York';
    expect(inside(friday, '2026-06-13T02:00:00Z')).toBe(true);
    expect(inside(friday, '2026-06-13T09:59:59.999Z')).toBe(true);
    expect(inside(friday, '2026-06-13T10:00:00Z')).toBe(false);
    expect(inside(friday, '2026-06-12T06:00:00Z')).toBe(false);
    expect(inside(friday, '2026-06-14T03:00:00Z')).toBe(false);
    expect(inside('22:00-06:00 America/New_York', '2026-06-11T10:00:00Z')).toBe(false);
    expect(inside('sat 22:00-06:00', '2026-06-14T05:00:00Z')).toBe(true);
  });

  test('has both passes of an hour that is shown twice', () => {
    const night = '02:00-03:00 Europe/Berlin';
    for (const [iso, expected] of [
      ['2026-10-24T23:59:59Z', false],
      ['2026-10-25T00:30:00Z', true],
      ['2026-10-25T01:30:00Z', true],
      ['2026-10-25T02:00:00Z', false],
    ] as const) {
      expect(inside(night, iso), iso).toBe(expected);
    }
    expect(inside('01:30-02:00 Australia/Lord_Howe', '2026-04-04T14:45:00Z')).toBe(true);
    expect(inside('01:30-02:00 Australia/Lord_Howe', '2026-04-04T15:15:00Z')).toBe(true);
    expect(inside('01:30-02:00 Australia/Lord_Howe', '2026-04-04T15:30:00Z')).toBe(false);
  });

  test('has nothing of an hour that is left out', () => {
    for (let minute = 0; minute < 180; minute++) {
      const at = Date.parse('2026-03-29T00:00:00Z') + minute * 60_000;
      expect(parseSchedule('02:00-03:00 Europe/Berlin').includes(at)).toBe(false);
    }
    expect(inside('01:30-03:30 Europe/Berlin', '2026-03-29T00:59:59Z')).toBe(true);
    expect(inside('01:30-03:30 Europe/Berlin', '2026-03-29T01:00:00Z')).toBe(true);
    expect(inside('01:30-03:30 Europe/Berlin', '2026-03-29T01:30:00Z')).toBe(false);
  });

  test('goes through a night in which the clock is changed', () => {
    const night = 'sat 22:00-06:00 Europe/Berlin';
    expect(inside(night, '2026-10-25T04:59:59Z')).toBe(true);
    expect(inside(night, '2026-10-25T05:00:00Z')).toBe(false);
    expect(inside(night, '2026-03-29T03:59:59Z')).toBe(true);
    expect(inside(night, '2026-03-29T04:00:00Z')).toBe(false);
  });

  test('and the window from its end to its start are never both open, and one of them always is', () => {
    const time = fc
      .record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) })
      .map(({ h, m }) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns');
    const instants = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });
    fc.assert(
      fc.property(time, time, zones, instants, (from, to, zone, at) => {
        fc.pre(from !== to);
        const one = parseSchedule(`${from}-${to} ${zone}`).includes(at);
        const other = parseSchedule(`${to}-${from} ${zone}`).includes(at);
        expect(one).toBe(!other);
      }),
    );
  });
});

describe('the text of a schedule', () => {
  test('may leave out days, hours or the zone', () => {
    expect(inside('sat,sun Europe/Berlin', '2026-06-13T12:00:00Z')).toBe(true);
    expect(inside('sat,sun', '2026-06-12T12:00:00Z')).toBe(false);
    expect(inside('09:00-10:00', '2026-06-12T09:30:00Z')).toBe(true);
    expect(inside('MON-Fri 00:00-24:00 utc', '2026-06-12T23:59:59.999Z')).toBe(true);
    expect(inside('fri-mon 09:00-10:00', '2026-06-14T09:30:00Z')).toBe(true);
    expect(inside('fri-mon,wed 09:00-10:00', '2026-06-16T09:30:00Z')).toBe(false);
  });

  test.each([
    ['', 'write days, hours or both'],
    ['Europe/Berlin', 'write days, hours or both'],
    ['mon-fri 09:00-17:00 Europe/Berlin now', 'write days, hours or both'],
    ['mo-fr 09:00-17:00', 'write days, hours or both'],
    ['mon-fry 09:00-17:00', 'write sun, mon'],
    ['mon-wed-fri 09:00-17:00', 'write sun, mon'],
    ['09:00-9:30', 'write HH:MM'],
    ['09:00-24:30', 'write HH:MM'],
    ['25:00-26:00', 'write HH:MM'],
    ['09:60-10:00', 'write HH:MM'],
    ['09:00-09:00', '00:00-24:00 for the whole day'],
    ['24:00-06:00', 'write 00:00'],
    ['09:00-17:00 Europe/Berln', 'an IANA name'],
    ['09:00-17:00 +02:00', 'an IANA name'],
  ])('refuses %j with a remedy', (text, remedy) => {
    expect(() => parseSchedule(text)).toThrow(ScheduleFault);
    expect(() => parseSchedule(text)).toThrow(remedy);
  });
});
