import { describe, expect, test } from 'vitest';
import { faultsOfForeign } from './dialect-fixture.js';

const header = 'version: "1"\n';

describe('what is not understood is refused', () => {
  const rule = (text: string) => `tools: {t: {rules: [${text}]}}\n`;
  test.each<[string, string]>([
    ['defualt: deny\ntools: {}\n', 'did you mean "default"?'],
    ['default: block\ntools: {}\n', 'found "block"; expected "allow" or "deny"'],
    [rule('{action: deny}'), 'tools.t.rules[0].name: found nothing; expected a name'],
    [rule('{name: r, action: block}'), 'found "block"'],
    [
      rule('{name: r, action: deny, conditions: [{path: args.x, op: exists}]}'),
      'has no place in a rule with the action "deny"',
    ],
    [rule('{name: r}'), 'found none; expected at least one condition'],
    [rule('{name: r, conditions: [{path: args.x, op: equals, value: 1}]}'), 'found "equals"'],
    [rule('{name: r, conditions: [{path: args.x, op: lt, value: ten}]}'), 'found "ten"; expected a number'],
    [rule('{name: r, conditions: [{path: args.x, op: lt, value: .nan}]}'), 'expected a number'],
    [rule('{name: r, conditions: [{path: args.x, op: in, value: a}]}'), 'expected a list of values'],
    [
      rule('{name: r, conditions: [{path: args.x, op: regex, value: "(?=a)"}]}'),
      'no regular expression that RE2 takes',
    ],
    [
      rule('{name: r, conditions: [{path: args.x.0, op: eq, value: a}]}'),
      'expected args and names behind it',
    ],
    [rule('{name: r, conditions: [{path: args, op: exists}]}'), 'expected args and names behind it'],
    [rule('{name: r, conditions: [{path: tool.x, op: exists}]}'), 'expected args and names behind it'],
    [rule('{name: r, conditions: [{path: args.x, op: exists, vaule: true}]}'), 'did you mean "value"?'],
    [rule('{name: r, rate_limit: 5/week}'), 'expected such as 5/minute'],
    [rule('{name: r, rate_limit: 0/minute}'), 'expected such as 5/minute'],
    [rule('{name: r, rate_limit: 5/minute, state: {}}'), 'cannot be combined with rate_limit'],
    [rule('{name: r, rate_limit: 5/minute, action: deny}'), 'cannot be combined with rate_limit'],
    [
      rule('{name: r, conditions: [{path: state.t.c, op: lt, value: 5}]}'),
      'reads a counter that the rule does not count',
    ],
    [
      rule('{name: r, conditions: [{path: state.u.c, op: lt, value: 5}], state: {counter: c, window: day}}'),
      'found another counter',
    ],
    [
      rule('{name: r, conditions: [{path: state.t.c, op: eq, value: 5}], state: {counter: c, window: day}}'),
      'found "eq"; expected "lt" or "lte"',
    ],
    [
      rule('{name: r, conditions: [{path: state.t.c, op: lt, value: 5}], state: {counter: c, window: week}}'),
      'found "week"',
    ],
    [
      rule(
        '{name: r, conditions: [{path: state.t.c, op: lt, value: 5}], state: {counter: c, window: day, increment: -1}}',
      ),
      'found -1',
    ],
    [
      rule('{name: r, conditions: [{path: args.x, op: exists}], state: {counter: c, window: day}}'),
      'counts without a limit',
    ],
    [rule('{name: r, action: require_approval, approval_timeout: soon}'), 'expected a time such as 30m'],
    [rule('{name: r, action: deny, approval_timeout: 30m}'), 'is only for rules with the action'],
  ])('%s', async (text, reason) => {
    expect((await faultsOfForeign('policy.yaml', header + text)).join('\n')).toContain(reason);
  });

  test('a version that is not known, and each problem at its place', async () => {
    const text = 'version: "2"\ntools:\n  t:\n    rules:\n      - name: r\n        actoin: deny\n';
    expect(await faultsOfForeign('policy.yaml', text)).toEqual([
      'policy.yaml:1:1: version: found "2"; expected "1"',
      expect.stringContaining('policy.yaml:6:9: tools.t.rules[0].actoin: unknown key "actoin"'),
      expect.stringContaining('conditions: found none'),
    ]);
  });
});
