import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('a call without a usable credential is not sent, and the record says that it did not run', async () => {
  stage = await setStage({ attachCredential: () => Promise.reject(new Error('env:PAY_TOKEN is not set')) });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'credential_unavailable' } });
  expect(outcome.kind === 'refused' && outcome.refusal.message).not.toContain('PAY_TOKEN');
  expect(stage.forwarded).toEqual([]);
  expect((await stage.records()).map(({ record }) => record)).toMatchObject([
    { type: 'call.decided', effect: 'allow' },
    {
      type: 'call.outcome',
      outcome: 'refused',
      code: 'credential_unavailable',
      detail: 'env:PAY_TOKEN is not set',
    },
  ]);
});
