import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('arguments that do not fit the schema are refused with the place and what would be right', async () => {
  stage = await setStage();
  expect(await stage.call({ to: 'a', amount: '5' })).toMatchObject({
    kind: 'refused',
    refusal: { code: 'invalid_arguments', message: 'The argument at "/amount" must be number.' },
  });
  expect(stage.forwarded).toEqual([]);
  expect((await stage.records())[0]?.record).toMatchObject({ effect: 'deny', code: 'invalid_arguments' });
});

test('a caller who may never call the tool is denied before its arguments are discussed', async () => {
  stage = await setStage({ policy: { default: 'deny', rules: [] } });
  expect(await stage.call({ amount: 'x' })).toMatchObject({ kind: 'refused', refusal: { code: 'denied' } });
});
