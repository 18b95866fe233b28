import { expect, test } from 'vitest';
import { CliError } from './cli-error.js';
import { readDuration, readMoment } from './read-duration.js';

test('reads durations in seconds, minutes, hours, days and weeks', () => {
  const read = ['30s', '15m', '24h', '90d', '2w'].map((text) => readDuration('--expires', text));
  expect(read).toEqual([30_000, 900_000, 86_400_000, 7_776_000_000, 1_209_600_000]);
});

test('refuses everything else as wrong usage, naming the option', () => {
  for (const text of ['', '0d', '5', 'd', '-1h', '1.5h', '1 h', 'forever']) {
    expect(() => readDuration('--expires', text)).toThrow(/^--expires: found .*; expected a duration/);
  }
  expect(new CliError('x', 2).exitCode).toBe(2);
});

test('reads a moment as a time or as a duration back from now', () => {
  expect(readMoment('--since', '2026-11-20T08:00:00Z', 0)).toBe(Date.UTC(2026, 10, 20, 8));
  expect(readMoment('--since', '1h', 7_200_000)).toBe(3_600_000);
  expect(() => readMoment('--since', 'yesterday', 0)).toThrow('--since: found "yesterday"');
});
