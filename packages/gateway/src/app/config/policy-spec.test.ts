import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.js';
import { configInMemory } from './load-config.js';
import { policySpecOf } from './policy-spec.js';

const load = (policy: object, more: object = {}) =>
  configInMemory({ upstreams: {}, policy, ...more } as never, '.', { environment: {} });

async function faultsOf(rule: object): Promise<string[]> {
  try {
    await load({ rules: [{ id: 'r', effect: 'allow', ...rule }] });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

describe('the policy of a configuration', () => {
  test('keeps everything that a rule says', async () => {
    const rule = {
      id: 'r',
      match: {
        tools: ['a*'],
        prompts: ['p'],
        resources: ['file:///*'],
        methods: ['tools/call'],
        upstreams: ['fs'],
        principals: ['ann'],
        labels: { team: ['red'] },
        roles: ['agent', 'approver'],
        annotations: { readOnly: true },
      },
      when: 'args.x == 1',
      during: ['sat Europe/Berlin'],
      effect: 'ask',
      reason: 'Ann looks.',
      shadow: true,
      approval: { mode: 'hold', approvers: ['finance'], waitSeconds: 50, expiresSeconds: 3600, quorum: 2 },
    };
    const { approval: _terms, ...same } = rule;
    expect(policySpecOf(await load({ rules: [rule] })).rules).toEqual([
      {
        ...same,
        approval: { mode: 'hold', approvers: ['finance'], waitMs: 50_000, expiresMs: 3_600_000, quorum: 2 },
      },
    ]);
  });

  test('turns limits into exact amounts and milliseconds, and names them after their rule', async () => {
    const limits = [
      { kind: 'rate', max: 60, windowSeconds: 60, queueSeconds: 1.5 },
      { kind: 'repeat', max: 3, windowSeconds: 30, id: 'same', per: ['session', 'arg:customer.id'] },
      {
        kind: 'budget',
        max: '12.50',
        cost: { argument: 'order.amount', optional: true },
        window: 'day',
        zone: 'Europe/Berlin',
      },
      { kind: 'budget', max: 3, unit: 'rows', cost: { result: 'count', reserve: '1' }, refundOn: [] },
      { kind: 'budget', max: 3, cost: { fixed: 0.25 } },
      { kind: 'budget', max: 3, cost: { price: true } },
    ];
    const { rules } = policySpecOf(await load({ rules: [{ id: 'pay', effect: 'limit', limits }] }));
    const per = ['principal'];
    const budget = {
      kind: 'budget',
      per,
      unit: 'USD',
      window: 'total',
      refundOn: ['rpc_error'],
      maxMicros: 3_000_000n,
    };
    expect(rules[0]?.limits).toEqual([
      { kind: 'rate', id: 'pay', per, max: 60, windowMs: 60_000, algorithm: 'sliding', queueMs: 1_500 },
      { kind: 'repeat', id: 'same', per: ['session', 'arg:customer.id'], max: 3, windowMs: 30_000 },
      {
        ...budget,
        id: 'pay-3',
        maxMicros: 12_500_000n,
        window: 'day',
        zone: 'Europe/Berlin',
        cost: { kind: 'argument', path: ['order', 'amount'], optional: true },
      },
      {
        ...budget,
        id: 'pay-4',
        unit: 'rows',
        refundOn: [],
        cost: { kind: 'result', path: ['count'], reserveMicros: 1_000_000n },
      },
      { ...budget, id: 'pay-5', cost: { kind: 'fixed', micros: 250_000n } },
      { ...budget, id: 'pay-6', cost: { kind: 'price' } },
    ]);
  });

  test('knows the methods of extensions that are relayed', async () => {
    const relay = { name: 'com.example/reports', methods: ['reports/run'], upstream: 'fs' };
    const more = { upstreams: { fs: { command: 'fs' } }, extensions: { relay: [relay] } };
    expect(policySpecOf(await load({}, more)).relayedMethods).toEqual(['reports/run']);
  });

  test.each<[object, string]>([
    [
      { effect: 'alow' },
      'policy.rules[0].effect: found "alow"; expected "allow", "ask", "deny", "hide", "limit" or "confirm"',
    ],
    [{ match: { tool: ['x'] } }, 'unknown key "tool"'],
    [{ match: { annotations: { readonly: true } } }, 'did you mean "readOnly"?'],
    [
      { match: { labels: { team: 'red' } } },
      'policy.rules[0].match.labels.team: found "red"; expected a list',
    ],
    [{ match: { roles: ['root'] } }, 'policy.rules[0].match.roles[0]: found "root"; expected "agent"'],
    [{ during: 'sat' }, 'policy.rules[0].during: found "sat"; expected a list'],
    [{ limits: [{ kind: 'rate', max: 3, window: 60 }] }, 'windowSeconds'],
    [
      { limits: [{ kind: 'rate', max: 0, windowSeconds: 60 }] },
      'policy.rules[0].limits[0].max: found 0; expected at least 1',
    ],
    [{ limits: [{ kind: 'rat', max: 3, windowSeconds: 60 }] }, 'policy.rules[0].limits[0]'],
    [{ limits: [{ kind: 'budget', max: '-1', cost: { fixed: 1 } }] }, 'policy.rules[0].limits[0].max'],
    [{ limits: [{ kind: 'budget', max: '1e3', cost: { fixed: 1 } }] }, 'decimal text such as "12.50"'],
    [{ limits: [{ kind: 'budget', max: 3, cost: { fixd: 1 } }] }, 'policy.rules[0].limits[0].cost'],
    [
      { limits: [{ kind: 'rate', max: 3, windowSeconds: 60, per: ['user'] }] },
      'expected principal, credential, session',
    ],
    [{ approval: { approver: ['x'] } }, 'did you mean "approvers"?'],
    [{ approval: { quorum: 1.5 } }, 'policy.rules[0].approval.quorum: found 1.5; expected a whole number'],
  ])('refuses %j and says what would be right', async (rule, message) => {
    expect((await faultsOf(rule)).join('\n')).toContain(message);
  });
});
