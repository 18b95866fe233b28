import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import { type GatewayProcess, root, sallyport, scratchFolder, startGateway } from './gateway-process.js';

const scratch = scratchFolder();
const env = {
  A_TOKEN: 'agent-token-000001',
  B_TOKEN: 'agent-token-000002',
  AUDITOR_TOKEN: 'auditor-token-000003',
  SALLYPORT_KEY: 'auditor-token-000003',
};
let gateway: GatewayProcess;
let config: object;

beforeAll(async () => {
  const fixture = join(root, 'test/fixtures/waiting-server.mjs');
  const budget = {
    kind: 'budget',
    id: 'daily',
    max: '1',
    unit: 'EUR',
    window: 'day',
    cost: { fixed: '0.100001' },
  };
  const total = { kind: 'budget', id: 'ever', max: 9_000_000, cost: { fixed: 3 }, per: [] };
  const pace = { kind: 'rate', id: 'pace', max: 2, windowSeconds: 600 };
  config = {
    dataDir: 'data',
    auth: {
      tokens: [
        { principal: 'a', tokens: ['env:A_TOKEN'] },
        { principal: 'b', tokens: ['env:B_TOKEN'] },
        { principal: 'c', tokens: ['env:AUDITOR_TOKEN'], roles: ['auditor'] },
      ],
    },
    upstreams: {
      child: { command: process.execPath, args: [fixture, '--log', join(scratch.path, 'log')] },
    },
    policy: { rules: [{ id: 'all', match: {}, effect: 'allow', limits: [budget, total, pace] }] },
  };
  gateway = await startGateway(scratch.path, config, env);
  for (const token of [env.A_TOKEN, env.A_TOKEN, env.B_TOKEN]) {
    const client = new SallyportClient({ baseUrl: gateway.baseUrl, token });
    await client.call({ tool: 'wait', arguments: { id: 'x', ms: 0 } });
  }
});

afterAll(async () => {
  await gateway?.stop();
  scratch.remove();
});

type Row = Record<string, unknown>;

async function get(path: string, token = env.AUDITOR_TOKEN): Promise<{ status: number; body: Row }> {
  const response = await fetch(`${gateway.baseUrl}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as Row };
}

async function pages(path: string, name: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await get(`${path}?limit=1${cursor}`);
    expect(status).toBe(200);
    rows.push(...(body[name] as Row[]));
    if (typeof body.next_cursor !== 'string') return rows;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

const expected = [
  {
    budget: 'daily',
    scope: 'principal=["default","a"]',
    used: '0.200002',
    left: '0.799998',
    max: '1',
    calls: 2,
  },
  {
    budget: 'daily',
    scope: 'principal=["default","b"]',
    used: '0.100001',
    left: '0.899999',
    max: '1',
    calls: 1,
  },
  { budget: 'ever', scope: '', used: '9', left: '8999991', max: '9000000', unit: 'USD', calls: 3 },
];

it('budgets are told over REST to the last millionth, a page at a time', async () => {
  const rows = await pages('/v1/budgets', 'budgets');
  expect(rows).toMatchObject(expected);
  expect(rows.map(({ resets_at: at }) => typeof at)).toEqual(['string', 'string', 'undefined']);
});

it('the ledger of a budget has every call that took of it, the latest first', async () => {
  const rows = await pages('/v1/budgets/daily/ledger', 'entries');
  expect(rows.map(({ scope, reserved, spent }) => [scope, reserved, spent])).toEqual([
    ['principal=["default","b"]', '0.100001', '0.100001'],
    ['principal=["default","a"]', '0.100001', '0.100001'],
    ['principal=["default","a"]', '0.100001', '0.100001'],
  ]);
  expect((await get('/v1/budgets/none/ledger')).body).toEqual({ count: 0, entries: [] });
});

it('limits on calls are told with what counts now, and when the next may come', async () => {
  const rows = await pages('/v1/limits', 'limits');
  expect(rows).toMatchObject([
    { limit: 'pace', kind: 'rate', scope: 'principal=["default","a"]', max: 2, counted: 2, left: 0 },
    { limit: 'pace', kind: 'rate', scope: 'principal=["default","b"]', max: 2, counted: 1, left: 1 },
  ]);
  expect(rows.map(({ opens_at: at }) => typeof at)).toEqual(['string', 'undefined']);
});

it('agents are told nothing of it, and a strange cursor or limit is refused', async () => {
  for (const path of ['/v1/budgets', '/v1/budgets/daily/ledger', '/v1/limits']) {
    expect((await get(path, env.A_TOKEN)).status, path).toBe(403);
    expect((await get(`${path}?limit=0`)).status, path).toBe(400);
  }
  for (const path of ['/v1/budgets', '/v1/limits'])
    expect((await get(`${path}?cursor=x`)).status, path).toBe(400);
});

it('the commands say the same, of the store and of a running gateway', async () => {
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await sallyport(scratch.path, [...args, '--json'], env);
    if (code !== 0) throw new Error(`${code}: ${stderr}`);
    return JSON.parse(stdout) as Row;
  };
  const at = ['--gateway', gateway.baseUrl];
  expect((await cli('budgets', 'list', ...at)).budgets).toMatchObject(expected);
  expect((await cli('budgets', 'list')).budgets).toMatchObject(expected);
  expect((await cli('budgets', 'show', 'ever', ...at)).entries).toHaveLength(3);
  expect((await cli('budgets', 'show', 'ever')).entries).toHaveLength(3);
  expect((await cli('limits', 'list', ...at)).limits).toHaveLength(2);
  const table = await sallyport(scratch.path, ['budgets', 'list'], env);
  expect(table.stdout).toContain('0.200002');
  const nowhere = await sallyport(scratch.path, ['limits', 'list'], env);
  expect([nowhere.code, nowhere.stderr.includes('--gateway')]).toEqual([2, true]);
});

it('are counted by each gateway for itself, which one that starts beside another says', async () => {
  expect(gateway.log()).not.toContain('other gateways use this data directory');
  const second = await startGateway(scratch.path, config, env);
  expect(second.log()).toContain(
    'other gateways use this data directory: each counts budgets and rates for itself',
  );
  await second.stop();
});
