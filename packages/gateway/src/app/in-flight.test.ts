import { expect, test } from 'vitest';
import type { Clock } from '../lib/clock.js';
import { InFlight } from './in-flight.js';

const still: Clock = { now: () => 0, after: () => () => undefined };

test('waits until the last piece of work has ended, whether it succeeded or failed', async () => {
  const inFlight = new InFlight();
  let endFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    endFirst = resolve;
  });
  let failSecond: (cause: Error) => void = () => undefined;
  const second = new Promise<void>((_resolve, reject) => {
    failSecond = reject;
  });
  const tracked = [inFlight.track(first), inFlight.track(second).catch(() => undefined)];
  let idle = false;
  const waiting = inFlight.idle(still, 1000).then(() => {
    idle = true;
  });
  endFirst();
  await tracked[0];
  expect(idle).toBe(false);
  failSecond(new Error('lost'));
  await waiting;
  expect(idle).toBe(true);
});

test('gives up after the time it was given', async () => {
  const inFlight = new InFlight();
  void inFlight.track(new Promise(() => undefined));
  let expire: () => void = () => undefined;
  const clock: Clock = {
    now: () => 0,
    after: (_ms, run) => {
      expire = run;
      return () => undefined;
    },
  };
  const waiting = inFlight.idle(clock, 1000);
  expire();
  await waiting;
  expect(inFlight.count).toBe(1);
});

test('is idle at once when nothing runs', async () => {
  await new InFlight().idle(still, 1000);
});
