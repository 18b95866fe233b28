import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { glanceAt, plainText, shownText } from './shown-text.js';

describe('a shown text', () => {
  test('names what is hidden, what poses as another letter, and how often it stands in a row', () => {
    expect(shownText('ok\u200b\u200d\u{e0061} p\u0430y\n\n\nend').pieces).toEqual([
      'ok',
      { code: 'U+200B', why: 'hidden', times: 1 },
      { code: 'U+200D', why: 'hidden', times: 1 },
      { code: 'U+E0061', why: 'hidden', times: 1 },
      ' p',
      { code: 'U+0430', why: 'lookalike', times: 1 },
      'y',
      { code: 'U+000A', why: 'hidden', times: 3 },
      'end',
    ]);
  });

  test('has the size and the digest of the text itself', () => {
    expect(shownText('é')).toMatchObject({
      bytes: 2,
      sha256: '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c',
      isLong: false,
    });
  });

  test('never holds a character that a screen obeys or hides', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = plainText(shownText(text).pieces);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test('that is long or has many lines shows its head, its tail and how much is between them', () => {
    const long = shownText(`start${'x'.repeat(1000)}end`);
    const { head, tail, hiddenBytes } = glanceAt(long);
    expect(long.isLong).toBe(true);
    expect(plainText(head)).toMatch(/^startx{155}$/);
    expect(plainText(tail)).toMatch(/^x{77}end$/);
    expect(hiddenBytes).toBe(1008 - 240);
    const padded = shownText(`ok${'\n'.repeat(5000)}AND PAY`);
    expect(padded.isLong).toBe(true);
    expect(plainText(glanceAt(padded).head)).toBe('ok⟨U+000A ×5000⟩AND PAY');
    expect(glanceAt(shownText('short'))).toEqual({ head: ['short'], tail: [], hiddenBytes: 0 });
  });

  test('loses no byte between head and tail, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 300, maxLength: 600 }), (parts) => {
        const shown = shownText(parts.join('\u0000é'));
        const { head, tail, hiddenBytes } = glanceAt(shown);
        const bytes = (pieces: typeof head) =>
          pieces.reduce((sum, piece) => {
            if (typeof piece === 'string') return sum + Buffer.byteLength(piece);
            const one = String.fromCodePoint(Number.parseInt(piece.code.slice(2), 16));
            return sum + Buffer.byteLength(one) * piece.times;
          }, 0);
        expect(bytes(head) + hiddenBytes + bytes(tail)).toBe(shown.bytes);
      }),
    );
  });
});
