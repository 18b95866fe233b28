import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { scratchFolder } from '../e2e/gateway-process.js';
import { openShop, type ShopServer } from '../rest/shop-server.js';

// The requests of the article, in its order: same paths, same headers, same bodies; only the host is ours. What stands
// between them shows that each one took effect.

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const folder = scratchFolder();
const key = 'hld_xxx-of-the-test';
/** Noon in New York on a Friday. */
const noon = Date.parse('2026-11-20T17:00:00Z');
let ahead = noon - Date.now();

let shop: ShopServer;
let gateway: Gateway;
let base = '';

beforeAll(async () => {
  const names = [
    'scan_domain',
    'dns_lookup',
    'whois_lookup',
    'delete_database',
    'send_email',
    'transfer_funds',
  ];
  shop = await openShop(names.map((name) => ({ name })));
  const config = await configInMemory(
    {
      upstreams: {},
      listen: { port: 0 },
      policy: { default: 'allow' },
      auth: { tokens: [{ principal: 'operator', tokens: ['env:KEY'], roles: ['agent', 'admin'] }] },
      apiLayer: { plainHttp: true, addresses: ['127.0.0.1'] },
      prices: [{ tools: ['scan_domain'], cost: '20' }],
    },
    folder.path,
    { environment: { KEY: key } },
  );
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  gateway = await openGateway({ config, log: silent, clock, mode: 'serve' });
  base = (await gateway.start()).url ?? '';
});
afterAll(async () => {
  await gateway.stop('test');
  shop.close();
  rmSync(folder.path, { recursive: true, force: true });
});

/** Compared, not trusted. */
type Body = ReturnType<typeof JSON.parse>;

async function send(method: string, path: string, body?: object): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const policies: string[] = [];

async function add(policy: object): Promise<string> {
  const { status, body } = await send('POST', '/v1/proxy/policies', policy);
  expect([status, body]).toMatchObject([201, policy]);
  policies.push(body.id);
  return body.id as string;
}

const drop = (id: string) => send('DELETE', `/v1/proxy/policies/${id}`);

async function newSession(scopes: string[]): Promise<string> {
  const wish = { agent_id: 'research-bot', scopes, ttl: 3600 };
  return (await send('POST', '/v1/sessions', wish)).body.session_id;
}

const call = (tool: string, session_id: string, args: object = { domain: 'example.com' }) =>
  send('POST', '/v1/proxy/call', { tool, arguments: args, session_id });

/** A refusal of a policy, by the id of one. */
function expectBlockedBy(answer: { status: number; body: Body }, policy: string, code = 'denied'): void {
  expect([answer.status, answer.body.code, answer.body.isError]).toEqual([403, code, true]);
  expect(String(answer.body.blocked_by)).toContain(policy);
}

describe('the article, request by request', () => {
  let session = '';

  it('registers the upstream', async () => {
    const { status, body } = await send('POST', '/v1/proxy/upstreams', { name: 'my-tools', url: shop.url });
    expect([status, body]).toMatchObject([
      201,
      { registered: true, name: 'my-tools', healthy: true, tools_discovered: 6 },
    ]);
  });

  it('opens a scoped session', async () => {
    const asked = { agent_id: 'research-bot', scopes: ['read', 'browse', 'spend:25'], ttl: 3600 };
    const { status, body } = await send('POST', '/v1/sessions', asked);
    expect([status, body]).toMatchObject([
      201,
      {
        session_id: expect.stringMatching(/^ses_/),
        agent_id: 'research-bot',
        scopes: ['read', 'browse', 'spend:25'],
      },
    ]);
    expect(body.expires_at).toBe(new Date(body.expires_at_unix * 1000).toISOString().replace('.000', ''));
    expect(body.expires_at_unix * 1000).toBeCloseTo(Date.now() + ahead + 3_600_000, -4);
    session = body.session_id;
  });

  it('calls through the proxy, and cannot spend more than the session has', async () => {
    const first = await send('POST', '/v1/proxy/call', {
      tool: 'scan_domain',
      arguments: { domain: 'example.com' },
      session_id: session,
    });
    expect([first.status, first.body]).toEqual([200, { content: [{ type: 'text', text: 'done' }] }]);
    expect(shop.ran).toEqual(['scan_domain']);
    const second = await call('scan_domain', session);
    expect([second.status, second.body.code]).toEqual([403, 'budget_exhausted']);
    const shown = await send('GET', `/v1/sessions/${session}`);
    expect(shown.body).toMatchObject({ spent: '20', remaining_budget: '5', is_valid: true });
  });

  it('lists the tools of all upstreams', async () => {
    const { status, body } = await send('GET', '/v1/proxy/tools');
    expect([status, body.count]).toEqual([200, 6]);
    expect(body.tools[0]).toMatchObject({ upstream: 'my-tools', description: expect.any(String) });
  });

  it('allows only the tools that are named', async () => {
    const id = await add({ type: 'allow', tools: ['scan_domain', 'dns_lookup', 'whois_lookup'] });
    expectBlockedBy(await call('send_email', session), id);
    expect((await call('dns_lookup', session)).status).toBe(200);
    expect((await drop(id)).status).toBe(204);
    expect((await call('send_email', session)).status).toBe(200);
  });

  it('denies the tools that are named', async () => {
    const id = await add({ type: 'deny', tools: ['delete_database', 'send_email', 'transfer_funds'] });
    const before = shop.ran.length;
    for (const tool of ['delete_database', 'send_email', 'transfer_funds'])
      expectBlockedBy(await call(tool, session), id);
    expect(shop.ran.length).toBe(before);
    expect((await call('dns_lookup', session)).status).toBe(200);
  });

  it('limits what a session may spend', async () => {
    const id = await add({ type: 'spend_limit', max_usd: 50.0, per: 'session' });
    const rich = await newSession(['read', 'browse']);
    expect([(await call('scan_domain', rich)).status, (await call('scan_domain', rich)).status]).toEqual([
      200, 200,
    ]);
    expectBlockedBy(await call('scan_domain', rich), id, 'budget_exhausted');
    expect((await call('dns_lookup', rich)).status).toBe(200);
    expectBlockedBy(await call('dns_lookup', rich, { amount: 50.01 }), id, 'budget_exhausted');
    expect((await call('scan_domain', await newSession(['read']))).status).toBe(200);
  });

  it('limits how often tools are called', async () => {
    const id = await add({ type: 'rate_limit', max_calls: 100, window_seconds: 3600 });
    for (let n = 0; n < 100; n += 1) expect((await call('whois_lookup', session)).status).toBe(200);
    expectBlockedBy(await call('whois_lookup', session), id, 'rate_limited');
    await drop(id);
    expect((await call('whois_lookup', session)).status).toBe(200);
  });

  it('lets tools be called in business hours only', async () => {
    const id = await add({
      type: 'time_window',
      allowed_hours: { start: '09:00', end: '17:00' },
      timezone: 'America/New_York',
    });
    expect((await call('dns_lookup', await newSession(['read']))).status).toBe(200);
    ahead += 5 * 3_600_000;
    expectBlockedBy(await call('dns_lookup', await newSession(['read'])), id);
    ahead -= 5 * 3_600_000;
    const { body } = await send('GET', '/v1/proxy/policies');
    expect(body.policies.map((policy: { id: string }) => policy.id)).toEqual(expect.arrayContaining([id]));
    expect(body.count).toBe(3);
  });

  it('runs what the client of the article runs', async () => {
    const upstream = { name: 'security-tools', url: shop.url };
    expect((await send('POST', '/v1/proxy/upstreams', upstream)).status).toBe(201);
    const opened = await send('POST', '/v1/sessions', { agent_id: 'my-agent', scopes: ['read', 'spend:25'] });
    const made = await send('POST', '/v1/proxy/call', {
      tool: 'scan_domain',
      arguments: { domain: 'example.com' },
      session_id: opened.body.session_id,
    });
    expect(made.status).toBe(200);
  });

  it('has each call on record, denied ones with the policy, and what calls really cost', async () => {
    const denied = (await send('GET', '/v1/audit/records?effect=deny&limit=1000')).body.records as Body[];
    for (const id of policies.filter((policy) => !/^(spend_limit|rate_limit)/.test(policy)))
      expect(denied.map(({ policy }) => String(policy?.rule))).toContainEqual(expect.stringContaining(id));
    const codes = new Set(denied.map(({ code }) => code as string));
    expect([...codes].sort()).toEqual(['budget_exhausted', 'denied', 'rate_limited']);
    for (const record of denied) expect(record.session).toMatchObject({ id: expect.stringMatching(/^sn_/) });
    const ended = (await send('GET', '/v1/audit/records?type=call.outcome&tool=scan_domain&limit=1000')).body;
    const most = (lines: Body[]) => Math.max(...lines.map(({ spent }) => Number(spent)));
    const spent = (ended.records as Body[]).map(({ budget }) => most(budget));
    expect(spent).toEqual(spent.map(() => 20));
    // Also when another upstream had come that offers a tool of that name.
    expect(spent.length).toBe(shop.ran.filter((name) => name === 'scan_domain').length);
  });

  it('ends the session, whose calls are refused from then on', async () => {
    expect((await send('POST', `/v1/sessions/${session}/check`, { scope: 'browse' })).body.allowed).toBe(
      true,
    );
    expect((await send('DELETE', `/v1/sessions/${session}`)).status).toBe(200);
    expect((await send('GET', `/v1/sessions/${session}`)).status).toBe(404);
    const late = await call('dns_lookup', session);
    expect([late.status, late.body.code]).toEqual([401, 'session_invalid']);
  });
});
