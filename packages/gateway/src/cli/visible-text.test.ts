import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from './visible-text.js';

test('shows terminal escapes, line breaks and characters that change the direction of text', () => {
  expect(visibleText('a\u001b[31mb\n')).toBe('a\\x1b[31mb\\x0a');
  expect(visibleText('user\u202Etxt.exe\u200b')).toBe('user\\u{202e}txt.exe\\u{200b}');
});

test('leaves letters of every script as they are', () => {
  expect(visibleText('Grüße, 世界 🙂')).toBe('Grüße, 世界 🙂');
});

test('never lets a control character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
