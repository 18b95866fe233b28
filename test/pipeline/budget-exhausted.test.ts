import { afterEach, describe, expect, test } from 'vitest';
import type { BudgetLimit } from '../../packages/gateway/src/model/obligation.js';
import { UpstreamFailure } from '../../packages/gateway/src/model/upstream.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { result, type Scene, type Stage, setStage } from './house.js';

let stage: Stage;

afterEach(() => stage.close());

const daily: BudgetLimit = {
  kind: 'budget',
  id: 'daily',
  maxMicros: 1_000_000_000n,
  unit: 'EUR',
  cost: { kind: 'argument', path: ['amount'] },
  window: 'day',
  per: ['principal'],
  refundOn: ['rpc_error'],
};

function policyOf(limit: BudgetLimit): PolicySpec {
  return {
    default: 'allow',
    rules: [{ id: 'money', match: { tools: ['transfer'] }, effect: 'limit', limits: [limit] }],
  };
}

async function open(scene: Scene = {}, limit = daily): Promise<void> {
  stage = await setStage({
    policy: policyOf(limit),
    caps: { perPrincipal: 1000, perUpstream: 1000 },
    ...scene,
  });
}

const pay = (amount: unknown) => stage.call({ to: 'acct-7', amount });

function codeOf(outcome: Awaited<ReturnType<Stage['call']>>): string {
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
}

/** What the ledger in the database says was used, in euros. */
async function inLedger(): Promise<number> {
  await stage.store.journal.drained();
  return Number(stage.store.ledger.balances(Date.now())[0]?.usedMicros ?? 0n) / 1_000_000;
}

describe('a budget', () => {
  test('is never overspent by calls that come at once, and the ledger says what the records say', async () => {
    await open();
    const codes = (await Promise.all(Array.from({ length: 100 }, () => pay(20)))).map(codeOf);
    expect(codes.filter((code) => code === 'completed')).toHaveLength(50);
    expect(codes.filter((code) => code === 'budget_exhausted')).toHaveLength(50);
    expect(stage.forwarded).toHaveLength(50);
    expect(await inLedger()).toBe(1000);
    const spent = (await stage.records())
      .filter(({ record }) => record.type === 'call.outcome')
      .flatMap(({ record }) => (record.budget as { spent: string }[]).map((line) => Number(line.spent)));
    expect(spent.reduce((sum, one) => sum + one, 0)).toBe(1000);
  });

  test('goes on after a restart where it was', async () => {
    await open();
    await pay(990);
    await stage.close({ keep: true });
    await open({ directory: stage.directory });
    expect(codeOf(await pay(20))).toBe('budget_exhausted');
    expect(codeOf(await pay(10))).toBe('completed');
  });

  test('says in the refusal what is left', async () => {
    await open();
    await pay(990);
    const refused = await pay(20);
    expect(refused.kind === 'refused' && refused.refusal.message).toMatch(
      /^The budget "daily" has 10 EUR left of 1000 EUR; the call needs 20 EUR\. It begins anew in .+ The call was not sent\.$/,
    );
  });

  test('keeps what a call that may have run was to cost', async () => {
    await open({ answer: () => Promise.reject(new UpstreamFailure('timeout', 'late', true)) });
    expect(codeOf(await pay(100))).toBe('upstream_timeout');
    expect(await inLedger()).toBe(100);
  });

  test('gives back what a call that provably never left was to cost', async () => {
    await open({ answer: () => Promise.reject(new UpstreamFailure('unavailable', 'gone', false)) });
    expect(codeOf(await pay(100))).toBe('upstream_unavailable');
    expect(await inLedger()).toBe(0);
    expect(codeOf(await pay(1000))).toBe('upstream_unavailable');
  });

  test('gives back after the errors that refund, and not after others', async () => {
    const error = { code: -1, message: 'no' };
    await open({
      answer: async ({ args }) =>
        Number(args?.value.amount) === 100
          ? { kind: 'error', error }
          : { kind: 'result', result: result('{"content":[],"isError":true}') },
    });
    await pay(100);
    expect(await inLedger()).toBe(0);
    await pay(200);
    expect(await inLedger()).toBe(200);
  });

  test('charges what the result says', async () => {
    const metered = {
      ...daily,
      cost: { kind: 'result', path: ['_meta', 'cost'], reserveMicros: 5_000_000n },
    } as const;
    await open(
      { answer: async () => ({ kind: 'result', result: result('{"content":[],"_meta":{"cost":"7.25"}}') }) },
      metered,
    );
    await pay(1);
    expect(await inLedger()).toBe(7.25);
  });

  test('charges the price that the configuration sets', async () => {
    await open({ priceOf: () => 600_000_000n }, { ...daily, cost: { kind: 'price' } });
    expect([codeOf(await pay(1)), codeOf(await pay(1))]).toEqual(['completed', 'budget_exhausted']);
  });

  test('refuses an amount below zero', async () => {
    await open();
    expect(codeOf(await pay(-5))).toBe('invalid_arguments');
    expect(stage.forwarded).toEqual([]);
  });

  test('writes the reservation into the record of the decision', async () => {
    await open();
    await pay(12.5);
    const [decided, ended] = (await stage.records()).map(({ record }) => record.budget);
    expect(decided).toEqual([
      {
        id: 'daily',
        reserve: '12.5',
        scope: 'principal=["default","agent-a"]',
        unit: 'EUR',
        until: expect.any(String),
      },
    ]);
    expect(ended).toMatchObject([{ id: 'daily', spent: '12.5' }]);
  });
});
