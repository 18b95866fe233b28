import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHeaderValue } from './header-value.js';

test('gives back every text that was sent in Base64', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = Buffer.from(text);
      fc.pre(bytes.toString() === text);
      expect(decodeHeaderValue(`=?base64?${bytes.toString('base64')}?=`)).toBe(text);
    }),
  );
});

test('gives back plain text as it is', () => {
  expect(['', 'get_weather', '=?BASE64?eA==?=', '=?base64?eA=='].map(decodeHeaderValue)).toEqual([
    '',
    'get_weather',
    '=?BASE64?eA==?=',
    '=?base64?eA==',
  ]);
});

test.each([
  'é',
  'a\tb',
  '=?base64?eA?=',
  '=?base64?eA=?=',
  '=?base64?e A==?=',
  '=?base64?eB==?=',
  '=?base64?/w==?=',
])('refuses %j', (value) => {
  expect(decodeHeaderValue(value)).toBeUndefined();
});
