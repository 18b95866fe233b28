import { afterEach, expect, test } from 'vitest';
import { createAuthorizePayment } from '../../packages/gateway/src/pipeline/authorize-payment.js';
import { JournalUnavailable } from '../../packages/gateway/src/store/journal.js';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const broken = () => Promise.reject(new Error('disk full'));

test('a call whose decision cannot be recorded is refused and not sent', async () => {
  stage = await setStage({ commit: broken });
  expect(await stage.call()).toMatchObject({
    kind: 'refused',
    refusal: { code: 'audit_unavailable', retryAfterSeconds: 5, detail: 'disk full' },
  });
  expect(stage.forwarded).toEqual([]);
});

test('a denial that cannot be recorded says so instead of the denial', async () => {
  stage = await setStage({ commit: broken, policy: { default: 'deny', rules: [] } });
  expect(await stage.call()).toMatchObject({ kind: 'refused', refusal: { code: 'audit_unavailable' } });
});

test('a list that cannot be recorded is not given', async () => {
  stage = await setStage({ commit: broken });
  await expect(stage.list()).rejects.toMatchObject({ code: 'audit_unavailable' });
});

test('when only the outcome cannot be recorded, the caller is told that the call was sent', async () => {
  stage = await setStage({
    commit: (entry, write) => (entry.record.type === 'call.outcome' ? broken() : write(entry)),
  });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'audit_unavailable' } });
  expect(outcome.kind === 'refused' && outcome.refusal.message).toContain('was sent');
  expect(outcome).toMatchObject({ refusal: { mayHaveRun: true, retryAfterSeconds: undefined } });
  expect((await stage.records()).map(({ record }) => record.type)).toEqual(['call.decided']);
});

test('a decision that may or may not be on record is not recorded a second time', async () => {
  const tried: string[] = [];
  stage = await setStage({
    commit: async (entry, write) => {
      tried.push(entry.record.type);
      await write(entry);
      throw new Error('sync failed');
    },
  });
  await stage.call();
  expect(tried).toEqual(['call.decided']);
});

test('a call that the journal did not even take uses up nothing of its budget', async () => {
  let isDown = true;
  const budget = {
    kind: 'budget',
    id: 'two',
    maxMicros: 2n,
    unit: 'EUR',
    cost: { kind: 'fixed', micros: 1n },
    window: 'total',
    per: [],
    refundOn: [],
  } as const;
  stage = await setStage({
    policy: {
      default: 'allow',
      rules: [{ id: 'money', match: { tools: ['transfer'] }, effect: 'limit', limits: [budget] }],
    },
    commit: (entry, write) => (isDown ? Promise.reject(new JournalUnavailable('no room')) : write(entry)),
  });
  for (let time = 0; time < 3; time += 1)
    expect(await stage.call()).toMatchObject({ refusal: { code: 'audit_unavailable' } });
  isDown = false;
  expect([(await stage.call()).kind, (await stage.call()).kind]).toEqual(['completed', 'completed']);
  expect(await stage.call()).toMatchObject({ refusal: { code: 'budget_exhausted' } });
});

test('a payment that the journal did not even take spends nothing, and says so each time', async () => {
  let isDown = false;
  stage = await setStage({
    commit: (entry, write) => (isDown ? Promise.reject(new JournalUnavailable('no room')) : write(entry)),
  });
  const { house, sessions } = stage;
  const owner = { id: 'agent-a', credential: 'key:test', tenant: 'default', roles: [], labels: {} };
  const { session } = await sessions.create(owner, { agent: 'bot', scopes: ['spend:10'] });
  const authorize = createAuthorizePayment({ ...house, snapshot: house.snapshot });
  const pay = (micros: bigint) => authorize({ principal: { ...owner, session }, micros });
  isDown = true;
  for (const micros of [4_000_000n, 4_000_000n, 4_000_000n, 40_000_000n])
    await expect(pay(micros)).rejects.toMatchObject({ code: 'audit_unavailable', retryAfterSeconds: 5 });
  isDown = false;
  expect((await pay(10_000_000n)).leftMicros).toBe(0n);
});
