import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.js';

test('writes plain ASCII as it is and wraps everything else, also what looks wrapped', () => {
  expect(['us west-1', 'us-w\u00e9st', ' x', ''].map(encodeHeaderValue)).toEqual([
    'us west-1',
    '=?base64?dXMtd8Opc3Q=?=',
    '=?base64?IHg=?=',
    '=?base64??=',
  ]);
  expect(encodeHeaderValue('=?base64?eA==?=')).toMatch(/^=\?base64\?PT9/);
});

test('writes every text as one line of visible ASCII, from which it can be read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const written = encodeHeaderValue(text);
      expect(written).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
      expect(decodeHeaderValue(written)).toBe(text);
    }),
  );
});

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
