import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, sallyport, scratchFolder, until } from '../e2e/gateway-process.js';
import { openRestGateway, type RestGateway, tokenOf } from './rest-gateway.js';

let gateway: RestGateway;
const scratch = scratchFolder();
const tools = join(scratch.path, 'tools.json');
const inputSchema = { type: 'object', properties: { n: { type: 'integer' } } };
const tool = (name: string, description = `Does ${name}.`) => ({ name, description, inputSchema });

beforeAll(async () => {
  writeFileSync(tools, JSON.stringify([tool('pay'), tool('look'), tool('secret')]));
  writeFileSync(join(scratch.path, 'calls.log'), '');
  const fixture = join(root, 'test/fixtures/changing-server.mjs');
  const args = [fixture, '--tools', tools, '--log', join(scratch.path, 'calls.log')];
  const budget = { kind: 'budget', id: 'daily', max: '100', cost: { price: true }, window: 'day' };
  gateway = await openRestGateway({
    upstreams: { bank: { command: process.execPath, args } },
    prices: [{ tools: ['pay'], cost: '2.50' }],
    audit: { arguments: 'full' },
    policy: {
      default: 'allow',
      rules: [
        { id: 'no-look', match: { tools: ['look'] }, effect: 'deny' },
        { id: 'unseen', match: { tools: ['secret'] }, effect: 'hide' },
        { id: 'money', match: { tools: ['pay'] }, effect: 'limit', limits: [budget] },
      ],
    },
  });
});
afterAll(async () => {
  await gateway.close();
  scratch.remove();
});

async function call(name: string, args: object): Promise<void> {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
  const response = await fetch(`${gateway.url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${tokenOf('agent')}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(message),
  });
  await response.text();
}

describe('the tools', () => {
  it('are those that the caller may see, with their definitions, in pages', async () => {
    const { status, body } = await gateway.ask('/v1/tools', { as: 'agent' });
    expect([status, body.tools.map(({ name }: { name: string }) => name)]).toEqual([200, ['pay']]);
    expect(body.tools[0]).toMatchObject({ upstream: 'bank', description: 'Does pay.', inputSchema });
    expect((await gateway.ask('/v1/tools?limit=1', { as: 'agent' })).body).not.toHaveProperty('next_cursor');
    expect((await gateway.ask('/v1/tools?cursor=none', { as: 'agent' })).status).toBe(400);
  });

  it('are listed on record', async () => {
    const { body } = await gateway.ask('/v1/audit/records?type=list.answered&limit=1', { as: 'auditor' });
    expect(body.records[0]).toMatchObject({
      caller: { id: 'agent' },
      mcp: { method: 'tools/list', via: 'rest' },
    });
  });
});

describe('what calls did', () => {
  it('is one entry each, with the names that Haldir documents; a denied one says by which policy', async () => {
    await call('pay', { n: 1 });
    await call('look', { n: 2 });
    const { status, body } = await gateway.ask('/v1/audit', { as: 'auditor' });
    expect([status, body.count]).toEqual([200, 2]);
    const [denied, allowed] = body.entries;
    expect(allowed).toMatchObject({
      session_id: null,
      agent_id: 'agent',
      tool: 'pay',
      arguments: { n: 1 },
      upstream: 'bank',
      status: 'allowed',
      outcome: 'executed',
      cost_usd: 2.5,
    });
    expect(Date.parse(allowed.timestamp)).toBeGreaterThan(0);
    expect(allowed.latency_ms).toBeGreaterThanOrEqual(0);
    expect(denied).toMatchObject({
      tool: 'look',
      status: 'denied',
      policy: 'no-look',
      code: 'denied',
      cost_usd: 0,
    });
  });

  it('is found by tool, status, agent and time, in pages', async () => {
    const found = async (query: string) => {
      const { status, body } = await gateway.ask(`/v1/audit?${query}`, { as: 'operator' });
      expect(status).toBe(200);
      return body.entries.map((entry: { tool: string }) => entry.tool);
    };
    expect(await found('status=denied')).toEqual(['look']);
    expect(await found('status=allowed')).toEqual(['pay']);
    expect(await found('tool=pay&agent_id=agent&upstream=bank')).toEqual(['pay']);
    expect(await found('agent_id=nobody')).toEqual([]);
    expect(await found('session_id=ses_00000000000000000000000000000000')).toEqual([]);
    expect(await found('since=2100-01-01T00:00:00Z')).toEqual([]);
    const first = (await gateway.ask('/v1/audit?limit=1', { as: 'auditor' })).body;
    expect(await found(`limit=1&cursor=${first.next_cursor}`)).toEqual(['pay']);
  });

  it('adds up to what was spent, by tool', async () => {
    await call('pay', { n: 3 });
    const { status, body } = await gateway.ask('/v1/audit/spend', { as: 'auditor' });
    expect([status, body]).toEqual([200, { total_usd: 5, action_count: 2, by_tool: { pay: 5 } }]);
    const nobody = await gateway.ask('/v1/audit/spend?agent_id=nobody', { as: 'auditor' });
    expect(nobody.body).toEqual({ total_usd: 0, action_count: 0, by_tool: {} });
  });
});

describe('the gateway', () => {
  it('says how it is', async () => {
    const { status, body } = await gateway.ask('/v1/status', { as: 'operator' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ready: true,
      upstreams: { up: 1 },
      journal: { ok: true },
      holds: { pending: 0 },
    });
    expect(body.uptime_seconds).toBeGreaterThan(0);
    const env = { SALLYPORT_KEY: tokenOf('auditor') };
    const told = await sallyport(gateway.folder, ['status', '--gateway', gateway.url], env);
    expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('upstreams: 1 up')]);
    const json = await sallyport(gateway.folder, ['status', '--gateway', gateway.url, '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({ ready: true, version: body.version });
    const none = await sallyport(gateway.folder, ['status', '--gateway', 'http://127.0.0.1:9'], env);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('no gateway answers there')]);
  });

  it('shows the configuration in effect, with where it comes from and without secrets', async () => {
    const { status, body } = await gateway.ask('/v1/config', { as: 'auditor' });
    expect(status).toBe(200);
    expect(body.config.policy.default).toBe('allow');
    expect(body.origins['policy.default']).toContain('file');
    expect(JSON.stringify(body)).not.toContain(tokenOf('admin'));
  });
});

describe('a definition that changed', () => {
  const path = '/v1/pins/bank/tool/pay';
  const pin = async () => (await gateway.ask(path, { as: 'auditor' })).body;
  const decide = (word: string, digest: string) =>
    gateway.ask(`${path}/${word}`, { method: 'POST', as: 'operator', body: { digest } });

  it('is shown with what changed, and is accepted or rejected by its digest', async () => {
    expect((await pin()).state).toBe('accepted');
    writeFileSync(tools, JSON.stringify([tool('pay', 'Pays more.'), tool('look'), tool('secret')]));
    await until('the changed definition', async () => (await pin()).state === 'changed');
    const changed = await pin();
    expect(changed.changes).toEqual([{ path: ['description'], before: 'Does pay.', after: 'Pays more.' }]);
    const listed = await gateway.ask('/v1/pins?state=changed', { as: 'auditor' });
    expect([listed.status, listed.body.pins]).toEqual([200, [expect.objectContaining({ name: 'pay' })]]);
    const odd = await decide('accept', 'sha256:other');
    expect([odd.status, odd.body.code]).toEqual([409, 'changed']);
    expect((await decide('reject', 'sha256:other')).status).toBe(409);
    expect(await decide('accept', changed.offered)).toMatchObject({
      status: 200,
      body: { state: 'accepted' },
    });
    expect((await decide('reject', changed.offered)).body.state).toBe('rejected');
    const { body } = await gateway.ask('/v1/audit/records?type=pin.accepted,pin.rejected&limit=2', {
      as: 'auditor',
    });
    expect(body.records.map(({ by }: { by: string }) => by)).toEqual(['operator', 'operator']);
  });

  it('is decided on by the command line through the gateway', async () => {
    const env = { SALLYPORT_KEY: tokenOf('operator') };
    const run = (...args: string[]) =>
      sallyport(gateway.folder, ['upstreams', 'pins', ...args, '--gateway', gateway.url, '--json'], env);
    const listed = await run('list', 'bank', 'pay');
    const [known] = JSON.parse(listed.stdout).pins;
    expect(known).toMatchObject({ name: 'pay', state: 'rejected' });
    expect((await run('accept', 'bank', 'pay', '--digest', known.offered)).code).toBe(0);
    expect((await pin()).state).toBe('accepted');
    expect((await run('diff', 'bank', 'pay')).code).toBe(0);
    expect((await run('reject', 'bank', 'pay', '--digest', known.offered)).code).toBe(0);
    expect((await pin()).state).toBe('rejected');
  });

  it('is forgotten where it is to be a first sight again', async () => {
    const method = 'DELETE';
    expect((await gateway.ask(path, { method, as: 'operator' })).status).toBe(200);
    for (const asked of [{ method }, { method: 'GET' }])
      expect((await gateway.ask('/v1/pins/bank/tool/none', { ...asked, as: 'operator' })).status).toBe(404);
    for (const word of ['accept', 'reject']) {
      const body = { digest: 'sha256:x' };
      const answer = await gateway.ask(`/v1/pins/bank/tool/none/${word}`, {
        method: 'POST',
        as: 'operator',
        body,
      });
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  });
});
