import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import type { Store } from '../../packages/gateway/src/store/open-store.js';
import { PinJudge } from '../../packages/gateway/src/upstreams/pins/pin-judge.js';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const accepted = { digest: 'sha256:other', text: '{"name":"transfer"}' };

function judge({ pins }: Store): PinJudge {
  return new PinJudge({
    pins,
    clock: systemClock,
    log: silent,
    note: () => {},
    firstSight: () => 'ask',
    pinnedAs: (upstream) => upstream,
  });
}

/** A judge of a tool of which another definition was accepted before. */
function judgeOfChanged(store: Store): PinJudge {
  const key = { upstream: 'pay', kind: 'tool', name: 'transfer' } as const;
  store.pins.change((pins) => pins.accept(key, accepted, { by: 'cli', at: 1 }));
  return judge(store);
}

test('a call of a tool whose definition is not the accepted one is refused, unsent, and on record', async () => {
  stage = await setStage({ judge: judgeOfChanged });
  expect(await stage.call()).toMatchObject({
    kind: 'refused',
    refusal: {
      code: 'target_changed',
      message: expect.stringContaining('is not what it was when it was accepted'),
    },
  });
  expect(stage.forwarded).toEqual([]);
  expect(await stage.list()).toEqual([]);
  expect((await stage.records())[0]?.record).toMatchObject({
    type: 'call.decided',
    effect: 'deny',
    code: 'target_changed',
    tool: { name: 'transfer', upstream: 'pay' },
  });
});

test('a tool that nobody has accepted is refused as such', async () => {
  stage = await setStage({ judge });
  expect(await stage.call()).toMatchObject({
    refusal: { code: 'target_changed', message: expect.stringContaining('waits for an operator') },
  });
  expect(stage.forwarded).toEqual([]);
});

test('a caller who may not know the tool hears nothing about its definition', async () => {
  const hidden = { id: 'hidden', match: { tools: ['transfer'] }, effect: 'hide' } as const;
  stage = await setStage({ judge: judgeOfChanged, policy: { default: 'allow', rules: [hidden] } });
  expect(await stage.call()).toMatchObject({ kind: 'unknown' });
});

test('an argument fault is not told of a tool that may not be used', async () => {
  stage = await setStage({ judge: judgeOfChanged });
  expect(await stage.call({ amount: 'x' })).toMatchObject({ refusal: { code: 'target_changed' } });
});
