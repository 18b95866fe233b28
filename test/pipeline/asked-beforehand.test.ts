import { afterEach, describe, expect, test } from 'vitest';
import type { Hold } from '../../packages/gateway/src/model/hold.js';
import { Secret } from '../../packages/gateway/src/model/secret.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const asks = { id: 'asks', match: { tools: ['transfer'] }, effect: 'ask', reason: 'Money.' } as const;
const asking = { default: 'allow', rules: [asks] } as const;
const sure = { id: 'sure', match: { tools: ['transfer'] }, effect: 'confirm' } as const;
const whole = { args: result('{"to":"bob","amount":5}') };
const ann = { id: 'ann', credential: 'key:ann', tenant: 'default', roles: ['approver'], labels: {} } as const;

async function held(outcome: ReturnType<Stage['ask']>): Promise<Hold> {
  const ended = await outcome;
  if (ended.kind !== 'suspended') throw new Error(`it was ${ended.kind}`);
  return ended.hold;
}

async function approve({ id, bind }: Hold): Promise<void> {
  const answer = { by: ann as never, verdict: 'approve', channel: 'rest', seen: bind } as const;
  expect(await stage.approvals.answer(id, answer)).toMatchObject({ kind: 'taken' });
}

describe('a request with arguments', () => {
  test('is the hold that the call would make, and sends nothing by itself', async () => {
    stage = await setStage({ policy: asking });
    const hold = await held(stage.ask({ reason: 'rent' }, whole));
    expect(hold).toMatchObject({ method: 'tools/call', rule: 'asks', asked: { reason: 'rent' } });
    expect(hold.until - hold.createdAt).toBe(60_000);
    expect(await stage.call({ amount: 5, to: 'bob' })).toMatchObject({
      kind: 'suspended',
      hold: { id: hold.id },
    });
    await approve(hold);
    expect((await held(stage.ask({}, whole))).id).toBe(hold.id);
    expect(stage.forwarded).toEqual([]);
    expect(await stage.call({ to: 'bob', amount: 5 })).toMatchObject({ kind: 'completed' });
    expect(await stage.call({ to: 'bob', amount: 5 })).toMatchObject({ kind: 'suspended' });
    const decided = (await stage.records()).filter(({ record }) => record.type === 'call.decided');
    expect(decided.map(({ record }) => [record.effect, record.hold !== undefined])).toEqual([
      ['ask', true],
      ['ask', true],
      ['ask', true],
      ['allow', true],
      ['ask', true],
    ]);
  });

  test('is left for its caller to make, whatever the rule says, and joined by the call', async () => {
    const approval = { onApprove: 'execute' } as const;
    stage = await setStage({ policy: { default: 'allow', rules: [{ ...asks, approval }] } });
    const hold = await held(stage.ask({}, whole));
    expect(hold.terms.onApprove).toBe('release');
    const args = { to: 'bob', amount: 5 };
    expect(await stage.call(args)).toMatchObject({ kind: 'suspended', hold: { id: hold.id } });
    await approve(hold);
    expect(stage.approvals.toCarryOut(9)).toEqual([]);
    expect(await stage.call(args)).toMatchObject({ kind: 'completed' });
    expect(await held(stage.call(args))).toMatchObject({ terms: { onApprove: 'execute' } });
  });

  test('confirms nothing in the place of the user', async () => {
    stage = await setStage({ policy: { default: 'allow', rules: [asks, sure] } });
    const hold = await held(stage.ask({}, whole));
    expect(hold.confirmed).toBeUndefined();
    await approve(hold);
    expect(await stage.call({ to: 'bob', amount: 5 })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'not_confirmed' },
    });
  });

  test('keeps to the terms of the rule, however long the caller would wait', async () => {
    const approval = { expiresMs: 5000, approvers: ['finance'] };
    stage = await setStage({ policy: { default: 'allow', rules: [{ ...asks, approval }] } });
    const { until, createdAt, terms } = await held(stage.ask({}, whole));
    expect([until - createdAt, terms.approvers]).toEqual([5000, [['finance']]]);
  });

  test('that the tool does not take is refused', async () => {
    stage = await setStage({ policy: asking });
    const odd = { args: result('{"to":"bob"}') };
    expect(await stage.ask({}, odd)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'invalid_arguments' },
    });
    expect(stage.approvals.list({ tenant: 'default', limit: 9 })).toEqual([]);
  });
});

describe('a request without arguments', () => {
  test('is bound to no call, whatever words it has', async () => {
    stage = await setStage({ policy: asking });
    const hold = await held(stage.ask({ amount: '5', details: { to: 'bob', amount: 5 } }));
    expect(hold).toMatchObject({ method: 'approvals/request', target: 'transfer', upstream: 'pay' });
    expect(hold.request).toBeUndefined();
    expect(hold.scope).toBeUndefined();
    await approve(hold);
    for (const args of [
      { to: 'bob', amount: 5 },
      { to: 'bob', amount: 0 },
    ])
      expect(await stage.call(args)).toMatchObject({ kind: 'suspended' });
    expect(stage.forwarded).toEqual([]);
  });

  test('is another one with any other word, caller or tool', async () => {
    stage = await setStage({ policy: asking });
    const base = { action: 'pay', amount: '5', reason: 'rent', details: { n: 1 } };
    const others = [
      {},
      { action: 'send' },
      { amount: '6' },
      { reason: 'food' },
      { details: { n: 2 } },
      { tool: 'stripe' },
    ];
    const ids = new Set<string>();
    for (const other of others) {
      const target = 'tool' in other ? { target: 'stripe' } : {};
      ids.add((await held(stage.ask({ ...base, ...other }, target))).id);
    }
    const other = {
      id: 'agent-b',
      credential: 'key:b',
      tenant: 'default',
      roles: ['agent'],
      labels: {},
    } as const;
    ids.add((await held(stage.ask(base, { principal: other }))).id);
    expect(ids.size).toBe(others.length + 1);
    expect(ids).toContain((await held(stage.ask(base))).id);
  });

  test('names the rule that asks about every call of the tool, with its terms, and no other', async () => {
    const approval = { approvers: ['finance'], quorum: 2, onApprove: 'execute' } as const;
    stage = await setStage({ policy: { default: 'allow', rules: [{ ...asks, approval }] } });
    const hold = await held(stage.ask());
    expect(hold).toMatchObject({
      rule: 'asks',
      terms: { approvers: [['finance']], quorum: 2, onApprove: 'release' },
    });
    await stage.close();
    const free = { id: 'free', match: { tools: ['transfer'] }, effect: 'allow' } as const;
    stage = await setStage({ policy: { default: 'deny', rules: [free] } });
    for (const args of [{}, whole]) expect((await held(stage.ask({}, args))).rule).toBeUndefined();
  });

  test('is not shown with known secrets', async () => {
    stage = await setStage({ policy: asking });
    stage.redactor.learn(new Secret('hunter2-hunter2'));
    const hold = await held(
      stage.ask({
        reason: 'with hunter2-hunter2',
        action: 'hunter2-hunter2',
        details: { k: 'hunter2-hunter2' },
      }),
    );
    expect(JSON.stringify(hold)).not.toContain('hunter2');
  });
});

describe('a request that no yes could serve', () => {
  test('is refused where the rules deny the tool, and on record', async () => {
    const deny = { id: 'no', match: { tools: ['transfer'] }, effect: 'deny', reason: 'Never.' } as const;
    stage = await setStage({ policy: { default: 'allow', rules: [deny] } });
    for (const args of [{}, whole])
      expect(await stage.ask({}, args)).toMatchObject({ kind: 'refused', refusal: { code: 'denied' } });
    const records = (await stage.records()).map(({ record }) => [record.type, record.effect, record.code]);
    expect(records).toEqual([
      ['call.decided', 'deny', 'denied'],
      ['call.decided', 'deny', 'denied'],
    ]);
  });

  test('makes no hold where that cannot be recorded', async () => {
    stage = await setStage({ policy: asking, commit: () => Promise.reject(new Error('disk full')) });
    for (const args of [{}, whole])
      expect(await stage.ask({}, args)).toMatchObject({
        kind: 'refused',
        refusal: { code: 'audit_unavailable' },
      });
    expect(stage.approvals.list({ tenant: 'default', state: 'pending', limit: 9 })).toEqual([]);
  });
});
