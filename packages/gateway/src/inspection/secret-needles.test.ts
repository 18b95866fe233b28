import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needlesOf } from './secret-needles.js';
import { undoEscapes } from './undo-escapes.js';

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');

/** The ways in which one character may be spelled. */
function spellingsOf(character: string): string[] {
  const codes = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const bytes = [...Buffer.from(character)];
  return [
    character,
    JSON.stringify(character).slice(1, -1),
    codes.map((code) => `\\u${hex(code, 4)}`).join(''),
    codes.map((code) => `\\\\\\u${hex(code, 4).toUpperCase()}`).join(''),
    bytes.map((byte) => `%${hex(byte, 2)}`).join(''),
    bytes.map((byte) => `%2525${hex(byte, 2).toUpperCase()}`).join(''),
    ...(character === ' ' ? ['+'] : []),
  ];
}

test('the probe of a needle stands in every text that its pattern matches, once escapes are undone', {
  timeout: 30_000,
}, () => {
  const secret = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'%\\u0025cdeéĥ Zz\n"/'.split('')),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    minLength: 8,
    maxLength: 30,
  });
  const around = fc.string({ unit: fc.constantFrom('%', '2', '5', '\\', 'u', '0', 'c', ' '), maxLength: 6 });
  const choices = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
  let matched = 0;
  fc.assert(
    fc.property(secret, choices, fc.tuple(around, around), (value, choice, [before, after]) => {
      const spelled = (value.match(/./gsu) ?? []).map((character, index) => {
        const spellings = spellingsOf(character);
        return spellings[(choice[index] ?? 0) % spellings.length] ?? '';
      });
      const text = before + spelled.join('') + after;
      const [needle] = needlesOf(value);
      if (needle === undefined || needle.escaped.spansIn(text).length === 0) return;
      matched += 1;
      expect(undoEscapes(text)).toContain(needle.probe);
    }),
    { numRuns: 3000 },
  );
  expect(matched).toBeGreaterThan(1000);
});

test('ordinary credentials have a probe that is nearly the whole of them', () => {
  for (const secret of ['ghp_1234567890abcdefghij', 'sk-live-abcdefghijklmnop', 'AKIAIOSFODNN7EXAMPLE']) {
    for (const { probe, text } of needlesOf(secret)) expect(probe.length).toBeGreaterThan(text.length - 9);
  }
});
