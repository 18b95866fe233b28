import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  matchAll,
  matchAny,
  matchContextEq,
  matchContextExists,
  matchContextGte,
  matchContextIn,
  matchContextLt,
  matchContextLte,
  matchContextRegex,
  matchDestination,
  matchNot,
  matchTool,
} from './build-matchers.js';
import { compileMatcher } from './compile-matcher.js';
import type { Matcher } from './matcher.js';
import type { RiskAction } from './risk-action.js';
import { RiskPolicy, type RiskRule, type RiskSpec } from './risk-policy.js';
import { outcomeProfiles, type WaveNumber } from './wave.js';

function actionWith(context: RiskAction['context'], more: Partial<RiskAction> = {}): RiskAction {
  const named = { system: 's', action: 'a', tools: ['s_a'], actor: 'x', destinations: [] };
  return { ...named, ...(context && { context }), ...more };
}

describe('a matcher', () => {
  const context = { n: 5, big: 12_345_678_901_234_567_890n, text: 'abc', deep: { n: 1 }, 'a.b': true };

  test.each<[string, Matcher, boolean | 'review' | 'block']>([
    ['at least', matchContextGte('n', 5), true],
    ['less than', matchContextLt('n', 5), false],
    ['at most', matchContextLte('n', 5), true],
    ['a big integer', matchContextGte('big', 1e10), true],
    ['within an object', matchContextLte('deep.n', 1), true],
    ['a name with a dot', matchContextExists(['a.b']), true],
    ['a path where there is such a name', matchContextExists('a.b'), false],
    ['equal', matchContextEq('text', 'abc'), true],
    ['not equal', matchContextEq('text', 'abd'), false],
    ['of another type', matchContextEq('n', '5'), 'review'],
    ['one of some', matchContextIn('n', [1, 5]), true],
    ['found by an expression', matchContextRegex('text', '^a.c$'), true],
    ['no text for an expression', matchContextRegex('n', '5'), 'review'],
    ['missing', matchContextGte('none', 1), 'review'],
    ['missing and blocked', matchContextGte('none', 1, { whenMissing: 'block' }), 'block'],
    ['missing and matched', matchContextGte('none', 1, { whenMissing: 'match' }), true],
    ['missing and let go', matchContextGte('none', 1, { whenMissing: 'no_match' }), false],
    ['not there', matchContextExists('none'), false],
    ['an inherited name', matchContextExists('constructor'), false],
    ['not, of the untold', matchNot(matchContextGte('none', 1)), 'review'],
    ['false beside the untold', matchAll(matchContextGte('none', 1), matchTool('other')), false],
    ['true beside the untold', matchAny(matchContextGte('none', 1), matchTool('s_*')), true],
    [
      'the worse of two untold',
      matchAll(matchContextGte('none', 1), matchContextGte('none', 1, { whenMissing: 'block' })),
      'block',
    ],
    ['nothing', {}, true],
  ])('%s', (_what, matcher, answer) => {
    expect(compileMatcher(matcher)(actionWith(context))).toBe(answer);
  });

  test('of destinations has no harmless one hide another', () => {
    const matches = compileMatcher(matchDestination('*@corp.example'));
    const going = (...destinations: string[]) => matches(actionWith({}, { destinations }));
    expect(going('a@corp.example', 'b@corp.example')).toBe(true);
    expect(going('a@corp.example', 'eve@evil.example')).toBe('review');
    expect(going('eve@evil.example')).toBe(false);
    expect(going()).toBe(false);
  });
});

const leaf = fc.oneof(
  fc.constant<Matcher>({}),
  fc.constant<Matcher>({ system: 's' }),
  fc.constant<Matcher>({ system: 'other' }),
  fc
    .record({ value: fc.integer({ min: 0, max: 10 }), key: fc.constantFrom('n', 'm') })
    .map(({ key, value }) => matchContextGte(key, value)),
);
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
  leaf.map((not) => ({ not })),
);
const wave = fc.constantFrom<WaveNumber>(1, 2, 3, 4, 5);
const draft = fc.record({
  match: matcher,
  score: fc.integer({ min: -100, max: 100 }),
  minWave: fc.option(wave, { nil: undefined }),
});
const rules = fc
  .array(draft, { maxLength: 5 })
  .map((drafts) => drafts.map((one, index): RiskRule => ({ name: `r${index}`, ...one })));
const action = fc
  .record({ n: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.string()) }, { requiredKeys: [] })
  .map((context) => actionWith(context));

function specOf(list: readonly RiskRule[]): RiskSpec {
  return { base: 0, rules: list, bands: [10, 25, 50, 80], outcomes: outcomeProfiles.wave };
}
const severity = { auto: 0, review: 1, block: 2 };

describe('an assessment', () => {
  test('is never milder for one more matching rule that takes nothing off', () => {
    fc.assert(
      fc.property(rules, draft, action, (list, added, call) => {
        const more = { ...added, name: 'added', match: {}, score: Math.abs(added.score) };
        const before = new RiskPolicy(specOf(list)).assess(call);
        const after = new RiskPolicy(specOf([...list, more])).assess(call);
        expect(after.wave).toBeGreaterThanOrEqual(before.wave);
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome]);
      }),
    );
  });

  test('is never below the floor of a rule that matches', () => {
    fc.assert(
      fc.property(rules, wave, action, (list, floor, call) => {
        const rule = { name: 'floor', match: {}, score: -100, minWave: floor };
        expect(new RiskPolicy(specOf([...list, rule])).assess(call).wave).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  test('does not depend on the order of the rules', () => {
    fc.assert(
      fc.property(rules, action, (list, call) => {
        const one = new RiskPolicy(specOf(list)).assess(call);
        const other = new RiskPolicy(specOf(list.toReversed())).assess(call);
        expect([other.wave, other.outcome, other.score]).toEqual([one.wave, one.outcome, one.score]);
      }),
    );
  });

  test('is at least what a list was told', () => {
    fc.assert(
      fc.property(rules, action, (list, call) => {
        const policy = new RiskPolicy(specOf(list));
        const { context: _context, ...named } = call;
        const least = policy.leastOutcome(named);
        expect(severity[policy.assess(call).outcome]).toBeGreaterThanOrEqual(severity[least]);
      }),
    );
  });
});
