import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, createGateway, defineConfig } from './index.js';

test('a described configuration is the configuration itself', () => {
  const config = { upstreams: { files: { command: 'node' } } };
  expect(defineConfig(config)).toBe(config);
});

test('a gateway is not put together from a configuration that is wrong, and every problem is named', async () => {
  const wrong = { upstreams: {}, listen: { port: -1 }, policy: { default: 'maybe' } };
  // A program in JavaScript can pass anything.
  const refused = await createGateway({ config: wrong as never }).catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(ConfigError);
  expect((refused as ConfigError).problems.map(({ path }) => path)).toEqual([
    'listen.port',
    'policy.default',
  ]);
});

test('without a configuration it looks for a file and says where it looked', async () => {
  const baseDir = await mkdtemp(join(tmpdir(), 'sallyport-exports-'));
  await expect(createGateway({ baseDir })).rejects.toThrow(`found no configuration in ${baseDir}`);
  await rm(baseDir, { recursive: true });
});
