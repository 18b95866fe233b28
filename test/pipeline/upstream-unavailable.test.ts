import { afterEach, expect, test } from 'vitest';
import { UpstreamFailure } from '../../packages/gateway/src/model/upstream.js';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('a call that provably never left is recorded as refused and may be repeated', async () => {
  stage = await setStage({
    answer: () => Promise.reject(new UpstreamFailure('unavailable', 'connection refused', false)),
  });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({
    kind: 'refused',
    refusal: { code: 'upstream_unavailable', retryAfterSeconds: 5, mayHaveRun: false },
  });
  expect(outcome.kind === 'refused' && outcome.refusal.message).not.toContain('connection refused');
  expect((await stage.records())[1]?.record).toMatchObject({
    outcome: 'refused',
    code: 'upstream_unavailable',
    detail: 'connection refused',
  });
});

test('a connection that broke after the call was sent leaves the outcome unknown', async () => {
  stage = await setStage({
    answer: () => Promise.reject(new UpstreamFailure('unavailable', 'connection reset', true)),
  });
  expect(await stage.call()).toMatchObject({ kind: 'refused', refusal: { mayHaveRun: true } });
  expect((await stage.records())[1]?.record).toMatchObject({ outcome: 'unknown' });
});

test('a fault of ours after the call was sent leaves the outcome unknown', async () => {
  stage = await setStage({ answer: () => Promise.reject(new TypeError('broke')) });
  const outcome = await stage.call();
  expect(outcome).toEqual({ kind: 'failed', callId: outcome.callId });
  expect((await stage.records())[1]?.record).toMatchObject({
    outcome: 'unknown',
    code: 'failed',
    detail: 'broke',
  });
});
