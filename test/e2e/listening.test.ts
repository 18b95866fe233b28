import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  childEnvironment,
  type GatewayProcess,
  gatewayMain,
  root,
  scratchFolder,
  startGateway,
  until,
  writeConfig,
} from './gateway-process.js';

const scratch = scratchFolder();
const env = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002' };
const modes = ['stdio', 'http', 'modern'] as const;
type Mode = (typeof modes)[number];

const servers: ChildProcess[] = [];
let upstreams: Record<Mode, object>;
let gateway: GatewayProcess;

beforeAll(async () => {
  upstreams = { stdio: program('stdio'), http: await overHttp('http'), modern: await overHttp('modern') };
  gateway = await startGateway(scratch.path, configuration(), env);
});

afterAll(async () => {
  await gateway.stop();
  for (const server of servers) server.kill('SIGKILL');
  scratch.remove();
});

const clients: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function logOf(mode: Mode): string {
  return join(scratch.path, `${mode}.log`);
}

function program(mode: Mode) {
  writeFileSync(logOf(mode), '');
  return {
    command: process.execPath,
    args: [join(root, 'test/fixtures/news-server.mjs'), mode, logOf(mode)],
  };
}

async function overHttp(mode: Mode): Promise<object> {
  const { command, args } = program(mode);
  const child = spawn(command, args, {
    env: childEnvironment(scratch.path),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(child);
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: url.toString().trim() };
}

function configuration(offered: object = upstreams): object {
  const token = (principal: string) => ({ principal, tokens: [`env:${principal.toUpperCase()}`] });
  return {
    auth: { tokens: [token('alice'), token('bob')] },
    names: { prefix: 'always' },
    upstreams: offered,
    policy: {
      default: 'allow',
      rules: [{ id: 'keep-out', match: { resources: ['note:///secret'] }, effect: 'deny' }],
    },
  };
}

/** What a client heard, in the order in which it came. */
function remember(heard: string[]) {
  return {
    updated: ({ params }: { params: { uri: string } }) => void heard.push(`updated ${params.uri}`),
    toolsChanged: () => void heard.push('tools'),
  };
}

async function modernClient(mode: Mode, who: keyof typeof env, transport: 'HTTP' | 'stdio' = 'HTTP') {
  const heard: string[] = [];
  const { updated, toolsChanged } = remember(heard);
  const client = new Client(
    { name: who, version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  client.setNotificationHandler('notifications/resources/updated', updated);
  client.setNotificationHandler('notifications/tools/list_changed', toolsChanged);
  await client.connect(transport === 'HTTP' ? httpTransport(mode, who) : stdioTransport(mode));
  clients.push(client);
  return { client, heard };
}

function httpTransport(mode: Mode, who: keyof typeof env) {
  const requestInit = { headers: { Authorization: `Bearer ${env[who]}` } };
  return new StreamableHTTPClientTransport(new URL(`${gateway.baseUrl}/mcp/${mode}`), { requestInit });
}

/** A gateway of its own, with one upstream. */
function stdioTransport(mode: Mode) {
  const folder = join(scratch.path, `stdio-${clients.length}`);
  if (!existsSync(folder)) mkdirSync(folder);
  const args = [
    gatewayMain,
    'stdio',
    '--config',
    writeConfig(folder, configuration({ [mode]: upstreams[mode] })),
  ];
  return new StdioClientTransport({
    command: process.execPath,
    args,
    env: { ...childEnvironment(folder), ...env },
    stderr: 'ignore',
  });
}

async function legacyClient(mode: Mode, who: keyof typeof env) {
  const heard: string[] = [];
  const { updated, toolsChanged } = remember(heard);
  const client = new LegacyClient({ name: who, version: '1.0.0' });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, updated);
  client.setNotificationHandler(ToolListChangedNotificationSchema, toolsChanged);
  const requestInit = { headers: { Authorization: `Bearer ${env[who]}` } };
  // The SDK's own type of the session id does not fit exact optional properties.
  await client.connect(
    new LegacyHttp(new URL(`${gateway.baseUrl}/mcp/${mode}`), { requestInit }) as unknown as Parameters<
      LegacyClient['connect']
    >[0],
  );
  clients.push(client);
  return { client, heard };
}

describe.each(modes)('what a server says on its own (%s)', (mode) => {
  it('is heard by a modern client that listens', async () => {
    const { client, heard } = await modernClient(mode, 'ALICE');
    const stream = await client.listen({
      toolsListChanged: true,
      resourceSubscriptions: ['note:///a', 'note:///secret', 'note:///c'],
    });
    expect(stream.honoredFilter).toEqual({
      toolsListChanged: true,
      resourceSubscriptions: ['note:///a', 'note:///c'],
    });
    await client.callTool({ name: 'touch', arguments: { uri: 'note:///b' } });
    await client.callTool({ name: 'touch', arguments: { uri: 'note:///a' } });
    await until('the resource to be heard of', () => heard.includes('updated note:///a'));
    await client.callTool({ name: 'grow', arguments: {} });
    await until('the tools to be heard of', () => heard.includes('tools'));
    expect(heard.filter((one) => one !== 'tools')).toEqual(['updated note:///a']);
    await stream.close();
    if (mode === 'modern') return;
    await until('the server to be told', () => {
      const log = readFileSync(logOf(mode), 'utf8');
      return ['a', 'c'].every((name) => log.includes(`unsubscribed note:///${name}\n`));
    });
  });

  it('is heard by a legacy client that subscribed', async () => {
    const { client, heard } = await legacyClient(mode, 'ALICE');
    await client.subscribeResource({ uri: 'note:///a' });
    await expect(client.subscribeResource({ uri: 'note:///secret' })).rejects.toMatchObject({ code: 403 });
    await client.callTool({ name: 'touch', arguments: { uri: 'note:///a' } });
    await until('the resource to be heard of', () => heard.includes('updated note:///a'));
    await client.unsubscribeResource({ uri: 'note:///a' });
  });

  it('is heard by nobody who did not subscribe to it', async () => {
    const alice = await modernClient(mode, 'ALICE');
    const bob = await modernClient(mode, 'BOB');
    await alice.client.listen({ resourceSubscriptions: ['note:///a'] });
    await bob.client.listen({ resourceSubscriptions: ['note:///b'] });
    await bob.client.callTool({ name: 'touch', arguments: { uri: 'note:///a' } });
    await alice.client.callTool({ name: 'touch', arguments: { uri: 'note:///b' } });
    await bob.client.callTool({ name: 'touch', arguments: { uri: 'note:///b' } });
    await until('the resource to be heard of', () => bob.heard.includes('updated note:///b'));
    expect(new Set(bob.heard)).toEqual(new Set(['updated note:///b']));
    expect(alice.heard.filter((one) => one !== 'updated note:///a')).toEqual([]);
  });
});

describe('a stream of subscriptions/listen', () => {
  it('works over stdio, where its client cancels it', async () => {
    const { client, heard } = await modernClient('http', 'ALICE', 'stdio');
    const stream = await client.listen({ resourceSubscriptions: ['note:///a'] });
    expect(stream.honoredFilter).toEqual({ resourceSubscriptions: ['note:///a'] });
    await client.callTool({ name: 'http__touch', arguments: { uri: 'note:///a' } });
    await until('the resource to be heard of', () => heard.includes('updated note:///a'));
    await stream.close();
    expect(await stream.closed).toBe('local');
  });

  it('ends gracefully when the gateway is stopped', async () => {
    const folder = join(scratch.path, 'stopped');
    mkdirSync(folder);
    const other = await startGateway(folder, configuration(), env);
    const client = new Client(
      { name: 'x', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const requestInit = { headers: { Authorization: `Bearer ${env.ALICE}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${other.baseUrl}/mcp`), { requestInit }));
    const stream = await client.listen({ toolsListChanged: true });
    await other.stop();
    expect(await stream.closed).toBe('graceful');
    await client.close();
  });
});
