import { describe, expect, test } from 'vitest';
import { fixedStretchAt, isZone, periodAt } from './calendar.js';

const at = (text: string) => Date.parse(text);
const shown = ({ start, end }: { start: number; end: number }) =>
  [start, end].map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));

describe('periods', () => {
  test('a day in Berlin has 25 hours when the clocks go back and 23 when they go forward', () => {
    expect(shown(periodAt(at('2026-10-25T01:30:00Z'), 'day', 'Europe/Berlin'))).toEqual([
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
    ]);
    expect(shown(periodAt(at('2026-03-29T01:30:00Z'), 'day', 'Europe/Berlin'))).toEqual([
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ]);
  });

  test('a day without a midnight begins at its first instant', () => {
    // In Cairo clocks went from 00:00 to 01:00 on 2026-04-24.
    const { start } = periodAt(at('2026-04-24T09:00:00Z'), 'day', 'Africa/Cairo');
    expect(new Date(start).toISOString()).toBe('2026-04-23T22:00:00.000Z');
  });

  test('a month begins at midnight of its first day in the zone', () => {
    expect(shown(periodAt(at('2026-01-31T23:30:00Z'), 'month', 'Asia/Tokyo'))).toEqual([
      '2026-01-31T15:00:00Z',
      '2026-02-28T15:00:00Z',
    ]);
  });

  test('the end belongs to the next period', () => {
    const day = periodAt(at('2026-06-01T12:00:00Z'), 'day');
    expect(periodAt(day.end - 1, 'day')).toEqual(day);
    expect(periodAt(day.end, 'day').start).toBe(day.end);
  });

  test('minutes and hours are those of UTC in every zone', () => {
    expect(shown(periodAt(at('2026-06-01T12:34:56Z'), 'hour', 'Asia/Kolkata'))).toEqual([
      '2026-06-01T12:00:00Z',
      '2026-06-01T13:00:00Z',
    ]);
  });

  test('a stretch of a whole day counts from midnight in its zone, another one from the epoch', () => {
    expect(shown(fixedStretchAt(at('2026-06-01T23:00:00Z'), 86_400_000, 'Europe/Berlin'))[0]).toBe(
      '2026-06-01T22:00:00Z',
    );
    expect(shown(fixedStretchAt(at('2026-06-01T23:00:07Z'), 5_000, 'Europe/Berlin'))[0]).toBe(
      '2026-06-01T23:00:05Z',
    );
  });

  test.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['', false],
    ['+02:00', false],
  ])('%j is a zone: %s', (name, known) => {
    expect(isZone(name)).toBe(known);
  });
});
