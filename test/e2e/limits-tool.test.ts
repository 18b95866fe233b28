import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../packages/gateway/src/model/json.js';
import { type GatewayProcess, root, sallyport, scratchFolder, startGateway } from './gateway-process.js';
import { legacyClient, modernClient, type RawClient } from './raw-client.js';

const scratch = scratchFolder();
const env = { A_TOKEN: 'agent-token-000001', B_TOKEN: 'agent-token-000002' };
const tool = 'sallyport.limits';
let gateway: GatewayProcess;

const fixture = join(root, 'test/fixtures/waiting-server.mjs');
const upstream = { command: process.execPath, args: [fixture, '--log', join(scratch.path, 'log')] };
const budget = { kind: 'budget', id: 'daily', max: '1', unit: 'EUR', window: 'day', cost: { fixed: '0.25' } };
const pace = { kind: 'rate', id: 'pace', max: 3, windowSeconds: 600, per: ['principal'] };
const loop = { kind: 'repeat', id: 'loop', max: 2, windowSeconds: 600 };
const config = {
  dataDir: 'data',
  auth: {
    tokens: [
      { principal: 'a', tokens: ['env:A_TOKEN'] },
      { principal: 'b', tokens: ['env:B_TOKEN'] },
    ],
  },
  upstreams: { child: upstream },
  limits: { tool: true },
  policy: {
    rules: [
      { id: 'wait', match: { tools: ['wait'] }, effect: 'allow', limits: [budget, pace, loop] },
      { id: 'ask', match: { tools: [tool], principals: ['a'] }, effect: 'allow' },
    ],
  },
};

beforeAll(async () => {
  gateway = await startGateway(scratch.path, config, env);
});

afterAll(async () => {
  await gateway?.stop();
  scratch.remove();
});

const eras: [string, (token: string, path?: string) => Promise<RawClient> | RawClient][] = [
  [
    'legacy',
    (token, path = '/mcp') => legacyClient(`${gateway.baseUrl}${path}`, { Authorization: `Bearer ${token}` }),
  ],
  [
    'modern',
    (token, path = '/mcp') => modernClient(`${gateway.baseUrl}${path}`, { Authorization: `Bearer ${token}` }),
  ],
];

async function names(client: RawClient): Promise<string[]> {
  const { tools } = await client.request('tools/list');
  return (tools as { name: string }[]).map(({ name }) => name);
}

async function limits(client: RawClient, args: object = {}): Promise<JsonObject[]> {
  const { structuredContent } = await client.request('tools/call', { name: tool, arguments: args });
  return (structuredContent as { limits: JsonObject[] }).limits;
}

describe.each(eras)('a %s client', (_era, open) => {
  it('finds the tool in its list where the rules allow it, everywhere and at each upstream', async () => {
    for (const path of ['/mcp', '/mcp/child']) {
      expect(await names(await open(env.A_TOKEN, path))).toEqual([tool, 'wait']);
      expect(await names(await open(env.B_TOKEN, path))).toEqual(['wait']);
    }
  });

  it('is told what is left and when there is room again, of its own counters', async () => {
    const client = await open(env.A_TOKEN);
    const before = await limits(client);
    expect(before.map(({ id, kind, tools }) => [id, kind, tools])).toEqual([
      ['daily', 'budget', ['wait']],
      ['pace', 'rate', ['wait']],
    ]);
    await client.request('tools/call', { name: 'wait', arguments: { id: `${_era}`, ms: 0 } });
    const [spent, paced] = await limits(client);
    expect(Number(spent?.left)).toBe(Number(before[0]?.left) - 0.25);
    expect(spent).toMatchObject({
      max: '1',
      unit: 'EUR',
      resetsAt: expect.stringContaining('T00:00:00') as string,
    });
    expect(paced).toMatchObject({ max: 3, left: Number(before[1]?.left) - 1, windowSeconds: 600 });
    const exact = await limits(client, { tool: 'wait', arguments: { id: `${_era}`, ms: 0 } });
    expect(exact.find(({ id }) => id === 'loop')).toMatchObject({ left: 1, max: 2 });
  });

  it('is refused where the rules do not allow it, and told of no tool that it may not see', async () => {
    const b = await open(env.B_TOKEN);
    expect(await b.request('tools/call', { name: tool, arguments: {} })).toMatchObject({ isError: true });
    const a = await open(env.A_TOKEN);
    const strange = await a.request('tools/call', { name: tool, arguments: { tool: 'nothing' } });
    expect(strange).toMatchObject({ isError: true });
    const wrong = await a.request('tools/call', { name: tool, arguments: { tol: 'x' } });
    expect(JSON.stringify(wrong)).toContain('invalid_arguments');
  });
});

it('each question is on record as a call', async () => {
  const { stdout } = await sallyport(scratch.path, ['audit', 'query', '--tool', tool, '--json'], env);
  const records = stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { type: string; effect?: string }]));
  const types = new Set(records.map(({ type, effect }) => `${type} ${effect}`));
  expect(types).toContain('call.decided allow');
  expect(types).toContain('call.decided deny');
  expect(types).toContain('call.outcome undefined');
});

it('no upstream may have the name under which the tool is', async () => {
  const other = scratchFolder();
  const started = startGateway(other.path, { ...config, upstreams: { sallyport: upstream } }, env);
  await expect(started).rejects.toThrow('another id, or limits.tool false');
  other.remove();
});
