import { expect, test } from 'vitest';
import type { Principal } from '../model/principal.js';
import { configInMemory } from './config/load-config.js';
import { type ProxyFaceParts, proxyFace } from './proxy-face.js';

test('a short name means a tool of the own tenant, although one of another tenant comes first', async () => {
  const server = { url: 'https://shop.example/mcp' };
  const file = await configInMemory({ upstreams: { a: server, b: server, c: server } }, '/', {
    environment: {},
  });
  const config = { ...file, fromApi: { rules: {}, upstreams: { a: 'acme', b: 'other' } } };
  const tools = ['a', 'b', 'c'].map((upstream) => ({
    upstream,
    name: 'send',
    exposedName: `${upstream}__send`,
  }));
  const { exposedName } = proxyFace({
    config: () => config,
    tools: () => tools,
  } as unknown as ProxyFaceParts);
  const of = (tenant: string): Principal => ({ id: 'x', credential: 'key:1', tenant, roles: [], labels: {} });
  expect(['acme', 'other', 'default'].map((tenant) => exposedName('send', of(tenant)))).toEqual([
    'a__send',
    'b__send',
    'c__send',
  ]);
  expect(exposedName('a.send', of('other'))).toBe('a.send');
});
