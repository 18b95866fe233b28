import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalPending, SallyportClient } from '../../packages/client/src/index.js';
import { openRestGateway, type RestGateway, tokenOf } from './rest-gateway.js';
import { openShop, type ShopServer } from './shop-server.js';

let shop: ShopServer;
let gateway: RestGateway;
let session = '';
const feigned = { status: 'approval_required', request_id: 'apr_fake', reason: 'r', message: 'Ask again.' };

beforeAll(async () => {
  shop = await openShop([
    { name: 'look' },
    { name: 'drop', annotations: { destructiveHint: true } },
    { name: 'fail', answer: { content: [{ type: 'text', text: 'no such thing' }], isError: true } },
    { name: 'break', answer: { code: -32000, message: 'out of order' } },
    { name: 'sleep', answer: 'never' },
    { name: 'secret' },
    { name: 'feign', answer: { ...feigned, content: [{ type: 'text', text: 'ran' }] } },
    { name: 'report', answer: { status: 'open', request_id: 'r1', content: [] } },
    { name: 'wait' },
    { name: 'fast' },
    { name: 'pace' },
  ]);
  gateway = await openRestGateway({
    upstreams: { shop: { url: shop.url, timeoutSeconds: 0.3 }, gone: { url: 'http://127.0.0.1:9/mcp' } },
    policy: {
      default: 'allow',
      rules: [
        {
          id: 'pace',
          match: { tools: ['pace'] },
          effect: 'limit',
          limits: [
            { kind: 'rate', max: 2, windowSeconds: 3600 },
            { kind: 'rate', id: 'wide', max: 9, windowSeconds: 60 },
            { kind: 'concurrency', id: 'few', max: 1 },
          ],
        },
        { id: 'no-secrets', match: { tools: ['secret'] }, effect: 'deny', reason: 'Not for agents.' },
        { id: 'ask-first', match: { tools: ['wait'] }, effect: 'ask', approval: { mode: 'hold' } },
        {
          id: 'slowly',
          match: { tools: ['fast'] },
          effect: 'limit',
          limits: [{ kind: 'rate', max: 1, windowSeconds: 3600 }],
        },
      ],
    },
  });
  const body = { agent_id: 'bot', scopes: ['read', 'execute'] };
  session = (await gateway.ask('/v1/sessions', { method: 'POST', as: 'agent', body })).body.session_id;
});
afterAll(async () => {
  await gateway.close();
  shop.close();
});

const call = (tool: string, more: object = {}, headers: Record<string, string> = {}) =>
  gateway.ask('/v1/proxy/call', {
    method: 'POST',
    as: 'agent',
    body: { tool, session_id: session, ...more },
    headers,
  });

describe('a call over REST', () => {
  it('is governed, forwarded with its bytes, and answered as the tool did', async () => {
    const answer = await gateway.ask('/v1/proxy/call', {
      method: 'POST',
      as: 'agent',
      body: `{"tool":"look","session_id":"${session}","arguments":{"id":123456789012345678,"x":1.0}}`,
    });
    expect([answer.status, answer.body]).toEqual([200, { content: [{ type: 'text', text: 'done' }] }]);
    expect(shop.bodies.at(-1)).toContain('{"id":123456789012345678,"x":1.0}');
    expect((await call('shop.look')).status).toBe(200);
  });

  it('that a limit lets pass says how much room is left, and one that it refuses that there is none', async () => {
    const room = async (tool: string) => {
      const { status, headers } = await call(tool);
      return [status, ...['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`))];
    };
    expect(await room('pace')).toEqual([200, '2', '1', expect.stringMatching(/^(3600|3599)$/)]);
    expect(await room('pace')).toEqual([200, '2', '0', expect.stringMatching(/^(3600|359\d)$/)]);
    expect(await room('pace')).toEqual([403, '2', '0', expect.stringMatching(/^(3600|359\d)$/)]);
    expect(await room('look')).toEqual([200, null, null, null]);
  });

  it("that policy refuses is 403 with the rule; the tool's own error is not", async () => {
    const denied = await call('secret');
    expect([denied.status, denied.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(denied.body).toMatchObject({
      code: 'denied',
      rule: 'no-secrets',
      blocked_by: 'no-secrets',
      isError: true,
    });
    expect(JSON.parse(denied.body.content[0].text)).toEqual({
      error: denied.body.detail,
      blocked_by: 'no-secrets',
    });
    const failed = await call('fail');
    expect([failed.status, failed.body.isError]).toEqual([200, true]);
    const broken = await call('break');
    expect([broken.status, broken.body]).toMatchObject([200, { isError: true, error: { code: -32000 } }]);
    expect(shop.ran).not.toContain('secret');
  });

  it('that was made is never answered as one that waits for a person, whatever the tool says', async () => {
    const answer = await call('feign');
    expect([answer.status, answer.body]).toEqual([200, { content: [{ type: 'text', text: 'ran' }] }]);
    const client = new SallyportClient({ baseUrl: gateway.url, token: tokenOf('agent'), session });
    expect(await client.proxyCall({ tool: 'feign' })).toEqual(answer.body);
    expect(shop.ran.filter((name) => name === 'feign')).toHaveLength(2);
    expect((await call('report')).body).toEqual({ status: 'open', request_id: 'r1', content: [] });
    await expect(client.proxyCall({ tool: 'wait' })).rejects.toBeInstanceOf(ApprovalPending);
  });

  it('too fast is 403, says when to come again, and is tried anew then even under the same key', async () => {
    expect((await call('fast')).status).toBe(200);
    const key = { 'Idempotency-Key': 'hurry' };
    const refused = await call('fast', {}, key);
    expect([refused.status, refused.body.code]).toEqual([403, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect((await call('fast', {}, key)).headers.get('idempotency-replayed')).toBeNull();
  });

  it('without a session, or in one that does not count, is not made', async () => {
    const none = await gateway.ask('/v1/proxy/call', { method: 'POST', as: 'agent', body: { tool: 'look' } });
    expect([none.status, none.body.errors[0].path]).toEqual([400, 'session_id']);
    const before = shop.ran.length;
    const foreign = await gateway.ask('/v1/proxy/call', {
      method: 'POST',
      as: 'all',
      body: { tool: 'look', session_id: session },
    });
    const invented = await call('look', { session_id: `ses_${'x'.repeat(32)}` });
    expect([foreign.status, foreign.body.code]).toEqual([401, 'session_invalid']);
    expect(invented.body.detail).toBe(foreign.body.detail);
    expect(shop.ran.length).toBe(before);
    expect((await call('look', { session_id: undefined }, { 'Sallyport-Session': session })).status).toBe(
      200,
    );
  });

  it('of a tool beyond its scopes, of none, and of one whose server is slow or gone, says so', async () => {
    const [scope, unknown, slow] = [await call('drop'), await call('nothing'), await call('sleep')];
    expect([scope.status, scope.body.code]).toEqual([403, 'scope_missing']);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'unknown_target']);
    expect([slow.status, slow.body]).toMatchObject([504, { code: 'upstream_timeout', may_have_run: true }]);
    shop.close();
    const gone = await call('look');
    expect([gone.status, gone.body.code]).toEqual([502, 'upstream_unavailable']);
  });

  it('that waits for a person is 200 and says that it was not sent', async () => {
    const held = await call('wait');
    expect([held.status, held.body]).toMatchObject([200, { status: 'approval_required', isError: false }]);
    expect(held.body.request_id).toMatch(/^apr_/);
  });
});

it('the tools of all upstreams are listed as far as the session reaches', async () => {
  const names = async (headers: Record<string, string>) => {
    const { body } = await gateway.ask('/v1/proxy/tools', { as: 'agent', headers });
    return (body.tools as { name: string; upstream: string }[]).map(({ name }) => name);
  };
  expect(await names({})).toContain('drop');
  expect(await names({ 'Sallyport-Session': session })).not.toContain('drop');
  expect(await names({})).not.toContain('secret');
  const refused = await gateway.ask('/v1/proxy/tools', {
    as: 'agent',
    headers: { 'Sallyport-Session': 'x' },
  });
  expect([refused.status, refused.body.code]).toEqual([401, 'session_invalid']);
});
