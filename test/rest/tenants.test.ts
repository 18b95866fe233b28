import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../e2e/small-server.js';
import { documentOf, operationsIn } from './operations.js';
import { everyRole, openRestGateway, type RestGateway } from './rest-gateway.js';

/** Stands in everything that the first tenant makes, and must stand in nothing that the other sees. */
const mark = 'acme-only';
const tokens = { acme: `acme-${'t'.repeat(32)}`, other: `other-${'t'.repeat(32)}` };
type Tenant = keyof typeof tokens;

let gateway: RestGateway;
let server: SmallServer;

beforeAll(async () => {
  server = await startSmallServer('tools', ['send', 'look']);
  const people = (['acme', 'other'] as const).map((tenant) => ({
    // The same name in both: a name alone is nobody.
    principal: 'ann',
    tenant,
    roles: everyRole,
    tokens: [`env:TOKEN_OF_${tenant.toUpperCase()}`],
    labels: tenant === 'acme' ? { owner: mark } : {},
  }));
  gateway = await openRestGateway(
    {
      auth: { tokens: people },
      upstreams: { tools: { url: server.url, arguments: 'open' } },
      policy: {
        default: 'deny',
        rules: [
          { id: 'look', match: { tools: ['tools:look'] }, effect: 'allow' },
          { id: 'send', match: { tools: ['tools:send'] }, effect: 'ask' },
        ],
      },
      approvals: { waitSeconds: 1 },
    },
    { TOKEN_OF_ACME: tokens.acme, TOKEN_OF_OTHER: tokens.other },
  );
  await makeSomethingOfEverything();
});
afterAll(async () => {
  await gateway.close();
  server.close();
});

const as = (tenant: Tenant) => ({ Authorization: `Bearer ${tokens[tenant]}` });

function call(tenant: Tenant, tool: string, args: object) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  };
  return gateway.ask('/mcp', {
    method: 'POST',
    headers: {
      ...as(tenant),
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': tool,
    },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: args, _meta } },
  });
}

const post = (path: string, tenant: Tenant, body: object, more: Record<string, string> = {}) =>
  gateway.ask(path, { method: 'POST', headers: { ...as(tenant), ...more }, body });

/** Of the first tenant: a call, a refused one, a held one, a policy, a kill switch. */
async function makeSomethingOfEverything(): Promise<void> {
  expect(JSON.stringify((await call('acme', 'look', { text: mark })).body)).toContain('ran look');
  await call('acme', 'none', { text: mark });
  await call('acme', 'send', { text: mark });
  const rule = { id: mark, match: { tools: ['tools:look'], principals: ['nobody'] }, effect: 'deny' };
  const policy = await post('/v1/policies', 'acme', { name: mark, rules: [rule] });
  expect([policy.status, JSON.stringify(policy.body)]).toEqual([201, expect.stringContaining(mark)]);
  const kill = await post('/v1/kill-switches', 'acme', { scope: 'tool', name: 'tools:none', reason: mark });
  expect([kill.status, JSON.stringify(kill.body)]).toEqual([200, expect.stringContaining(mark)]);
}

/** What each list of the REST face answers a tenant with, by path. */
async function lists(tenant: Tenant): Promise<Record<string, string>> {
  const all = operationsIn(await documentOf(gateway)).filter(
    ({ method, path, roles }) =>
      method === 'GET' && roles.length > 0 && !path.includes('{') && !path.endsWith('/stream'),
  );
  const answers = await Promise.all(
    all.map(async ({ path }) => {
      const { status, body } = await gateway.ask(path, { headers: as(tenant) });
      return [path, `${status} ${JSON.stringify(body)}`] as const;
    }),
  );
  return Object.fromEntries(answers);
}

describe('what one tenant makes', () => {
  it('stands in its own lists and in no list of another tenant, whatever the roles there', async () => {
    const [own, others] = await Promise.all([lists('acme'), lists('other')]);
    const withMark = Object.keys(own).filter((path) => own[path]?.includes(mark));
    expect(withMark).toEqual(
      expect.arrayContaining([
        '/v1/approvals',
        '/v1/audit/records',
        '/v1/kill-switches',
        '/v1/policies',
        '/v1/principals',
      ]),
    );
    expect(Object.entries(others).filter(([, text]) => text.includes(mark))).toEqual([]);
  });

  it('cannot be looked at, answered, changed or ended by another, who hears that it is not there', async () => {
    const { body } = await gateway.ask('/v1/approvals?state=pending', { headers: as('acme') });
    const [{ id, bind }] = body.approvals;
    for (const path of [`/v1/approvals/${id}`, `/v1/approvals/${id}/view`, `/v1/approvals/${id}/result`])
      expect((await gateway.ask(path, { headers: as('other') })).status).toBe(404);
    for (const verdict of ['approve', 'deny', 'cancel'])
      expect(
        (await post(`/v1/approvals/${id}/${verdict}`, 'other', verdict === 'cancel' ? {} : { bind })).status,
      ).toBe(404);
    expect((await gateway.ask(`/v1/policies/${mark}`, { headers: as('other') })).status).toBe(404);
    expect(
      (await gateway.ask(`/v1/policies/${mark}`, { method: 'DELETE', headers: as('other') })).status,
    ).toBe(404);
    const kills = await gateway.ask('/v1/kill-switches', { headers: as('acme') });
    const [kill] = kills.body.kill_switches;
    expect(
      (await gateway.ask(`/v1/kill-switches/${kill.id}`, { method: 'DELETE', headers: as('other') })).status,
    ).toBe(404);
    expect((await gateway.ask(`/v1/approvals/${id}`, { headers: as('acme') })).body.state).toBe('pending');
  });

  it('is not answered to another by the same Idempotency-Key, nor joined by the same call of the same name', async () => {
    const order = { scope: 'tool', name: 'tools:none', reason: mark };
    const key = { 'Idempotency-Key': 'same' };
    expect((await post('/v1/kill-switches', 'acme', { ...order, name: 'tools:x' }, key)).status).toBe(200);
    const other = await post(
      '/v1/kill-switches',
      'other',
      { ...order, name: 'tools:x', reason: 'ours' },
      key,
    );
    expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([200, null]);
    const held = await call('other', 'send', { text: mark });
    expect(JSON.stringify(held.body)).not.toContain('ran send');
    const holds = await Promise.all(
      (['acme', 'other'] as const).map((tenant) =>
        gateway.ask('/v1/approvals?state=pending', { headers: as(tenant) }),
      ),
    );
    const ids = holds.flatMap(({ body }) => body.approvals.map((hold: { id: string }) => hold.id));
    expect(new Set(ids).size).toBe(2);
  });
});
