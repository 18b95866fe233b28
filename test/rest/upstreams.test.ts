import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRestGateway, type RestGateway } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  const upstreams = { gone: { url: 'http://127.0.0.1:9/mcp' } };
  gateway = await openRestGateway({ upstreams });
});
afterAll(() => gateway.close());

it('lists the servers behind the gateway with their state, also those that are down', async () => {
  const { status, body } = await gateway.ask('/v1/upstreams', { as: 'auditor' });
  expect([status, body.count]).toEqual([200, 1]);
  expect(body.upstreams[0]).toMatchObject({ id: 'gone', transport: 'http', state: 'down' });
});
