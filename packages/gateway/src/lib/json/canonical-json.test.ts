import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digest } from './canonical-json.js';
import { parseJson } from './parse-json.js';

const canonicalOf = (text: string) => canonicalJson(parseJson(text).value);

describe('canonicalJson', () => {
  it('sorts names by UTF-16 units and writes numbers and strings as RFC 8785 asks', () => {
    expect(canonicalOf('{"b":[1.0,1e21,-0,1E-7],"a":{"10":1,"9":2,"€":3,"\\r":4,"😀":5,"\ufb33":6}}')).toBe(
      '{"a":{"\\r":4,"10":1,"9":2,"€":3,"😀":5,"\ufb33":6},"b":[1,1e+21,0,1e-7]}',
    );
    expect(canonicalOf('"\\u000f\\n\\u0027\\u0042\\u0022\\u005c\\/€"')).toBe('"\\u000f\\n\'B\\"\\\\/€"');
  });

  it('is the form of the reference implementation for every value, sorted already or not', () => {
    const sorted = (value: unknown): unknown => JSON.parse(canonicalize(value) ?? '');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__') && !/[0-9]{16}/.test(JSON.stringify(value)));
        const parsed = parseJson(JSON.stringify(value)).value;
        expect(canonicalJson(parsed)).toBe(canonicalize(parsed));
        expect(canonicalJson(parseJson(JSON.stringify(sorted(parsed))).value)).toBe(canonicalize(parsed));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of members, spacing, escapes or spelling of numbers', () => {
    expect(canonicalOf('{"b":1.50,"a":"\\u0041"}')).toBe(canonicalOf('{ "a" : "A", "b" : 15e-1 }'));
  });

  it('tags integers that no double keeps', () => {
    expect(canonicalOf('{"id":12345678901234567890,"n":[-9007199254740993,1]}')).toBe(
      '{"id":{"$int":"12345678901234567890"},"n":[{"$int":"-9007199254740993"},1]}',
    );
  });

  it('never gives an integer and an object that looks like its tag the same form', () => {
    const forms = ['9007199254740993', '{"$int":"9007199254740993"}', '{"$$int":"9007199254740993"}'].map(
      canonicalOf,
    );
    expect(new Set(forms).size).toBe(3);
    expect(canonicalOf('{"$int":"1","x":2}')).toBe('{"$int":"1","x":2}');
  });

  it.each([
    ['a lone surrogate', '\ud800'],
    ['NaN', Number.NaN],
    ['Infinity', [Infinity]],
    ['a name with a lone surrogate', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});

describe('digest', () => {
  it('is the SHA-256 of the domain byte and the UTF-8 of the text', () => {
    const expected = createHash('sha256').update(Buffer.of(0x12)).update('{"a":"日"}').digest('base64url');
    expect(digest(0x12, '{"a":"日"}')).toBe(`sha256:${expected}`);
    expect(digest(0x13, '{"a":"日"}')).not.toBe(`sha256:${expected}`);
  });

  it('refuses a domain that is more than one byte of UTF-8', () => {
    expect(() => digest(0x80, '')).toThrow(RangeError);
    expect(() => digest(-1, '')).toThrow(RangeError);
  });
});
