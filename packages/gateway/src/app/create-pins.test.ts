import { expect, test } from 'vitest';
import { configInMemory } from './config/load-config.js';
import { pinnedAs } from './create-pins.js';

async function name(
  upstream: { command: string; args?: string[] } | { url: string },
  hasGuessedIds: boolean,
) {
  const config = await configInMemory({ upstreams: { server: upstream } }, '/', {});
  return pinnedAs({ ...config, hasGuessedIds }, 'server');
}

test('pins belong to the configured id, whatever server stands behind it', async () => {
  expect(await name({ command: 'node', args: ['a.js'] }, false)).toBe('server');
  expect(await name({ url: 'http://127.0.0.1:1/mcp' }, false)).toBe('server');
});

test('under an id that was guessed from a command line each server has pins of its own', async () => {
  const a = await name({ command: 'node', args: ['a.js'] }, true);
  expect(a).toMatch(/^server@[0-9a-f]{8}$/);
  expect(await name({ command: 'node', args: ['a.js'] }, true)).toBe(a);
  expect(await name({ command: 'node', args: ['b.js'] }, true)).not.toBe(a);
  expect(await name({ url: 'http://127.0.0.1:1/mcp' }, true)).not.toBe(a);
});
