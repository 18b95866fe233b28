import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, JsonFault } from './parse-json.js';

function faultOf(run: () => unknown): JsonFault {
  try {
    run();
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('decodeUtf8', () => {
  it('decodes what is UTF-8, also from the middle of a buffer', () => {
    expect(decodeUtf8(Buffer.from('{"é":"日😀\ufeff\ufffd"}'))).toBe('{"é":"日😀\ufeff\ufffd"}');
    expect(decodeUtf8(new Uint8Array())).toBe('');
    expect(decodeUtf8(new Uint8Array(Buffer.from('xxhéxx')).subarray(2, 5))).toBe('hé');
  });

  it.each([
    ['a stray byte', [0x22, 0xff, 0x22], 1],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22], 1],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0xbd, 0x22], 1],
    ['a cut sequence', [0x22, 0xe6, 0x97], 1],
    ['a value beyond U+10FFFF', [0x61, 0xf4, 0x90, 0x80, 0x80], 1],
    ['a bad byte behind a genuine U+FFFD', [0xef, 0xbf, 0xbd, 0x61, 0xef, 0xbf, 0xbd, 0x80], 3],
    ['a UTF-16 mark', [0xff, 0xfe, 0x7b, 0x00], 0],
  ])('refuses %s and says where', (_, bytes, at) => {
    expect(faultOf(() => decodeUtf8(new Uint8Array(bytes)))).toMatchObject({ code: 'invalid_utf8', at });
  });

  it('refuses a byte order mark', () => {
    expect(faultOf(() => decodeUtf8(Buffer.from('\ufeff{}'))).code).toBe('byte_order_mark');
  });

  it('agrees with the fatal decoder of the platform on any bytes', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const accepts = (run: () => unknown) => {
      try {
        return run();
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(accepts(() => decodeUtf8(bytes))).toBe(accepts(() => decoder.decode(bytes)));
      }),
      { numRuns: 2000 },
    );
  });
});
