import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertJson, inertText, suspects } from './inert-text.js';

describe('inert text', () => {
  it('shows characters that are not seen or that change the direction of text', () => {
    expect(inertText('Adds\u200b two\u2066 num\u202ebers\u202c')).toBe(
      '"Adds\\u{200b} two\\u{2066} num\\u{202e}bers\\u{202c}"',
    );
    expect(inertText('tags \u{e0041}\u{e0042} filler \u3164 blank \u2800 joiner \u034f')).toBe(
      '"tags \\u{e0041}\\u{e0042} filler \\u{3164} blank \\u{2800} joiner \\u{34f}"',
    );
  });

  it('shows letters that look like Latin ones and are not', () => {
    expect(inertText('p\u0430ypal and \u0440\u0430\u0441')).toBe(
      '"p\\u{430}ypal and \\u{440}\\u{430}\\u{441}"',
    );
    expect(inertText('\uff52\uff4d -rf')).toBe('"\\u{ff52}\\u{ff4d} -rf"');
  });

  it('leaves text of other scripts and accents readable', () => {
    const text = 'Grüße, naïve café, Привет мир, 世界 🙂, Ελλάδα';
    expect(inertText(text)).toBe(`"${text}"`);
    expect(inertText('файлы: read\tпривет')).toBe('"файлы: read\\tпривет"');
  });

  it('tells a backslash of the text from an escape of ours', () => {
    expect(inertText('\\u{200b} "x"')).toBe('"\\\\u{200b} \\"x\\""');
    expect(inertText('\u001b[31mred\r')).toBe('"\\u001b[31mred\\r"');
  });

  it('names the characters that it escapes', () => {
    expect(suspects('a\u200bb\u200b \u202e\n p\u0430y')).toEqual(['U+200B', 'U+202E', 'U+0430']);
    expect(suspects('plain\ttext\n')).toEqual([]);
  });

  it('never lets through what a terminal obeys, and keeps JSON the same JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(inertText(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        const json = inertJson({ text: text.toWellFormed() });
        expect(json).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(json)).toEqual({ text: text.toWellFormed() });
      }),
    );
  });
});
