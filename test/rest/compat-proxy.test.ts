import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRestGateway, type RestGateway } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  gateway = await openRestGateway({
    upstreams: { files: { url: 'http://127.0.0.1:9/mcp' } },
    apiLayer: { plainHttp: true, addresses: ['127.0.0.1'] },
  });
});
afterAll(() => gateway.close());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  gateway.ask(`/v1/proxy/${path}`, { method, as: 'operator', body, headers });

const slow = { type: 'rate_limit', max_calls: 5, window_seconds: 60 };

it('an upstream is registered also while it is down, under an id of its own, and never a program', async () => {
  const url = 'http://127.0.0.1:9/mcp';
  const made = await send('POST', 'upstreams', { name: 'my-tools', url });
  expect([made.status, made.body]).toEqual([
    201,
    { registered: true, name: 'my-tools', url, healthy: false, tools_discovered: 0, tool_names: [] },
  ]);
  expect((await send('POST', 'upstreams', { name: 'files', url })).status).toBe(409);
  expect((await send('POST', 'upstreams', { name: 'other', url: 'file:///etc/passwd' })).status).toBe(422);
  expect((await send('POST', 'upstreams', { name: 'other', command: 'sh' })).status).toBe(400);
});

it('a policy is kept as it was sent, replaced and ended', async () => {
  const made = await send('POST', 'policies', slow);
  const { id } = made.body;
  expect([made.status, made.body]).toEqual([201, { id, ...slow }]);
  const faster = { ...slow, max_calls: 50 };
  const replaced = await send('PUT', `policies/${id}`, faster);
  expect([replaced.status, replaced.body]).toEqual([200, { id, ...faster }]);
  const listed = await send('GET', 'policies');
  expect(listed.body).toEqual({ count: 1, policies: [{ id, ...faster }] });
  const other = { 'If-Match': '"another"' };
  expect((await send('PUT', `policies/${id}`, slow, other)).status).toBe(412);
  expect((await send('DELETE', `policies/${id}`, undefined, other)).status).toBe(412);
  expect((await send('DELETE', `policies/${id}`)).status).toBe(204);
  expect((await send('DELETE', `policies/${id}`)).status).toBe(404);
  expect((await send('PUT', `policies/${id}`, slow)).status).toBe(404);
  expect((await send('GET', 'policies')).body.count).toBe(0);
});

it('a policy that would be ignored is refused instead', async () => {
  const odd = await send('POST', 'policies', { type: 'spend_limit', max_eur: 50 });
  expect([odd.status, odd.body.code]).toEqual([422, 'invalid_policy']);
  expect(JSON.stringify(odd.body.errors)).toContain('max_eur');
  expect((await send('POST', 'policies', { type: 'spend_limits', max_usd: 50 })).status).toBe(400);
  const { id } = (await send('POST', 'policies', slow)).body;
  expect((await send('PUT', `policies/${id}`, { type: 'rate_limit' })).status).toBe(422);
});

it('a policy that was made in our own form is not one of these', async () => {
  const rules = [{ id: 'mine', effect: 'deny' }];
  await gateway.ask('/v1/policies', { method: 'POST', as: 'operator', body: { name: 'native', rules } });
  expect((await send('DELETE', 'policies/native')).status).toBe(404);
});
