import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked, policyOf, toolOf } from './policy-fixture.js';

const mostMs = 50;

/** Patterns that backtracking engines try in more ways than there are seconds. */
const atom = fc.constantFrom('a', '(a|a)', '(a|aa)', '(a?)', '[a-z]', '.', '(a|b|ab)', '\\w');
const many = fc.constantFrom('+', '*', '{1,8}', '+?');
const slow = fc
  .tuple(atom, many, many, fc.constantFrom('$', 'b', '!x', '(c|d)$'))
  .map(([one, inner, outer, end]) => `^(${one}${inner})${outer}${end}`);

test('a pattern made to backtrack costs a decision less than 50 ms, whatever it is', () => {
  const tool = toolOf('t', { s: { type: 'string' } });
  fc.assert(
    fc.property(slow, fc.integer({ min: 1_000, max: 5_000 }), (pattern, length) => {
      const when = `args.s.matches(${JSON.stringify(pattern)})`;
      const policy = policyOf({ effect: 'allow', when });
      const question = asked(tool, { s: `${'a'.repeat(length)}?` });
      const times = [1, 2, 3].map(() => {
        const started = performance.now();
        expect(['allow', 'deny']).toContain(policy.decide(question).effect);
        return performance.now() - started;
      });
      // What else the machine does in the meantime is not the pattern's fault.
      expect(Math.min(...times)).toBeLessThan(mostMs);
    }),
    { numRuns: 60 },
  );
});
