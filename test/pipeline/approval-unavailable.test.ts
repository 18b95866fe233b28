import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const rules = [
  { id: 'all', match: {}, effect: 'allow' as const },
  {
    id: 'big',
    match: { tools: ['transfer'] },
    when: 'args.amount > 100',
    effect: 'ask' as const,
    reason: 'Finance approves.',
  },
];

test('a call is refused, and not sent, while too many wait for a person already', async () => {
  stage = await setStage({ policy: { default: 'deny', rules }, approvals: { perCaller: 1 } });
  expect(await stage.call({ to: 'a', amount: 101 })).toMatchObject({ kind: 'suspended' });
  expect(await stage.call({ to: 'a', amount: 101 })).toMatchObject({ kind: 'suspended' });
  expect(await stage.call({ to: 'b', amount: 101 })).toMatchObject({
    kind: 'refused',
    refusal: {
      code: 'approval_unavailable',
      rule: 'big',
      message: expect.stringContaining('Finance approves.'),
      retryAfterSeconds: 60,
    },
  });
  expect(stage.forwarded).toEqual([]);
  const record = (await stage.records()).at(-1);
  expect(record?.record).toMatchObject({
    effect: 'deny',
    code: 'approval_unavailable',
    policy: { rule: 'big' },
  });
  expect(await stage.call({ to: 'a', amount: 100 })).toMatchObject({ kind: 'completed' });
});

test('a call whose hold cannot be recorded is refused', async () => {
  stage = await setStage({
    policy: { default: 'deny', rules },
    commit: (entry, write) =>
      entry.record.type === 'hold.created' ? Promise.reject(new Error('disk full')) : write(entry),
  });
  expect(await stage.call({ to: 'a', amount: 101 })).toMatchObject({
    refusal: { code: 'approval_unavailable', detail: 'disk full' },
  });
});

test('arguments that nobody could judge are refused', async () => {
  stage = await setStage({ policy: { default: 'deny', rules } });
  expect(await stage.call({ to: 'a'.repeat(70_000), amount: 101 })).toMatchObject({
    refusal: { code: 'approval_unavailable', message: expect.stringContaining('65536') },
  });
});

test('a tool whose calls a person must approve is listed', async () => {
  stage = await setStage({ policy: { default: 'deny', rules: [{ id: 'ask', match: {}, effect: 'ask' }] } });
  expect(await stage.list()).toEqual(['transfer']);
});

test('arguments that do not fit are complained about before a person is asked', async () => {
  stage = await setStage({ policy: { default: 'deny', rules: [{ id: 'ask', match: {}, effect: 'ask' }] } });
  expect(await stage.call({ to: 'a' })).toMatchObject({
    kind: 'refused',
    refusal: { code: 'invalid_arguments' },
  });
});
