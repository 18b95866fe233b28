import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/gateway-process.js';
import { type SmallServer, startSmallServer } from '../e2e/small-server.js';
import { documentOf, operationsIn } from './operations.js';
import { everyRole, openRestGateway, type RestGateway } from './rest-gateway.js';

/** Stands in everything that the first tenant makes, and must stand in nothing that the other sees. */
const mark = 'acme-only';
const tokens = { acme: `acme-${'t'.repeat(32)}`, other: `other-${'t'.repeat(32)}` };
type Tenant = keyof typeof tokens;

let gateway: RestGateway;
let server: SmallServer;
/** Behind an upstream that the first tenant makes. */
let made: SmallServer;

beforeAll(async () => {
  made = await startSmallServer(mark, ['made']);
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
      apiLayer: { plainHttp: true, addresses: ['127.0.0.1'] },
      policy: {
        default: 'deny',
        rules: [
          { id: 'look', match: { tools: ['tools:look'] }, effect: 'allow' },
          { id: 'send', match: { tools: ['tools:send'] }, effect: 'ask' },
          { id: 'rest', match: { tools: ['*'] }, effect: 'allow' },
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
  made.close();
});

const as = (tenant: Tenant) => ({ Authorization: `Bearer ${tokens[tenant]}` });

function call(tenant: Tenant, tool: string, args: object) {
  return overMcp(tenant, { method: 'tools/call', name: tool, params: { name: tool, arguments: args } });
}

const toolsOf = async (tenant: Tenant) =>
  JSON.stringify((await overMcp(tenant, { method: 'tools/list', params: {} })).body);

function overMcp(
  tenant: Tenant,
  { method, name, params }: { method: string; name?: string; params: object },
) {
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
      'Mcp-Method': method,
      ...(name === undefined ? {} : { 'Mcp-Name': name }),
    },
    body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } },
  });
}

const post = (path: string, tenant: Tenant, body: object, more: Record<string, string> = {}) =>
  gateway.ask(path, { method: 'POST', headers: { ...as(tenant), ...more }, body });

let session = { session_id: '', id: '' };
let key = { id: '' };

/** Of the first tenant: a policy with limits, a call, a refused one, a held one, a kill switch, and what it works with. */
async function makeSomethingOfEverything(): Promise<void> {
  const limits = [
    { kind: 'rate', id: mark, max: 100, windowSeconds: 3600 },
    { kind: 'budget', id: `${mark}-money`, max: '5', cost: { fixed: '1' } },
  ];
  const pace = { id: 'pace', match: { tools: ['tools:look'] }, effect: 'limit', limits };
  expect((await post('/v1/policies', 'acme', { name: 'pace', rules: [pace] })).status).toBe(201);
  expect((await post('/v1/upstreams', 'acme', { id: mark, url: made.url })).status).toBe(201);
  session = (await post('/v1/sessions', 'acme', { agent_id: mark, labels: { owner: mark } })).body;
  key = (await post('/v1/keys', 'acme', { principal: mark, roles: ['agent'] })).body;
  await until('the tools of the upstream', async () => (await toolsOf('acme')).includes('made'));
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
        '/v1/budgets',
        '/v1/keys',
        '/v1/kill-switches',
        '/v1/limits',
        '/v1/pins',
        '/v1/policies',
        '/v1/principals',
        '/v1/proxy/tools',
        '/v1/sessions',
        '/v1/tools',
        '/v1/upstreams',
      ]),
    );
    expect(Object.entries(others).filter(([, text]) => text.includes(mark))).toEqual([]);
  });

  it('is in no list of tools over MCP of another, who cannot call it either and does not hear that it is there', async () => {
    expect(await toolsOf('acme')).toContain('"name":"made"');
    expect(await toolsOf('other')).not.toContain('made');
    expect(JSON.stringify((await call('acme', 'made', {})).body)).toContain(`${mark} ran made`);
    for (const name of ['made', `${mark}__made`]) {
      const { error } = (await call('other', name, {})).body;
      const { error: unknown } = (await call('other', 'no-such', {})).body;
      expect(error).toEqual(JSON.parse(JSON.stringify(unknown).replaceAll('no-such', name)));
    }
  });

  it('is not there for another: sessions, keys, pins and upstreams', async () => {
    const paths = [
      `GET /v1/sessions/${session.session_id}`,
      `GET /v1/sessions/${session.id}`,
      `DELETE /v1/sessions/${session.id}`,
      `GET /v1/keys/${key.id}`,
      `DELETE /v1/keys/${key.id}`,
      `POST /v1/keys/${key.id}/rotate`,
      `GET /v1/upstreams/${mark}`,
      `DELETE /v1/upstreams/${mark}`,
      `DELETE /v1/pins/${mark}/tool/made`,
    ];
    const statuses = async (tenant: Tenant, some: readonly string[]) =>
      Promise.all(
        some.map(async (one) => {
          const [method = '', path = ''] = one.split(' ');
          return (await gateway.ask(path, { method, headers: as(tenant) })).status;
        }),
      );
    expect(await statuses('other', paths)).toEqual(paths.map(() => 404));
    const reads = paths.filter((one) => one.startsWith('GET'));
    expect(await statuses('acme', reads)).toEqual(reads.map(() => 200));
    const inSession = await post('/v1/proxy/call', 'other', { tool: 'look', session_id: session.session_id });
    expect(inSession.body.code).toBe('session_invalid');
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
