import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const hiding = {
  default: 'allow',
  rules: [{ id: 'secret-tool', match: { tools: ['transfer'] }, effect: 'hide' }],
} as const;

test('a tool that nobody offers is unknown, and the attempt is on record', async () => {
  stage = await setStage();
  const outcome = await stage.call({}, { target: 'no_such_tool' });
  expect(outcome).toEqual({ kind: 'unknown', callId: outcome.callId });
  expect((await stage.records()).map(({ record }) => record)).toMatchObject([
    { type: 'call.decided', effect: 'deny', code: 'unknown_target', tool: { name: 'no_such_tool' } },
  ]);
});

test('a hidden tool answers exactly like an unknown one, while the record keeps the truth', async () => {
  stage = await setStage({ policy: hiding });
  const outcome = await stage.call();
  expect(outcome).toEqual({ kind: 'unknown', callId: outcome.callId });
  expect(await stage.list()).toEqual([]);
  expect(stage.forwarded).toEqual([]);
  expect((await stage.records())[0]?.record).toMatchObject({
    effect: 'hide',
    policy: { rule: 'secret-tool' },
    tool: { name: 'transfer', upstream: 'pay' },
  });
});

test('wrong arguments do not give a hidden tool away', async () => {
  stage = await setStage({ policy: hiding });
  const outcome = await stage.call({ amount: 'x' });
  expect(outcome).toEqual({ kind: 'unknown', callId: outcome.callId });
});

test.each([
  'Transfer',
  'transfer ',
  'ｔransfer',
  'pay:transfer',
  'pay__transfer',
  '__proto__',
  'constructor',
  '',
])('the name %j is not the name of a tool', async (target) => {
  stage = await setStage();
  expect(await stage.call(undefined, { target })).toMatchObject({ kind: 'unknown' });
});
