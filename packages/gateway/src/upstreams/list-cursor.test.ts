import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CursorFault, type CursorScope, type PageTerms, pageOf } from './list-cursor.js';

const key = new Uint8Array(32).fill(7);
const scope: CursorScope = { endpoint: undefined, tenant: 't', principal: 'p', kind: 'tools', revision: 3 };
const items = Array.from({ length: 25 }, (_, index) => index);
const page = (cursor: string | undefined, more: Partial<PageTerms> = {}) =>
  pageOf(items, { cursor, size: 10, key, scope, ...more });
const second = page(undefined).nextCursor ?? '';

describe('pages of a list', () => {
  it('are the list itself, the same array, where it fits one', () => {
    expect(page(undefined, { size: 25 })).toEqual({ items });
    expect(page(undefined, { size: 25 }).items).toBe(items);
  });

  it('hold everything once and in order, whatever the size', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (all, size) => {
        const found: number[] = [];
        let cursor: string | undefined;
        do {
          const { items: some, nextCursor } = pageOf(all, { cursor, size, key, scope });
          expect(some.length).toBeLessThanOrEqual(size);
          found.push(...some);
          cursor = nextCursor;
        } while (cursor !== undefined);
        expect(found).toEqual(all);
      }),
    );
  });

  it('are not had with a cursor that somebody else was given, or for another list, endpoint or state of it', () => {
    const others: Partial<CursorScope>[] = [
      { endpoint: 'a' },
      { tenant: 'u' },
      { principal: 'q' },
      { kind: 'prompts' },
      { revision: 4 },
    ];
    for (const other of others) {
      expect(() => page(second, { scope: { ...scope, ...other } })).toThrow(CursorFault);
    }
    expect(() => page(second, { key: new Uint8Array(32) })).toThrow(CursorFault);
    expect(page(second).items).toEqual(items.slice(10, 20));
  });

  it('are not had with a cursor that was made up', () => {
    const bytes = Buffer.from(second, 'base64url');
    const made = Array.from(bytes, (_, at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy.toString('base64url');
    });
    for (const cursor of [...made, '', '0', `${second}=`, ` ${second}`, second.slice(1), second + second]) {
      expect(() => page(cursor)).toThrow(CursorFault);
    }
  });
});
