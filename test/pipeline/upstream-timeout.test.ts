import { afterEach, expect, test } from 'vitest';
import { UpstreamFailure } from '../../packages/gateway/src/model/upstream.js';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('a call without an answer in time is never sent again and recorded as unknown', async () => {
  stage = await setStage({
    answer: () => Promise.reject(new UpstreamFailure('timeout', 'no answer within 1000 ms', true)),
  });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'upstream_timeout', mayHaveRun: true } });
  expect(outcome.kind === 'refused' && outcome.refusal.message).toContain('may have had its effect');
  expect(stage.forwarded).toHaveLength(1);
  expect((await stage.records())[1]?.record).toMatchObject({ outcome: 'unknown', code: 'upstream_timeout' });
});
