import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { scratchFolder } from '../e2e/gateway-process.js';
import { openShop, type ShopServer } from '../rest/shop-server.js';

// The requests of its README, byte for byte, as curl sends them: no more headers than are printed, and the token that
// each door asks for here. In between stands what shows that each one took effect.

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const folder = scratchFolder();
const environment = { KEY: 'key-of-the-agent', MCP_PROXY_ADMIN_TOKEN: 'token-of-the-reviewer' };

let shop: ShopServer;
let gateway: Gateway;
let base = '';

beforeAll(async () => {
  shop = await openShop([
    { name: 'demo_send_message', answer: { content: [{ type: 'text', text: 'sent' }] } },
    { name: 'demo_refund', answer: { content: [{ type: 'text', text: 'refunded' }] } },
  ]);
  const config = await configInMemory(
    {
      listen: { port: 0 },
      auth: { tokens: [{ principal: 'agent', tokens: ['env:KEY'] }] },
      upstreams: { demo: { url: shop.url } },
      policy: { default: 'deny' },
      approvals: { mode: 'hold' },
      evaluators: [
        {
          name: 'risk',
          kind: 'risk',
          rules: [
            {
              name: 'high_value_refund',
              match: {
                all: [{ system: 'demo' }, { action: 'refund' }, { contextGt: { key: 'amount', value: 100 } }],
              },
              score: 30,
              minWave: 'review',
              reason: 'Refund over $100',
            },
          ],
        },
      ],
    },
    folder.path,
    { environment },
  );
  gateway = await openGateway({ config, log: silent, clock: systemClock, mode: 'serve' });
  base = ((await gateway.start()).url ?? '').replace(/\/mcp$/, '');
});
afterAll(async () => {
  await gateway.stop('test');
  shop.close();
  rmSync(folder.path, { recursive: true, force: true });
});

/** Compared, not trusted. */
type Body = ReturnType<typeof JSON.parse>;

async function curl(method: string, path: string, token?: string, data?: string) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      Accept: '*/*',
      'User-Agent': 'curl/8.14.1',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(data === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(data === undefined ? {} : { body: data }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const mcp = (data: string) => curl('POST', '/mcp', environment.KEY, data);
const admin = (method: string, path: string) => curl(method, path, environment.MCP_PROXY_ADMIN_TOKEN);

const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const message = `{"jsonrpc":"2.0","id":2,"method":"tools/call",
       "params":{"name":"demo_send_message",
                 "arguments":{"channel":"#general","text":"hi"}}}`;
const refund = (amount: number) => `{"jsonrpc":"2.0","id":3,"method":"tools/call",
       "params":{"name":"demo_refund","arguments":{"amount":${amount}}}}`;

/** Has a refund held and says its id. */
async function held(amount: number): Promise<string> {
  const { status, body } = await mcp(refund(amount));
  expect(status).toBe(200);
  expect(body).toMatchObject({ jsonrpc: '2.0', id: 3, result: { isError: false } });
  expect(body.result.content[0].text).toMatch(/^Not executed: .*Refund over \$100/);
  return body.result._meta['io.github.sallyport/hold'].id;
}

it('the tools are listed, what is harmless runs at once, and so does a refund of 50', async () => {
  const { status, body } = await mcp(list);
  expect(status).toBe(200);
  const names = body.result.tools.map(({ name }: { name: string }) => name);
  expect(names.toSorted()).toEqual(['demo_refund', 'demo_send_message']);
  expect(await mcp(message)).toMatchObject({
    status: 200,
    body: { jsonrpc: '2.0', id: 2, result: { content: [{ type: 'text', text: 'sent' }] } },
  });
  expect((await mcp(refund(50))).body.result.content).toEqual([{ type: 'text', text: 'refunded' }]);
  expect(shop.ran.splice(0)).toEqual(['demo_send_message', 'demo_refund']);
});

it('a refund of 500 is held and listed; the approval executes it once and returns the outcome', async () => {
  const id = await held(500);
  expect((await admin('GET', '/admin/holds')).body).toEqual({
    holds: [
      {
        id,
        tool: 'demo_refund',
        arguments: { amount: 500 },
        client_id: 'agent',
        reason: 'Refund over $100',
        metadata: expect.any(Object),
      },
    ],
  });
  expect(shop.ran).toEqual([]);
  const approved = await admin('POST', `/admin/holds/${id}/approve`);
  expect(approved).toMatchObject({
    status: 200,
    body: {
      status: 'executed',
      result: { content: [{ type: 'text', text: 'refunded' }] },
      evaluation: { allow: true, hold: false, reason: 'Refund over $100' },
      request_id: expect.any(String),
    },
  });
  expect(shop.ran.splice(0)).toEqual(['demo_refund']);
  expect((await admin('GET', '/admin/holds')).body).toEqual({ holds: [] });
  expect((await admin('POST', `/admin/holds/${id}/approve`)).status).toBe(404);
  expect(shop.ran).toEqual([]);
});

it('a rejection drops the call, which nobody can approve afterwards', async () => {
  const id = await held(700);
  expect(await admin('POST', `/admin/holds/${id}/reject`)).toEqual({
    status: 200,
    body: { status: 'rejected', hold_id: id },
  });
  expect((await admin('POST', `/admin/holds/${id}/approve`)).status).toBe(404);
  expect((await mcp(refund(700))).body.result).toMatchObject({
    isError: true,
    _meta: { 'io.github.sallyport/refusal': { code: 'approval_denied', status: 403 } },
  });
  expect(shop.ran).toEqual([]);
});

it('whoever has no token, or that of the agent, neither sees nor answers what is held', async () => {
  const id = await held(900);
  for (const token of [undefined, environment.KEY]) {
    expect((await curl('GET', '/admin/holds', token)).status).toBe(401);
    expect((await curl('POST', `/admin/holds/${id}/approve`, token)).status).toBe(401);
  }
  expect((await curl('POST', '/mcp', undefined, refund(50))).status).toBe(401);
  expect(shop.ran).toEqual([]);
  expect((await admin('GET', '/admin/holds')).body.holds).toHaveLength(1);
});

it('its health address says that it lives', async () => {
  expect(await curl('GET', '/health')).toEqual({
    status: 200,
    body: { status: 'ok', service: 'sallyport' },
  });
});
