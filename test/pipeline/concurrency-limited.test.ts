import { afterEach, expect, test } from 'vitest';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('the call beyond the cap is refused with a time to wait, and one that ended frees its place', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  stage = await setStage({
    caps: { perPrincipal: 1, perUpstream: 10 },
    answer: async () => {
      await gate;
      return { kind: 'result', result: result('{"content":[]}') };
    },
  });
  const first = stage.call();
  expect(await stage.call()).toMatchObject({
    kind: 'refused',
    refusal: { code: 'concurrency_limited', retryAfterSeconds: 1 },
  });
  release();
  expect(await first).toMatchObject({ kind: 'completed' });
  expect(await stage.call()).toMatchObject({ kind: 'completed' });
  expect(stage.forwarded).toHaveLength(2);
});
