import { expect, test } from 'vitest';
import { ConfigError } from '../app/config/config-error.js';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { configInMemory } from '../app/config/load-config.js';
import { createReloader } from './follow-config.js';

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
