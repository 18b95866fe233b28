import { describe, expect, test } from 'vitest';
import { wallClockIn } from './wall-clock.js';

const at = (iso: string) => Date.parse(iso);

function shown(zone: string, iso: string): string {
  return new Date(wallClockIn(zone)?.read(at(iso)) ?? Number.NaN).toISOString().slice(0, 19);
}

describe('a clock on the wall', () => {
  test('shows summer and winter time, and both passes of the hour in between', () => {
    expect(shown('Europe/Berlin', '2026-06-10T07:00:00Z')).toBe('2026-06-10T09:00:00');
    expect(shown('Europe/Berlin', '2026-12-09T07:30:00Z')).toBe('2026-12-09T08:30:00');
    expect(shown('Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-25T02:30:00');
    expect(shown('Europe/Berlin', '2026-10-25T01:30:00Z')).toBe('2026-10-25T02:30:00');
    expect(shown('Europe/Berlin', '2026-03-29T00:59:59Z')).toBe('2026-03-29T01:59:59');
    expect(shown('Europe/Berlin', '2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00');
  });

  test('knows shifts of half an hour and offsets of three quarters', () => {
    expect(shown('Australia/Lord_Howe', '2026-04-04T14:59:59Z')).toBe('2026-04-05T01:59:59');
    expect(shown('Australia/Lord_Howe', '2026-04-04T15:15:00Z')).toBe('2026-04-05T01:45:00');
    expect(shown('Pacific/Chatham', '2026-01-01T00:00:00Z')).toBe('2026-01-01T13:45:00');
    expect(shown('UTC', '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:00:00');
  });

  test('is one for all spellings of a zone, and none for what is no zone', () => {
    expect(wallClockIn('europe/berlin')).toBe(wallClockIn('Europe/Berlin'));
    for (const zone of ['Europe/Berln', '', '+02:00', 'Mars/Base', '../../etc']) {
      expect(wallClockIn(zone)).toBeUndefined();
    }
  });

  test('shows the same after looking at another time in between', () => {
    const clock = wallClockIn('America/New_York');
    const summer = at('2026-07-01T12:00:00Z');
    const winter = at('2026-01-01T12:00:00Z');
    expect([summer, winter, summer].map((ms) => ((clock?.read(ms) ?? 0) - ms) / 3_600_000)).toEqual([
      -4, -5, -4,
    ]);
  });
});
