import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('a denied call is not sent, names the rule and its reason, and is on record once', async () => {
  stage = await setStage({
    policy: {
      default: 'allow',
      rules: [{ id: 'no-money', match: { tools: ['transfer'] }, effect: 'deny', reason: 'Ask finance.' }],
    },
  });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({
    kind: 'refused',
    refusal: { code: 'denied', rule: 'no-money', message: expect.stringContaining('Ask finance.') },
  });
  expect(stage.forwarded).toEqual([]);
  const records = await stage.records();
  expect(records.map(({ record }) => record)).toMatchObject([
    { type: 'call.decided', effect: 'deny', code: 'denied', policy: { rule: 'no-money' } },
  ]);
});

test('with no rule for it a call is denied by default', async () => {
  stage = await setStage({ policy: { default: 'deny', rules: [] } });
  expect(await stage.call()).toMatchObject({ kind: 'refused', refusal: { code: 'denied', rule: undefined } });
});

test('a condition decides over the arguments', async () => {
  stage = await setStage({
    policy: {
      default: 'deny',
      rules: [
        { id: 'small', match: { tools: ['pay:transfer'] }, when: 'args.amount <= 100', effect: 'allow' },
      ],
    },
  });
  expect(await stage.call({ to: 'a', amount: 100 })).toMatchObject({ kind: 'completed' });
  expect(await stage.call({ to: 'a', amount: 100.5 })).toMatchObject({ kind: 'refused' });
  expect(stage.forwarded).toHaveLength(1);
});

test('a condition that fails at run time denies, and the record says why', async () => {
  stage = await setStage({
    policy: {
      default: 'deny',
      rules: [{ id: 'fails', match: {}, when: '1 / int(args.amount) == 1', effect: 'allow' }],
    },
  });
  expect(await stage.call({ to: 'a', amount: 0 })).toMatchObject({
    kind: 'refused',
    refusal: { code: 'denied' },
  });
  expect((await stage.records())[0]?.record.detail).toContain('fails');
});

test('an evaluator that throws is a failure of ours: nothing is sent, and the caller learns no cause', async () => {
  stage = await setStage();
  stage.policy.decide = () => {
    throw new Error('evaluator broke');
  };
  const outcome = await stage.call();
  expect(outcome).toEqual({ kind: 'failed', callId: outcome.callId });
  expect(stage.forwarded).toEqual([]);
  expect((await stage.records()).map(({ record }) => record)).toMatchObject([
    { type: 'call.decided', effect: 'deny', code: 'failed', detail: 'evaluator broke' },
  ]);
});
