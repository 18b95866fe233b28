import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../packages/contract/src/config.js';
import { legacyClient } from './raw-client.js';
import {
  openTaskHouse,
  type ServerProcess,
  startTasksServer,
  type TaskHouse,
  tasksCommand,
} from './task-house.js';

const apps = 'io.modelcontextprotocol/ui';
const echo = 'com.example/echo';

let server: ServerProcess;
let house: TaskHouse;

beforeAll(async () => {
  server = await startTasksServer();
  house = await openTaskHouse(config('web', allow));
});

afterAll(async () => {
  await house.stop();
  server.child.kill('SIGKILL');
});

const allow = { default: 'allow', rules: [] };

function config(upstream: string, policy: object, extensions: object = {}): Partial<ConfigInput> {
  const relay = [{ name: 'com.example/echoes', settings: { v: 1 }, methods: [echo], upstream }];
  return {
    names: { prefix: 'always' },
    upstreams: { web: { url: server.url }, child: tasksCommand },
    extensions: { relay, ...extensions },
    policy: policy as ConfigInput['policy'],
  };
}

const alice = { Authorization: 'Bearer alice-token-0001' };
const announced = async () => (await house.ask('server/discover', {})).result.capabilities.extensions;

async function declaredTo(upstream: string, capabilities: object): Promise<Record<string, unknown>> {
  const { result } = await house.ask('tools/call', { name: `${upstream}__declared` }, { capabilities });
  return JSON.parse(result.content[0].text) as Record<string, unknown>;
}

describe.each(['web', 'child'])('a method of an extension that goes to %s', (upstream) => {
  beforeAll(() => house.restart(config(upstream, allow)));

  it('is announced, and relayed with all that it is asked and answered', async () => {
    expect(await announced()).toMatchObject({ 'com.example/echoes': { v: 1 } });
    const params = { exact: 1, deep: { list: [true, null] } };
    const { result } = await house.ask(echo, params);
    expect(result).toEqual({ resultType: 'complete', heard: params });
  });

  it('is relayed for legacy clients as well, in their own form', async () => {
    const legacy = await legacyClient(`${house.baseUrl}/mcp`, alice);
    expect(await legacy.request(echo, { n: 1 })).toEqual({ heard: { n: 1 } });
  });

  it('exists at the endpoint of its upstream, and at that of no other', async () => {
    const other = upstream === 'web' ? 'child' : 'web';
    expect((await house.ask(echo, {}, { endpoint: `/mcp/${upstream}` })).result).toMatchObject({ heard: {} });
    expect((await house.ask(echo, {}, { endpoint: `/mcp/${other}` })).error).toMatchObject({ code: -32601 });
  });

  it('is refused by policy by its name, and recorded', async () => {
    const rules = [
      { id: 'echo-only-ok', match: { methods: [echo] }, when: 'args.ok == true', effect: 'allow' },
    ];
    await house.restart(config(upstream, { default: 'deny', rules }));
    expect((await house.ask(echo, { ok: true })).result).toMatchObject({ heard: { ok: true } });
    expect((await house.ask(echo, { ok: false })).error).toMatchObject({ code: 403 });
    const entries = (await house.records()).filter(({ type }) => type === 'call.decided');
    expect(entries.map(({ effect }) => effect).slice(-2)).toEqual(['allow', 'deny']);
    await house.restart(config(upstream, allow));
  });
});

it('a method that no configuration names is unknown, whatever servers have', async () => {
  await house.restart({ ...config('web', allow), extensions: {} });
  const reply = await house.ask(echo, {});
  expect([reply.status, reply.error.code]).toEqual([404, -32601]);
});

describe('MCP Apps', () => {
  it('is announced because a server offers it, and what the client can do with it reaches servers', async () => {
    await house.restart(config('web', allow));
    expect(await announced()).toMatchObject({ [apps]: {} });
    const settings = { mimeTypes: ['text/html;profile=mcp-app'] };
    for (const upstream of ['web', 'child']) {
      const declared = await declaredTo(upstream, {
        extensions: { [apps]: settings, 'com.example/other': {} },
      });
      expect(declared).toEqual({ extensions: { [apps]: settings } });
    }
  });

  it('is neither announced nor declared where the configuration forbids it', async () => {
    await house.restart(config('web', allow, { apps: false }));
    expect(await announced()).not.toHaveProperty(apps);
    expect(await declaredTo('web', { extensions: { [apps]: {} } })).toEqual({});
  });
});

it('tasks are declared to a server only where the request declares them', async () => {
  await house.restart(config('web', allow));
  const tasks = { 'io.modelcontextprotocol/tasks': {} };
  expect(await declaredTo('web', {})).toEqual({});
  expect(await declaredTo('web', { extensions: tasks })).toEqual({ extensions: tasks });
});
