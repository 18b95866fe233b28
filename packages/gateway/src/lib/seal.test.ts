import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../model/json.js';
import { Seal } from './seal.js';

const key = new Uint8Array(32).fill(7);
const seal = new Seal(key, 'tests');
const value: JsonObject = { call: 'c1', round: 2, note: 'Grüße, 世界', list: [1, null, true] };

describe('Seal', () => {
  it('opens what it closed', () => {
    expect(seal.open(seal.close(value))).toEqual(value);
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.integer()), (given) => {
        const plain = Object.fromEntries(Object.entries(given).filter(([name]) => name !== '__proto__'));
        expect(seal.open(seal.close(plain))).toEqual(plain);
      }),
    );
  });

  it('hides what it closed, and writes it differently each time', () => {
    const first = seal.close({ secret: 'plain to see' });
    expect(Buffer.from(first.slice(3), 'base64url').toString('latin1')).not.toContain('plain');
    expect(seal.close({ secret: 'plain to see' })).not.toBe(first);
    expect(first).toMatch(/^s1\.[A-Za-z0-9_-]+$/);
  });

  it('opens no text in which one character is changed, added or missing', () => {
    const sealed = seal.close(value);
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(seal.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBeUndefined();
      expect(seal.open(sealed.slice(0, at) + sealed.slice(at + 1))).toBeUndefined();
    }
    for (const tail of ['-TAMPERED', 'A', '=', '.', ' ', '\n']) {
      expect(seal.open(sealed + tail)).toBeUndefined();
    }
  });

  it('opens nothing that another key or context closed', () => {
    const sealed = seal.close(value);
    expect(new Seal(new Uint8Array(32).fill(8), 'tests').open(sealed)).toBeUndefined();
    expect(new Seal(key, 'other').open(sealed)).toBeUndefined();
  });

  it('opens nothing that is no seal at all', () => {
    for (const text of [
      '',
      's1.',
      's1.AAAA',
      's2.'.padEnd(80, 'A'),
      's1.'.padEnd(100_000, 'A'),
      'x\u0000',
      '日本',
    ]) {
      expect(seal.open(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => seal.open(`s1.${text}`) === undefined));
  });

  it('refuses a key of another size', () => {
    expect(() => new Seal(new Uint8Array(16), 'tests')).toThrow(RangeError);
  });
});
