import { describe, expect, test } from 'vitest';
import { Limits } from '../../limits/limits.js';
import { asked, listed, promptOf, toolOf } from '../../policy/policy-fixture.js';
import { decideTwice, type Loaded, loadForeign, outcomeOf } from './dialect-fixture.js';

const header = 'version: "1"\n';
const load = (text: string) => loadForeign('policy.yaml', header + text);

type Case = readonly [tool: string, args: object, expected: string];

function check(loaded: Loaded, cases: readonly Case[]): void {
  const found = cases.map(([tool, args]) => [
    tool,
    args,
    outcomeOf(loaded, asked(toolOf(tool), args as never)),
  ]);
  expect(found).toEqual(cases);
}

/** A rule of the tool `t` with one condition about `args.x`. */
function condition(op: string, value: unknown, path = 'args.x'): string {
  const json = JSON.stringify({ path, op, ...(value === undefined ? {} : { value }) });
  return `tools: {t: {rules: [{name: r, conditions: [${json}], on_deny: No.}]}}\n`;
}

describe('operators', () => {
  test.each<[op: string, value: unknown, pass: unknown[], fail: unknown[]]>([
    ['eq', 'a', ['a'], ['b', 'A', '', 'aa']],
    ['eq', 5, [5n, 5, '5'], [6n, '6', 5.5, '05']],
    ['eq', true, [true, 'true'], [false, 'yes']],
    ['neq', 'a', ['b', 5n], ['a']],
    ['neq', 5, [6n, 'x'], [5n, '5']],
    ['in', ['a', 'b', 3], ['a', 'b', 3n, '3'], ['c', 4n, '']],
    ['not_in', ['a', 'b'], ['c', 5n], ['a', 'b']],
    ['lt', 10, [9n, 9.99, -5n], [10n, 11n, 10.1, '9']],
    ['lte', 10, [10n, 9.99], [10.01, 11n, '9', 'x']],
    ['gt', 10, [11n, 10.01], [10n, 9n, '11']],
    ['gte', 10.5, [10.5, 11n], [10n, 10.4]],
    ['regex', '^a+b', ['ab', 'aabc\nd'], ['b', 'cab', 5n]],
    ['regex', 'b', ['ab', 'b', 'x\nby'], ['a']],
    ['regex', '(?i)^prod$', ['PROD', 'prod'], ['prods']],
    ['contains', 'v', ['avb', ['u', 'v']], ['x', ['vv'], []]],
    ['contains', 5, [[5n], '153', ['5']], [[6n], '1']],
    ['exists', true, ['', 0n, false], [null]],
    ['exists', undefined, ['x'], [null]],
    ['exists', false, [null], ['x']],
  ])('%s lets pass what it means and nothing else: %#', async (op, value, pass, fail) => {
    const loaded = await load(condition(op, value));
    const missing = op === 'exists' && value === false ? 'allow' : 'deny';
    check(loaded, [
      ...pass.map((x): Case => ['t', { x }, 'allow']),
      ...fail.map((x): Case => ['t', { x }, 'deny']),
      ['t', {}, missing],
      ['t', { x: { y: 1n } }, op === 'exists' && value !== false ? 'allow' : 'deny'],
      ['other', {}, 'allow'],
    ]);
  });

  test('reach into objects, and say why not', async () => {
    const loaded = await load(condition('lte', 100, 'args.order.amount'));
    check(loaded, [
      ['t', { order: { amount: 100n } }, 'allow'],
      ['t', { order: { amount: 101n } }, 'deny'],
      ['t', { order: {} }, 'deny'],
      ['t', { order: 5n }, 'deny'],
      ['t', {}, 'deny'],
    ]);
    expect(decideTwice(loaded, asked(toolOf('t'), { order: { amount: 500n } })).reason).toContain('No.');
  });
});

describe('rules', () => {
  test('of a tool and of all must all hold', async () => {
    const loaded = await load(`
tools:
  pay:
    rules:
      - name: cap
        conditions:
          - {path: args.amount, op: lte, value: 100}
          - {path: args.currency, op: in, value: [EUR, USD]}
        on_deny: At most 100, in EUR or USD.
      - name: known
        conditions: [{path: args.to, op: exists, value: true}]
  wipe: {rules: [{name: never, action: deny, on_deny: Never.}]}
  "*":
    rules:
      - name: no-root
        conditions: [{path: args.user, op: neq, value: root}]
`);
    const base = { amount: 5n, currency: 'EUR', to: 'x', user: 'ann' };
    check(loaded, [
      ['pay', base, 'allow'],
      ['pay', { ...base, amount: 101n }, 'deny'],
      ['pay', { ...base, currency: 'GBP' }, 'deny'],
      ['pay', { ...base, to: null }, 'deny'],
      ['pay', { ...base, user: 'root' }, 'deny'],
      ['wipe', base, 'deny'],
      ['other', { user: 'ann' }, 'allow'],
      ['other', { user: 'root' }, 'deny'],
      ['other', {}, 'deny'],
    ]);
  });

  test('default deny lets listed tools alone pass, and "*" rescues none', async () => {
    const loaded = await load(
      'default: deny\ntools:\n  read: {}\n  pay: {rules: [{name: a, action: deny}]}\n  "*": {rules: [{name: r, rate_limit: 5/hour}]}\n',
    );
    check(loaded, [
      ['read', {}, 'allow all.r'],
      ['pay', {}, 'deny'],
      ['other', {}, 'deny'],
    ]);
    expect(outcomeOf(loaded, asked(promptOf('hello')))).toBe('deny');
  });

  test('default allow, which is the default, lets all else pass', async () => {
    const loaded = await load('description: For the demo.\ntools: {a: {rules: [{name: r, action: deny}]}}\n');
    check(loaded, [
      ['a', {}, 'deny'],
      ['b', {}, 'allow'],
    ]);
    expect(outcomeOf(loaded, asked(promptOf('hello')))).toBe('allow');
    expect(loaded.migrated).toContain('# For the demo.');
  });

  test('hidden tools are in no list and cannot be called, whatever else says', async () => {
    const loaded = await load('hide: [secret]\ntools: {secret: {rules: [{name: r, action: deny}]}}\n');
    check(loaded, [
      ['secret', {}, 'hide'],
      ['open', {}, 'allow'],
    ]);
    expect(decideTwice(loaded, listed(toolOf('secret'))).effect).toBe('hide');
    check(await load('hide: ["*"]\n'), [['anything', {}, 'hide']]);
  });
});

describe('approvals', () => {
  test('are asked for where the conditions hold', async () => {
    const loaded = await load(`
tools:
  refund:
    rules:
      - name: large
        action: require_approval
        approval_timeout: 1h30m
        on_deny: Large refunds are approved.
        conditions: [{path: args.amount, op: gt, value: 100}]
  wire: {rules: [{name: always, action: require_approval}]}
approvals: {webhook: {url: https://example.com/hook}}
`);
    check(loaded, [
      ['refund', { amount: 100n }, 'allow'],
      ['refund', { amount: 101n }, 'ask'],
      ['refund', {}, 'allow'],
      ['wire', {}, 'ask'],
      ['other', {}, 'allow'],
    ]);
    const { obligations } = decideTwice(loaded, asked(toolOf('refund'), { amount: 500n }));
    expect(obligations?.approvals).toEqual([
      { rule: 'refund.large', reason: 'Large refunds are approved.', mode: 'hold', expiresMs: 5_400_000 },
    ]);
    expect(loaded.config.warnings[0]).toContain('the webhook needs a secret and people');
  });
});

describe('limits', () => {
  const spend = `
tools:
  charge:
    rules:
      - name: daily
        conditions: [{path: state.charge.spent, op: lte, value: 1000}]
        state: {counter: spent, window: day, increment_from: args.amount}
        on_deny: Enough for today.
`;

  test('the shorthand counts in windows of the clock', async () => {
    const loaded = await load(
      'tools: {t: {rules: [{name: r, rate_limit: 5/minute}, {name: s, rate_limit: 9/minute}]}}\n',
    );
    check(loaded, [
      ['t', {}, 'allow t.r t.s'],
      ['u', {}, 'allow'],
    ]);
    expect(loaded.policy.decide(asked(toolOf('t'))).obligations?.limits).toContainEqual({
      kind: 'rate',
      id: 't.r',
      max: 5,
      windowMs: 60_000,
      per: [],
      algorithm: 'fixed',
    });
  });

  test('a counter of amounts is a budget', async () => {
    const loaded = await load(spend);
    check(loaded, [['charge', { amount: 5n }, 'allow charge.spent']]);
    expect(loaded.policy.decide(asked(toolOf('charge'))).obligations?.limits).toEqual([
      {
        kind: 'budget',
        id: 'charge.spent',
        maxMicros: 1_000_000_000n,
        unit: 'spent',
        window: 'day',
        per: [],
        cost: { kind: 'argument', path: ['amount'] },
        refundOn: ['rpc_error'],
      },
    ]);
  });

  test.each<[unknown, string]>([
    [5n, 'admitted'],
    [1000n, 'admitted'],
    ['12.50', 'admitted'],
    [1000.01, 'refused'],
    [-5n, 'refused'],
    ['-5', 'refused'],
    ['NaN', 'refused'],
    [[1n], 'refused'],
    [null, 'refused'],
    [undefined, 'refused'],
  ])('an increment of %s is %s', async (amount, expected) => {
    const { policy } = await load(spend);
    const target = toolOf('charge');
    const args = amount === undefined ? {} : { amount: amount as never };
    const limits = policy.decide(asked(target, args)).obligations?.limits ?? [];
    const { principal } = asked(target);
    const admission = new Limits({ clock: { now: () => 0 } as never }).admit(limits, {
      principal,
      target,
      args,
    } as never);
    expect(admission.kind).toBe(expected);
  });

  test('a counter of calls ends before lt and at lte, and may be of all tools', async () => {
    const rule = (op: string, scope: string) =>
      `tools: {"*": {rules: [{name: r, conditions: [{path: state.${scope}.calls, op: ${op}, value: 10}], state: {counter: calls, window: hour}}]}}\n`;
    const max = async (op: string) => {
      const [limit] =
        (await load(rule(op, '_global'))).policy.decide(asked(toolOf('t'))).obligations?.limits ?? [];
      return limit;
    };
    expect(await max('lte')).toMatchObject({
      id: 'global.calls',
      maxMicros: 10_000_000n,
      cost: { micros: 1_000_000n },
    });
    expect(await max('lt')).toMatchObject({ maxMicros: 9_999_999n });
  });
});
