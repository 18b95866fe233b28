import { describe, expect, test } from 'vitest';
import type { Limit } from '../model/obligation.js';
import { compilePolicy } from './policy.js';
import { asked, faultsOf, listed, policyOf, type RuleDraft, toolOf } from './policy-fixture.js';

const pay = toolOf('pay', { amount: { type: 'number' }, to: { type: 'string' } });
const decide = (args: object, ...rules: RuleDraft[]) => policyOf(...rules).decide(asked(pay, args as never));

const perMinute: Limit = {
  kind: 'rate',
  id: 'calls',
  per: ['principal'],
  max: 60,
  windowMs: 60_000,
  algorithm: 'sliding',
};
const perDay: Limit = {
  kind: 'budget',
  id: 'day',
  per: ['principal'],
  maxMicros: 1_000_000_000n,
  unit: 'EUR',
  cost: { kind: 'argument', path: ['amount'] },
  window: 'day',
  refundOn: [],
};

describe('what several rules oblige to', () => {
  const policy = policyOf(
    { effect: 'allow' },
    { effect: 'limit', limits: [perMinute] },
    { effect: 'limit', when: 'args.amount > 100.0', limits: [perDay] },
  );
  const decideFor = (amount: number) => policy.decide(asked(pay, { amount }));

  test('is one decision as long as the same rules match, and another when others do', () => {
    expect(decideFor(5)).toBe(decideFor(7));
    expect(decideFor(500)).not.toBe(decideFor(5));
    expect(decideFor(500)).toBe(decideFor(700));
    expect([decideFor(5), decideFor(500)].map(({ obligations }) => obligations?.limits?.length)).toEqual([
      1, 2,
    ]);
  });
});

describe('asking', () => {
  const rules: RuleDraft[] = [
    { effect: 'allow', when: 'args.amount <= 100.0' },
    {
      effect: 'ask',
      when: 'args.amount > 100.0 && args.amount <= 10000.0',
      reason: 'Finance approves.',
      approval: { approvers: ['finance'], quorum: 2 },
    },
  ];

  test('beats allowing and is beaten by denying and hiding', () => {
    expect(decide({ amount: 5 }, ...rules).effect).toBe('allow');
    expect(decide({ amount: 500 }, ...rules)).toMatchObject({ effect: 'ask', rule: 'r1' });
    expect(decide({ amount: 20_000 }, ...rules).effect).toBe('deny');
    expect(decide({ amount: 500 }, ...rules, { effect: 'allow' }).effect).toBe('ask');
    expect(decide({ amount: 500 }, ...rules, { effect: 'deny' }).effect).toBe('deny');
    expect(decide({ amount: 500 }, ...rules, { effect: 'hide' }).effect).toBe('hide');
    expect(decide({ amount: 500 }, ...rules, { effect: 'allow', when: 'args.to == "x"' }).effect).toBe(
      'deny',
    );
  });

  test('carries the terms of every rule that asks', () => {
    const decision = decide({ amount: 500 }, ...rules, { effect: 'ask', approval: { mode: 'hold' } });
    expect(decision.reason).toBe('A person must approve it first, by rule "r1": Finance approves.');
    expect(decision.obligations).toEqual({
      limits: [],
      approvals: [
        { rule: 'r1', reason: 'Finance approves.', approvers: ['finance'], quorum: 2 },
        { rule: 'r2', mode: 'hold' },
      ],
    });
  });

  test('shows in lists as something that could be allowed', () => {
    expect(policyOf({ effect: 'ask' }).decide(listed(pay)).effect).toBe('ask');
    expect(policyOf({ effect: 'ask', when: 'args.amount > 1.0' }).decide(listed(pay)).effect).toBe('ask');
  });
});

describe('limits', () => {
  test('of every rule that matches go with what is let pass, whichever decides', () => {
    const rules: RuleDraft[] = [
      { effect: 'limit', limits: [perMinute] },
      { effect: 'limit', limits: [{ ...perMinute, id: 'other' }], match: { tools: ['other'] } },
      { effect: 'allow', limits: [perDay], when: 'args.amount < 10.0' },
      { effect: 'allow' },
    ];
    expect(decide({ amount: 5 }, ...rules).obligations).toEqual({ limits: [perDay, perMinute] });
    expect(decide({ amount: 50 }, ...rules).obligations).toEqual({ limits: [perMinute] });
    expect(decide({ amount: 5 }, ...rules, { effect: 'deny' }).obligations).toBeUndefined();
    expect(decide({ amount: 5 }, ...rules, { effect: 'ask' }).obligations?.limits).toEqual([
      perDay,
      perMinute,
    ]);
  });

  test('give no permission of their own', () => {
    expect(decide({ amount: 5 }, { effect: 'limit', limits: [perMinute] })).toMatchObject({ effect: 'deny' });
    expect(decide({ amount: 5 }, { effect: 'limit', limits: [perMinute] }).obligations).toBeUndefined();
    const open = compilePolicy({
      default: 'allow',
      rules: [{ id: 'l', match: {}, effect: 'limit', limits: [perMinute] }],
    });
    expect(open.decide(asked(pay))).toMatchObject({ effect: 'allow', obligations: { limits: [perMinute] } });
  });

  test('deny when it cannot be told whether they apply', () => {
    const decision = decide(
      { amount: 5 },
      { effect: 'allow' },
      { effect: 'limit', limits: [perMinute], when: 'args.to == "x"' },
    );
    expect(decision).toMatchObject({ effect: 'deny', rule: 'r1' });
  });

  test.each<[RuleDraft[], string]>([
    [[{ effect: 'limit' }], 'has the effect "limit" and no limits'],
    [[{ effect: 'deny', limits: [perMinute] }], 'lets nothing pass; use the effect "limit"'],
    [[{ effect: 'allow', approval: { quorum: 2 } }], 'use the effect "ask"'],
    [[{ effect: 'limit', limits: [perMinute], shadow: true }], 'is not tried out'],
    [
      [
        { effect: 'allow', limits: [perMinute] },
        { effect: 'allow', limits: [{ ...perMinute, max: 30 }] },
      ],
      'the limit "calls" is another in rule "r0"',
    ],
    [
      [{ effect: 'allow', limits: [{ ...perDay, zone: 'Europe/Berln' }] }],
      'names "Europe/Berln", which is no time zone',
    ],
    [
      [{ effect: 'allow', during: ['09:00-09:00'] }],
      'during[0] "09:00-09:00" begins and ends at the same time',
    ],
    [[{ effect: 'allow', during: [] }], 'during is empty'],
  ])('are refused at load where they make no sense: %#', (rules, reason) => {
    expect(faultsOf(...rules)[0]).toContain(reason);
  });
});

describe('schedules', () => {
  const office: RuleDraft = {
    effect: 'allow',
    during: ['mon-fri 09:00-17:00 Europe/Berlin', 'sat 10:00-12:00 Europe/Berlin'],
  };
  const at = (iso: string, ...rules: RuleDraft[]) =>
    policyOf(...rules).decide(asked(pay, {}, { at: Date.parse(iso) })).effect;

  test('say when a rule applies', () => {
    expect(at('2026-06-10T07:00:00Z', office)).toBe('allow');
    expect(at('2026-06-10T06:59:59.999Z', office)).toBe('deny');
    expect(at('2026-06-13T08:30:00Z', office)).toBe('allow');
    expect(at('2026-06-13T08:30:00Z', { effect: 'allow' }, { effect: 'deny', during: ['sat'] })).toBe('deny');
    expect(at('2026-06-12T08:30:00Z', { effect: 'allow' }, { effect: 'deny', during: ['sat'] })).toBe(
      'allow',
    );
  });

  test('do not change lists, which show what could ever be called', () => {
    expect(policyOf(office).decide(listed(pay)).effect).toBe('allow');
    expect(
      policyOf({ effect: 'allow' }, { effect: 'deny', during: ['00:00-24:00'] }).decide(listed(pay)).effect,
    ).toBe('allow');
  });

  test('keep a condition from being looked at while they are closed', () => {
    expect(
      at(
        '2026-06-14T08:30:00Z',
        { effect: 'allow' },
        { effect: 'deny', during: ['sat'], when: 'args.to == "x"' },
      ),
    ).toBe('allow');
  });
});

describe('rules on trial', () => {
  test('change nothing and say what they would', () => {
    const decision = decide({ amount: 5 }, { effect: 'allow' }, { effect: 'deny', shadow: true });
    expect(decision).toMatchObject({
      effect: 'allow',
      rule: 'r0',
      shadow: { effect: 'deny', verdicts: [{ by: 'r1', effect: 'deny' }] },
    });
    expect(
      decide({ amount: 5 }, { effect: 'allow' }, { effect: 'deny', shadow: true, when: 'args.amount > 9.0' })
        .shadow,
    ).toBeUndefined();
    expect(decide({ amount: 5 }, { effect: 'allow', shadow: true })).toMatchObject({
      effect: 'deny',
      shadow: { effect: 'allow' },
    });
    expect(decide({ amount: 5 }, { effect: 'deny' }, { effect: 'allow', shadow: true }).shadow).toMatchObject(
      { effect: 'deny' },
    );
  });

  test('that fail are told as faults and deny nothing', () => {
    const decision = decide(
      { amount: 5 },
      { effect: 'allow' },
      { effect: 'allow', shadow: true, when: 'args.to == "x"' },
    );
    expect(decision).toMatchObject({
      effect: 'allow',
      shadow: { effect: 'deny', verdicts: [{ by: 'r1', effect: 'fault' }] },
    });
  });

  test('are named up to a number', () => {
    const many = Array.from({ length: 20 }, () => ({ effect: 'deny' as const, shadow: true }));
    expect(decide({ amount: 5 }, { effect: 'allow' }, ...many).shadow?.verdicts).toHaveLength(8);
  });
});

describe('the revision', () => {
  test('tells apart everything that changes what is decided', () => {
    const revision = (rule: RuleDraft) => policyOf(rule).revision;
    const base: RuleDraft = { effect: 'allow' };
    const variants: RuleDraft[] = [
      base,
      { ...base, shadow: true },
      { ...base, during: ['sat'] },
      { ...base, limits: [perMinute] },
      { ...base, limits: [perDay] },
      { ...base, match: { roles: ['admin'] } },
      { ...base, match: { labels: { team: ['red'] } } },
      { ...base, match: { annotations: { readOnly: true } } },
      { effect: 'ask' },
      { effect: 'ask', approval: { quorum: 2 } },
    ];
    expect(new Set(variants.map(revision)).size).toBe(variants.length);
    expect(revision({ ...base, shadow: false })).toBe(revision(base));
    expect(revision({ ...base, during: ['sat', 'sun'] })).toBe(revision({ ...base, during: ['sun', 'sat'] }));
  });
});
