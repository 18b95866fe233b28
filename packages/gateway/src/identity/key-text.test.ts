import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashKey, keyIdIn, newKeyText } from './key-text.js';

describe('the text of a key', () => {
  it('tells its id and environment, and no two are alike', () => {
    const keys = Array.from({ length: 200 }, () => newKeyText('live'));
    expect(new Set(keys.map(({ text }) => text)).size).toBe(200);
    for (const { id, text } of keys) {
      expect(text).toMatch(new RegExp(`^sp_live_${id}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}$`));
      expect(keyIdIn(text)).toBe(id);
    }
  });

  it('has a check of six base-62 digits of the CRC-32', () => {
    const body = `sp_test_abcd1234_${'A'.repeat(43)}`;
    expect(keyIdIn(`${body}_04mTsq`)).toBe('abcd1234');
  });

  it('is not accepted with one character changed, cut, added or in the other case', () => {
    const { text } = newKeyText('live');
    const swapped = text
      .split('')
      .map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
      .join('');
    for (const wrong of [
      swapped,
      text.slice(0, text.length / 2),
      text.slice(0, -1),
      `${text}A`,
      ` ${text}`,
      `${text}\n`,
      '',
      '%',
      'sp_live_%',
    ]) {
      expect(keyIdIn(wrong)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        fc.pre(text[at] !== char);
        expect(keyIdIn(text.slice(0, at) + char + text.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it('refuses an environment that would not be read back', () => {
    for (const environment of ['', 'Live', 'a_b', 'x'.repeat(17)])
      expect(() => newKeyText(environment)).toThrow(RangeError);
  });

  it('is stored as a hash that another pepper does not reproduce', () => {
    const { text } = newKeyText('live');
    const one = Buffer.from(hashKey(new Uint8Array(32), text));
    expect(one).toHaveLength(32);
    expect(one.equals(hashKey(new Uint8Array(32).fill(1), text))).toBe(false);
  });
});
