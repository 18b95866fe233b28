import { expect, test } from 'vitest';
import { hiddenIn } from './hidden-characters.js';

test('finds characters that nobody sees, in texts and names at any depth', () => {
  expect(hiddenIn({ a: 'Adds\u200b two\u2066 num\u202ebers\u202c', b: [{ 'na\u{e0041}me': 1 }] })).toEqual([
    'U+200B',
    'U+2066',
    'U+202E',
    'U+202C',
    'U+E0041',
  ]);
  expect(hiddenIn(['\u001b[31m', 'a\u200db', 'x\u200c'])).toEqual(['U+001B', 'U+200D', 'U+200C']);
});

test('leaves emoji, scripts with joiners, tabs and line breaks alone', () => {
  expect(
    hiddenIn('⚠️ family 👨\u200d👩\u200d👧, Persian می\u200cخواهم,\ttab\r\nline, naïve\u00a0café'),
  ).toEqual([]);
});

test('finds fillers, further marks of direction, and text that hides in selectors of variants', () => {
  expect(hiddenIn('a\u061cb\u3164c\u00add\u2028e')).toEqual(['U+061C', 'U+3164', 'U+00AD', 'U+2028']);
  expect(hiddenIn('😀\u{e0158}\u{e0155}\u{e015c}')).toEqual(['U+E0158', 'U+E0155', 'U+E015C']);
  expect(hiddenIn('ok\ufe01')).toEqual(['U+FE01']);
});

test('leaves selectors of variants alone that have something to vary', () => {
  expect(hiddenIn('✔\ufe0f done, 1\ufe0f\u20e3 first, 葛\u{e0100}飾, ❤\ufe0f\u200d🔥')).toEqual([]);
});
