import { expect, test } from 'vitest';
import { ConfigError } from '../app/config/config-error.js';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { configInMemory } from '../app/config/load-config.js';
import { createConfigFollower, createReloader } from './follow-config.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const configOn = (port: number) =>
  configInMemory({ upstreams: {}, listen: { port } }, '/', { environment: {} });

async function setUp(loads: (() => Promise<EffectiveConfig>)[]) {
  const events: unknown[] = [];
  const gateway = {
    reload: async (config: EffectiveConfig) => void events.push(config.listen.port),
    rejectReload: (cause: ConfigError) => void events.push(cause.problems[0]?.path),
  };
  const load = () => (loads.shift() ?? (() => configOn(1)))();
  const config = await configOn(1);
  const reload = createReloader({ gateway, config, load, log: silent, watch: false });
  return { events, reload };
}

test('reloads what changed, and what did not change only when somebody asks', async () => {
  const { events, reload } = await setUp([
    () => configOn(1),
    () => configOn(2),
    () => configOn(2),
    () => configOn(2),
  ]);
  for (const asked of [false, false, false, true]) await reload(asked);
  expect(events).toEqual([2, 2]);
});

test('tells the gateway of a configuration that is refused, and takes the next good one', async () => {
  const refused = () => Promise.reject(new ConfigError([{ path: 'listen.port', message: 'wrong' }]));
  const { events, reload } = await setUp([refused, () => configOn(3)]);
  await reload(false);
  await reload(false);
  expect(events).toEqual(['listen.port', 3]);
});

test('survives a fault that nobody foresaw', async () => {
  const { events, reload } = await setUp([() => Promise.reject(new Error('disk')), () => configOn(4)]);
  await reload(false);
  await reload(false);
  expect(events).toEqual([4]);
});

test('reloads one after the other, in order', async () => {
  let release: (config: EffectiveConfig) => void = () => {};
  const slow = () =>
    new Promise<EffectiveConfig>((resolve) => {
      release = resolve;
    });
  const { events, reload } = await setUp([slow, () => configOn(6)]);
  const both = [reload(false), reload(false)];
  await Promise.resolve();
  release(await configOn(5));
  await Promise.all(both);
  expect(events).toEqual([5, 6]);
});

/** A gateway whose reloads end when the test says so. */
async function setUpFollower() {
  const events: string[] = [];
  let release = () => {};
  const gateway = {
    reload: async ({ listen }: EffectiveConfig) => {
      events.push(`begun ${listen.port}`);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      events.push(`done ${listen.port}`);
    },
    rejectReload: () => {},
  };
  const following = {
    gateway,
    config: await configOn(1),
    load: () => configOn(7),
    log: silent,
    watch: false,
  };
  return { events, following, follower: createConfigFollower(), release: () => release() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const untilBegun = async (events: readonly string[]) => {
  while (events.length === 0) await turn();
};

test('remembers a SIGHUP that came before the gateway was open, and reloads once it is', async () => {
  const { events, following, follower, release } = await setUpFollower();
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  await turn();
  expect(events).toEqual([]);
  await follower.begin(following);
  await untilBegun(events);
  release();
  await follower.end();
  expect(events).toEqual(['begun 7', 'done 7']);
});

test('ends when the reload under way has ended, and begins no other one', async () => {
  const { events, following, follower, release } = await setUpFollower();
  await follower.begin(following);
  process.emit('SIGHUP');
  await untilBegun(events);
  const ended = follower.end().then(() => events.push('ended'));
  process.emit('SIGHUP');
  await turn();
  expect(events).toEqual(['begun 7']);
  release();
  await ended;
  expect(events).toEqual(['begun 7', 'done 7', 'ended']);
});

test('never begins when it ended before the gateway was open', async () => {
  const { events, following, follower } = await setUpFollower();
  process.emit('SIGHUP');
  await follower.end();
  await follower.begin(following);
  await turn();
  expect(events).toEqual([]);
});
