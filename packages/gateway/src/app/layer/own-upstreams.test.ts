import { expect, test } from 'vitest';
import { configInMemory } from '../config/load-config.js';
import { isThere } from './own-upstreams.js';

test('an upstream of the file is there for all tenants, one made over REST for its own, a removed one for none', async () => {
  const server = { url: 'https://shop.example/mcp' };
  const upstreams = { shop: server, made: server };
  const config = await configInMemory({ upstreams }, '/', { environment: {} });
  const effective = { ...config, fromApi: { rules: {}, upstreams: { made: 'acme' } } };
  const tenantsOf = (id: string) =>
    ['default', 'acme', 'other'].filter((tenant) => isThere(effective, tenant, id));
  expect(tenantsOf('shop')).toEqual(['default', 'acme', 'other']);
  expect(tenantsOf('made')).toEqual(['acme']);
  expect(tenantsOf('gone')).toEqual([]);
  expect(tenantsOf('constructor')).toEqual([]);
});
