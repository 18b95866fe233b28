import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMicros, microsOf, mostMicros } from './micros.js';

describe('amounts', () => {
  test.each([
    ['0', 0n],
    ['12.5', 12_500_000n],
    ['0.000001', 1n],
    ['0.0000001', 1n],
    ['007', 7_000_000n],
    [49.99, 49_990_000n],
    [1e-7, 1n],
    [9007199254740993n, undefined],
    [25n, 25_000_000n],
  ])('%s is so many micro-units', (amount, micros) => {
    expect(microsOf(amount)).toBe(micros);
  });

  test.each([
    '-1',
    '+1',
    '1e3',
    ' 1',
    '1 ',
    '',
    '.5',
    '5.',
    '1,5',
    'NaN',
    '0x10',
    '१',
    '1_000',
    '9'.repeat(19),
  ])('no amount is read from %j', (text) => {
    expect(microsOf(text)).toBeUndefined();
  });

  test.each([-1, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, -5n])(
    'no amount is read from %s',
    (number) => {
      expect(microsOf(number)).toBeUndefined();
    },
  );

  test('what is written is read again as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: mostMicros }), (micros) => {
        expect(microsOf(formatMicros(micros))).toBe(micros);
      }),
    );
  });

  test('rounding never makes a sum smaller', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (amount) => {
        fc.pre(!Object.is(amount, -0));
        expect(Number(microsOf(amount)) / 1e6).toBeGreaterThanOrEqual(amount * (1 - 1e-15));
      }),
    );
  });
});
