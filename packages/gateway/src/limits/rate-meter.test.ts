import { expect, test } from 'vitest';
import type { RateLimit } from '../model/obligation.js';
import { meterFor } from './rate-meter.js';

const algorithms = ['sliding', 'fixed', 'bucket'] as const;

function rate(more: Partial<RateLimit> = {}): RateLimit {
  return { kind: 'rate', id: 'r', max: 5, windowMs: 1_000, algorithm: 'sliding', per: [], ...more };
}

test.each(algorithms)('a %s limit that a reload tightens still counts the calls before it', (algorithm) => {
  const before = meterFor(rate({ algorithm }), undefined, 0);
  before.take(0);
  before.take(0);
  const after = meterFor(rate({ algorithm, max: 2 }), { meter: before, now: 0 }, 0);
  expect(after.opensAt(0)).toBeGreaterThan(0);
  expect(after.opensAt(1_000)).toBe(1_000);
  expect(meterFor(rate({ algorithm, max: 2 }), { meter: after, now: 0 }, 0)).toBe(after);
});

test('a limit that a reload loosens has the new room, and one of another algorithm or window is another', () => {
  const before = meterFor(rate({ max: 1 }), undefined, 0);
  before.take(0);
  for (const more of [{ max: 2 }, { windowMs: 500 }, { algorithm: 'fixed' as const }])
    expect(meterFor(rate(more), { meter: before, now: 0 }, 0)).not.toBe(before);
  expect(meterFor(rate({ max: 2 }), { meter: before, now: 0 }, 0).opensAt(0)).toBe(0);
});

test('what is given back is the call that took it, and not a later one', () => {
  const sliding = meterFor(rate({ max: 2 }), undefined, 0);
  for (const at of [0, 900]) sliding.take(at);
  sliding.giveBack(0, 950);
  sliding.take(1_000);
  expect(sliding.opensAt(1_000)).toBe(1_900);

  const fixed = meterFor(rate({ max: 1, algorithm: 'fixed' }), undefined, 0);
  for (const at of [0, 1_000]) {
    fixed.opensAt(at);
    fixed.take(at);
  }
  fixed.giveBack(0, 1_000);
  expect(fixed.opensAt(1_000)).toBe(2_000);

  const bucket = meterFor(rate({ max: 1, algorithm: 'bucket' }), undefined, 0);
  for (const at of [0, 1_000]) bucket.take(at);
  bucket.giveBack(0, 1_000);
  expect(bucket.opensAt(1_000)).toBe(2_000);
});

test.each(algorithms)('a %s limit has the room of before when a call is given back at once', (algorithm) => {
  const meter = meterFor(rate({ max: 1, algorithm }), undefined, 0);
  meter.take(0);
  expect(meter.opensAt(0)).toBe(1_000);
  meter.giveBack(0, 0);
  expect(meter.opensAt(0)).toBe(0);
});
