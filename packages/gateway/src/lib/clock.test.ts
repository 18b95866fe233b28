import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from './clock.js';

it('writes every time as the platform does, also one after another in the same second', () => {
  const times = fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.double({ min: -5000, max: 5000, noNaN: true }),
    fc.integer({ min: 1_790_000_000_000, max: 1_790_000_002_000 }),
  );
  fc.assert(
    fc.property(fc.array(times, { maxLength: 8 }), (all) => {
      expect(all.map(isoTime)).toEqual(all.map((ms) => new Date(ms).toISOString()));
    }),
  );
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
