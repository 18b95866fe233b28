import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeaderValue } from './header-value.js';

describe('header values', () => {
  it('leave plain ASCII as it is and wrap everything else, also what looks wrapped', () => {
    expect(encodeHeaderValue('us west-1')).toBe('us west-1');
    expect(encodeHeaderValue('us-w\u00e9st')).toBe('=?base64?dXMtd8Opc3Q=?=');
    expect(encodeHeaderValue(' x')).toBe('=?base64?IHg=?=');
    expect(encodeHeaderValue('')).toBe('=?base64??=');
    expect(encodeHeaderValue('=?base64?eA==?=')).toMatch(/^=\?base64\?PT9/);
  });

  it('are always one line of visible ASCII that decodes to the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const encoded = encodeHeaderValue(value);
        expect(encoded).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
        const wrapped = /^=\?base64\?(.*)\?=$/.exec(encoded);
        const decoded = wrapped === null ? encoded : Buffer.from(wrapped[1] ?? '', 'base64').toString('utf8');
        expect(decoded).toBe(value);
      }),
    );
  });
});
