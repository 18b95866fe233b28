import { expect, test } from 'vitest';
import type { ConfigInput } from '#contract';
import { firstSightOf } from './first-sight.js';
import { configInMemory } from './load-config.js';

const upstreams = { files: { command: 'files' } };

async function firstSight(more: Partial<ConfigInput>): Promise<string> {
  const config = await configInMemory({ upstreams, ...more }, process.cwd(), {});
  return firstSightOf(config, 'files');
}

test('the first sight is trusted as long as only this machine can connect', async () => {
  expect(await firstSight({})).toBe('trust');
  expect(await firstSight({ listen: { host: '::1', allowedHosts: ['localhost:8080', '[::1]:80'] } })).toBe(
    'trust',
  );
});

test('a person is asked when others can connect: by a listener of either kind, or through a proxy', async () => {
  expect(await firstSight({ listen: { host: '0.0.0.0' } })).toBe('ask');
  expect(await firstSight({ control: { host: '10.0.0.1', port: 7 } })).toBe('ask');
  expect(await firstSight({ listen: { allowedHosts: ['gateway.example'] } })).toBe('ask');
});

test('the configuration says otherwise, for all or for one upstream', async () => {
  expect(await firstSight({ pins: { firstSight: 'ask' } })).toBe('ask');
  expect(await firstSight({ pins: { firstSight: 'trust' }, listen: { host: '0.0.0.0' } })).toBe('trust');
  const own = { files: { command: 'files', pins: 'follow' as const } };
  expect(await firstSight({ pins: { firstSight: 'ask' }, upstreams: own })).toBe('follow');
});
