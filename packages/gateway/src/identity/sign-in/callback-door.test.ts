import { beforeEach, expect, it } from 'vitest';
import { CallbackDoor } from './callback-door.js';

let now: number;
let door: CallbackDoor;

beforeEach(() => {
  now = 1_000_000;
  door = new CallbackDoor({ now: () => now, after: () => () => undefined });
});

async function fail(source: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1)
    await expect(door.through(source, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
}

it('takes a state once', () => {
  expect([door.take('one'), door.take('one'), door.take('two')]).toEqual([true, false, true]);
});

it('lets nobody of a source through for a while that has failed too often, and others all the time', async () => {
  await fail('192.0.2.1', 30);
  expect(door.waitOf('192.0.2.1')).toBeUndefined();
  await fail('192.0.2.1', 3);
  expect([door.waitOf('192.0.2.1'), door.waitOf('192.0.2.2')]).toEqual([4, undefined]);
  now += 3999;
  expect(door.waitOf('192.0.2.1')).toBe(1);
  now += 1;
  expect(door.waitOf('192.0.2.1')).toBeUndefined();
});

it('keeps nobody out for longer where the clock was set back', async () => {
  await fail('192.0.2.1', 31);
  now -= 1;
  expect(door.waitOf('192.0.2.1')).toBeUndefined();
});

it('has sixteen exchanges under way at most', async () => {
  let release: ((value: string) => void) | undefined;
  const held = new Promise<string>((resolve) => {
    release = resolve;
  });
  const all = Array.from({ length: 16 }, () => door.through('192.0.2.1', () => held));
  expect(door.waitOf('192.0.2.2')).toBe(5);
  release?.('done');
  expect(await Promise.all(all)).toContain('done');
  expect(door.waitOf('192.0.2.2')).toBeUndefined();
});
