import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { commitTo, newSalt } from './commitment.js';

describe('a commitment', () => {
  it.each([
    ['a short text', '{"a":1}'],
    ['nothing', ''],
    ['letters of several bytes', '"Zürich, 日本 😀"'],
    ['a text longer than what is usual', JSON.stringify('€'.repeat(20_000))],
  ])('is the SHA-256 of 0x10, the salt and the text for %s, and counts bytes', (_, text) => {
    const salt = Buffer.alloc(32, 7);
    const d = createHash('sha256').update(Buffer.of(0x10)).update(salt).update(text).digest('base64url');
    expect(commitTo(text, salt)).toEqual({ d, n: Buffer.byteLength(text) });
  });

  it('takes no salt of another length', () => {
    expect(() => commitTo('1', Buffer.alloc(16))).toThrow('32 bytes');
  });

  it('gets a salt of its own each time', () => {
    const salts = Array.from({ length: 400 }, newSalt);
    expect(new Set(salts.map((salt) => Buffer.from(salt).toString('hex'))).size).toBe(400);
    expect(salts.every((salt) => salt.length === 32)).toBe(true);
  });
});
