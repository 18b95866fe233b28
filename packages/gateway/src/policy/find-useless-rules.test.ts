import { describe, expect, test } from 'vitest';
import { policyOf, type RuleDraft } from './policy-fixture.js';
import type { PolicyProblem } from './policy-problem.js';

function useless(...rules: RuleDraft[]): PolicyProblem[] {
  return policyOf(...rules).check({ tools: [] }, [{ id: 'fs', up: false }]);
}

describe('a rule that lets calls pass', () => {
  const deny = { effect: 'deny' as const };

  test.each<[string, RuleDraft, RuleDraft]>([
    ['by one about everything', { effect: 'allow', match: { tools: ['a'] } }, deny],
    [
      'by one with a wider wildcard',
      { effect: 'allow', match: { tools: ['read_*', 'read'] } },
      { ...deny, match: { tools: ['re*'] } },
    ],
    [
      'by one with the same name',
      { effect: 'allow', match: { tools: ['read'] } },
      { ...deny, match: { tools: ['write', 'read'] } },
    ],
    [
      'by the own name of the tool',
      { effect: 'allow', match: { tools: ['fs:read'] } },
      { ...deny, match: { tools: ['read'] } },
    ],
    ['under the same condition', { effect: 'allow', when: 'args.a == 1' }, { ...deny, when: 'args.a == 1' }],
    [
      'by one that hides',
      { effect: 'ask', match: { prompts: ['x'] } },
      { effect: 'hide', match: { prompts: ['*'] } },
    ],
    [
      'by one that asks',
      { effect: 'allow', match: { tools: ['x'] } },
      { effect: 'ask', match: { tools: ['x'] } },
    ],
    [
      'for its callers',
      { effect: 'allow', match: { principals: ['ann'], roles: ['agent'] } },
      { ...deny, match: { principals: ['a*'] } },
    ],
    [
      'for its roles',
      { effect: 'allow', match: { roles: ['agent'] } },
      { ...deny, match: { roles: ['agent', 'admin'] } },
    ],
    [
      'for its labels',
      { effect: 'allow', match: { labels: { team: ['red'] } } },
      { ...deny, match: { labels: { team: ['r*'] } } },
    ],
    [
      'for its methods',
      { effect: 'allow', match: { tools: ['x'] } },
      { ...deny, match: { methods: ['tools/*', 'tasks/*'] } },
    ],
    [
      'for questions',
      { effect: 'allow', match: { methods: ['sampling/createMessage'] } },
      { ...deny, match: { methods: ['sampling/*'] } },
    ],
    [
      'for its annotations',
      { effect: 'allow', match: { annotations: { readOnly: true } } },
      { ...deny, match: { annotations: { readOnly: true } } },
    ],
    ['in its schedule', { effect: 'allow', during: ['sat'] }, { ...deny, during: ['sat'] }],
    [
      'for its resources',
      { effect: 'allow', match: { resources: ['file:///a/*'] } },
      { ...deny, match: { resources: ['file:///*'] } },
    ],
  ])('and can never decide is found: stopped %s', (_how, passing, stopping) => {
    const found = useless(passing, stopping);
    expect(found.map(({ rule }) => rule)).toEqual(['r0']);
    expect(found[0]?.message).toContain('can never decide a call: rule "r1"');
    expect(useless(stopping, passing).map(({ rule }) => rule)).toEqual(['r1']);
  });

  test.each<[string, RuleDraft, RuleDraft]>([
    ['narrower', { effect: 'allow', match: { tools: ['re*'] } }, { ...deny, match: { tools: ['read_*'] } }],
    ['conditional', { effect: 'allow' }, { ...deny, when: 'args.a == 1' }],
    ['for a time only', { effect: 'allow' }, { ...deny, during: ['sat'] }],
    ['about other callers', { effect: 'allow' }, { ...deny, match: { principals: ['ann'] } }],
    [
      'about other upstreams',
      { effect: 'allow', match: { tools: ['read'] } },
      { ...deny, match: { upstreams: ['fs'], tools: ['read'] } },
    ],
    ['on trial', { effect: 'allow' }, { ...deny, shadow: true }],
    ['silent about questions', { effect: 'allow', match: { methods: ['*'] } }, deny],
    ['about tools only', { effect: 'allow' }, { ...deny, match: { tools: ['*'] } }],
    [
      'about other kinds',
      { effect: 'allow', match: { tools: ['x'] } },
      { ...deny, match: { prompts: ['*'] } },
    ],
    [
      'about another label',
      { effect: 'allow', match: { labels: { team: ['red'] } } },
      { ...deny, match: { labels: { site: ['*'] } } },
    ],
    ['itself on trial', { effect: 'allow', shadow: true }, deny],
  ])('is left alone beside one that is %s', (_how, passing, stopping) => {
    expect(useless(passing, stopping).filter(({ message }) => message.includes('never decide'))).toEqual([]);
  });

  test('is told with its place and a remedy', () => {
    const origin = { file: 's.yaml', line: 4, column: 7 };
    const [found] = useless(
      { id: 'open', effect: 'allow', origin },
      { id: 'shut', ...deny, reason: 'no', origin: { file: 's.yaml', line: 9 } },
    );
    expect(found?.message).toBe(
      'rule "open" (s.yaml:4:7): can never decide a call: rule "shut" (s.yaml:9) denies everything it is about; narrow one of them or remove this one',
    );
  });

  test('is looked at quickly among many', () => {
    const rules = Array.from({ length: 5_000 }, (_, index): RuleDraft[] => [
      { effect: 'allow', match: { tools: [`a${index}_*`] } },
      { effect: 'deny', match: { tools: [`b${index}_*`] } },
    ]).flat();
    const policy = policyOf(...rules);
    const started = process.cpuUsage();
    policy.check({ tools: [] }, []);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2_000);
  });
});
