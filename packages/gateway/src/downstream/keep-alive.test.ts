import { expect, test } from 'vitest';
import type { Clock } from '../lib/clock.js';
import { KeepAlive, type QuietReply } from './keep-alive.js';

function setUp() {
  let run: (() => void) | undefined;
  const clock: Clock = {
    now: () => 0,
    after: (_ms, next) => {
      run = next;
      return () => undefined;
    },
  };
  const keepAlive = new KeepAlive(clock);
  const heard: string[] = [];
  const reply = (name: string): QuietReply => ({
    silentTicks: 0,
    place: -1,
    keepAlive: () => heard.push(name),
  });
  const tick = () => {
    const due = run;
    run = undefined;
    due?.();
    return due !== undefined;
  };
  return { keepAlive, heard, reply, tick };
}

test('a reply that is silent for two ticks gives a sign, again and again', () => {
  const { keepAlive, heard, reply, tick } = setUp();
  keepAlive.watch(reply('a'));
  for (let time = 0; time < 5; time++) tick();
  expect(heard).toEqual(['a', 'a']);
});

test('a reply that gave a sign by itself is left alone', () => {
  const { keepAlive, heard, reply, tick } = setUp();
  const busy = reply('busy');
  keepAlive.watch(busy);
  for (let time = 0; time < 5; time++) {
    tick();
    busy.silentTicks = 0;
  }
  expect(heard).toEqual([]);
});

test('whoever is forgotten hears nothing more, and the others stay', () => {
  const { keepAlive, heard, reply, tick } = setUp();
  const [a, b, c] = [reply('a'), reply('b'), reply('c')];
  for (const one of [a, b, c]) keepAlive.watch(one);
  keepAlive.forget(a);
  keepAlive.forget(a);
  keepAlive.forget(c);
  tick();
  tick();
  expect(heard).toEqual(['b']);
});

test('nothing ticks while nobody waits', () => {
  const { keepAlive, reply, tick } = setUp();
  const only = reply('only');
  keepAlive.watch(only);
  keepAlive.forget(only);
  expect(tick()).toBe(true);
  expect(tick()).toBe(false);
  keepAlive.watch(only);
  expect(tick()).toBe(true);
});
