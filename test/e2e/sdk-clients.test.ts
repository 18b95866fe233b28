import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import type { AuditEntry } from '../../packages/client/src/types.js';
import {
  childEnvironment,
  freePort,
  type GatewayProcess,
  gatewayMain,
  root,
  scratchFolder,
  startGateway,
  until,
  writeConfig,
} from './gateway-process.js';
import {
  type Connected,
  type Peer,
  sdk1,
  sdk2Auto,
  sdk2Legacy,
  sdk2Modern,
  type WireReply,
} from './peers.js';
import { entry, realServers, sampleFolder } from './real-servers.js';

const scratch = scratchFolder();
const folder = sampleFolder(scratch.path);
const servers = realServers(folder);
const env = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002', AUDITOR: 'auditor-token-03' };
const peers: readonly Peer[] = [sdk1, sdk2Legacy, sdk2Modern, sdk2Auto];

const policy = {
  default: 'deny',
  rules: [
    { id: 'reads', match: { upstreams: ['everything', 'files', 'slow', 'web'] }, effect: 'allow' },
    { id: 'no-env', match: { tools: ['get-env'] }, effect: 'deny', reason: 'The environment is private.' },
    { id: 'no-image', match: { tools: ['get-tiny-image'] }, effect: 'hide' },
  ],
};

/** Calls whose result says the same each time. */
const calls: readonly (readonly [tool: string, args: Record<string, unknown>])[] = [
  ['echo', { message: 'Grüße, 世界 👋 \u0000 \u2028' }],
  ['get-sum', { a: 0.1, b: 0.2 }],
  ['get-structured-content', { location: 'New York' }],
  ['get-annotated-message', { messageType: 'error', includeImage: true }],
  ['get-resource-links', { count: 3 }],
  ['list_directory', { path: folder }],
  ['directory_tree', { path: folder }],
  ['read_text_file', { path: join(folder, 'hello.txt') }],
  ['read_text_file', { path: join(folder, 'notes', 'numbers.json'), head: 1 }],
  ['read_text_file', { path: '/etc/hostname' }],
  ['search_files', { path: folder, pattern: '**/*.json' }],
];

let gateway: GatewayProcess;
let web: { url: string; stop: () => void };
let direct: { tools: Map<string, unknown>; results: WireReply[] };

beforeAll(async () => {
  web = await startWebServer();
  direct = await askDirectly();
  gateway = await startGateway(ownFolder('http'), configuration(), env);
});

afterAll(async () => {
  await gateway.stop();
  web.stop();
  scratch.remove();
});

/** A folder for one gateway: its configuration and its data. */
function ownFolder(name: string): string {
  const path = join(scratch.path, name);
  mkdirSync(path);
  return path;
}

function configuration(): object {
  const token = (principal: string, name: string, roles: string[]) => ({
    principal,
    tokens: [`env:${name}`],
    roles,
  });
  return {
    dataDir: 'data',
    auth: {
      tokens: [
        token('alice', 'ALICE', ['agent']),
        token('bob', 'BOB', ['agent']),
        token('eve', 'AUDITOR', ['auditor']),
      ],
    },
    upstreams: {
      everything: servers.everything,
      files: servers.files,
      slow: { command: process.execPath, args: [join(root, 'test/fixtures/waiting-server.mjs')] },
      web: { url: web.url, prefix: 'always' },
    },
    limits: { concurrentCallsPerPrincipal: 100, concurrentCallsPerUpstream: 200 },
    policy,
  };
}

/** The reference server once more, over HTTP. */
async function startWebServer(): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry('server-everything'), 'streamableHttp'], {
    env: { ...childEnvironment(scratch.path), PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  await until('server-everything over HTTP', async () => {
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return { url, stop: () => child.kill('SIGKILL') };
}

/** What the servers say without a gateway: definitions by name, and results in the order of `calls`. */
async function askDirectly(): Promise<typeof direct> {
  const [everything, files] = await Promise.all([
    sdk1.connect(servers.everything),
    sdk1.connect(servers.files),
  ]);
  const lists = await Promise.all([everything.listTools(), files.listTools()]);
  const ofFiles = new Set(toolsIn(lists[1]).map((tool) => tool.name));
  const results: WireReply[] = [];
  for (const [tool, args] of calls)
    results.push(await (ofFiles.has(tool) ? files : everything).callTool(tool, args));
  await Promise.all([everything.close(), files.close()]);
  return { tools: new Map(lists.flatMap(toolsIn).map((tool) => [tool.name, tool])), results };
}

function toolsIn(reply: WireReply): { name: string }[] {
  return (reply.result as unknown as { tools: { name: string }[] }).tools;
}

/** What a result says, without what each hop writes for itself. */
function contentOf(reply: WireReply): unknown {
  const { resultType: _type, _meta: _hop, ...content } = reply.result ?? {};
  return reply.error ?? content;
}

const faces = [
  ['over HTTP', (peer: Peer) => peer.connect({ url: `${gateway.baseUrl}/mcp`, key: env.ALICE })],
  ['over stdio', (peer: Peer) => peer.connect(stdioGateway(peer))],
] as const;

function stdioGateway(peer: Peer) {
  const path = writeConfig(ownFolder(`stdio-${peers.indexOf(peer)}`), configuration());
  return {
    command: process.execPath,
    args: [gatewayMain, 'stdio', '--config', path],
    env: { ...childEnvironment(scratch.path), ...env },
  };
}

describe.each(faces)('%s', (_, connect) => {
  describe.each(peers)('$name', (peer) => {
    let client: Connected;

    beforeAll(async () => {
      client = await connect(peer);
    });

    afterAll(() => client.close());

    it('sees every tool that it may call exactly as its server defines it', async () => {
      const seen = toolsIn(await client.listTools());
      const expected = new Map(direct.tools);
      for (const name of ['get-env', 'get-tiny-image']) expected.delete(name);
      const own = seen.filter((tool) => !tool.name.startsWith('web__') && tool.name !== 'wait');
      expect(own.map((tool) => tool.name).toSorted()).toEqual([...expected.keys()].toSorted());
      // Only legacy clients can run a tool as a task of 2025-11-25, which is what `execution` speaks of.
      const isModern = peer === sdk2Modern || peer === sdk2Auto;
      for (const tool of own) {
        const defined: object = expected.get(tool.name) ?? {};
        expect(tool).toEqual(isModern ? { ...defined, execution: undefined } : defined);
      }
    });

    it('gets the results that the servers give directly', async () => {
      const results: WireReply[] = [];
      for (const [tool, args] of calls) results.push(await client.callTool(tool, args));
      expect(results.map(contentOf)).toEqual(direct.results.map(contentOf));
    });

    it('gets the same results from a server over HTTP, under the configured prefix', async () => {
      for (const [index, [tool, args]] of calls.slice(0, 4).entries()) {
        const reply = await client.callTool(`web__${tool}`, args);
        expect(contentOf(reply)).toEqual(contentOf(direct.results[index] ?? {}));
      }
    });

    it('is told the rule and the reason of a denial', async () => {
      const { result } = await client.callTool('get-env', {});
      expect(result).toMatchObject({ isError: true, content: [{ type: 'text' }] });
      expect(JSON.stringify(result?.content)).toMatch(/no-env.*The environment is private\./);
      const meta = result?._meta as Record<string, unknown>;
      expect(meta['io.github.sallyport/refusal']).toMatchObject({
        code: 'denied',
        rule: 'no-env',
        status: 403,
      });
    });

    it('cannot tell a hidden tool from one that does not exist', async () => {
      const hidden = await client.callTool('get-tiny-image', {});
      const absent = await client.callTool('get-tiny-imagf', {});
      expect(hidden.error).toMatchObject({ code: -32602, message: 'Unknown tool: get-tiny-image' });
      expect(JSON.stringify(absent.error)).toBe(
        JSON.stringify(hidden.error).replace('tiny-image', 'tiny-imagf'),
      );
    });
  });
});

describe('the trail', () => {
  const auditor = () => new SallyportClient({ baseUrl: gateway.baseUrl, token: env.AUDITOR });

  /** The newest decision about a call of `tool` by `caller`, as soon as the trail can be asked for it. */
  async function decided(tool: string, caller: string): Promise<AuditEntry> {
    let found: AuditEntry | undefined;
    await until(`the record of ${tool} by ${caller}`, async () => {
      const page = await auditor()
        .audit({ tool, caller, type: ['call.decided'], limit: 1 })
        .next();
      found = page.value ?? undefined;
      return found !== undefined;
    });
    return found as AuditEntry;
  }

  it('tells the truth about a denied, a hidden and an unknown tool', async () => {
    const key = { url: `${gateway.baseUrl}/mcp`, key: env.BOB };
    const client = await sdk2Modern.connect(key);
    for (const tool of ['get-env', 'get-tiny-image', 'no-such-tool']) await client.callTool(tool, {});
    await client.close();
    const about = { type: 'call.decided', caller: { id: 'bob' } };
    expect(await decided('get-env', 'bob')).toMatchObject({
      ...about,
      effect: 'deny',
      code: 'denied',
      policy: { rule: 'no-env' },
      tool: { name: 'get-env', upstream: 'everything' },
    });
    expect(await decided('get-tiny-image', 'bob')).toMatchObject({
      ...about,
      effect: 'hide',
      policy: { rule: 'no-image' },
      tool: { name: 'get-tiny-image', upstream: 'everything' },
    });
    expect(await decided('no-such-tool', 'bob')).toMatchObject({
      ...about,
      effect: 'deny',
      code: 'unknown_target',
      tool: { name: 'no-such-tool' },
    });
  });

  it('keeps decision, arguments, outcome and result of an executed call together', async () => {
    const bob = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.BOB });
    await bob.call({ tool: 'echo', arguments: { message: 'kept' } });
    const decision = await decided('echo', 'bob');
    expect(decision).toMatchObject({ effect: 'allow', policy: { rule: 'reads' }, caller: { id: 'bob' } });
    expect(decision.content?.args).toBe('{"message":"kept"}');
    let entries: AuditEntry[] = [];
    await until('the record of the outcome', async () => {
      entries = [];
      for await (const entry of auditor().audit({ call: decision.call ?? '', order: 'asc' }))
        entries.push(entry);
      return entries.length > 1;
    });
    expect(entries.map((entry) => entry.type)).toEqual(['call.decided', 'call.outcome']);
    expect(entries[1]).toMatchObject({ outcome: 'executed' });
    expect(entries[1]?.content?.result).toContain('Echo: kept');
  });
});

describe('two clients with different keys and 100 calls each at once', () => {
  it('get every reply to the one who asked, however long each call takes', async () => {
    const ask = async (who: string, key: string) => {
      const client = new Client(
        { name: who, version: '1.0.0' },
        { versionNegotiation: { mode: { pin: '2026-07-28' } } },
      );
      const requestInit = { headers: { Authorization: `Bearer ${key}` } };
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${gateway.baseUrl}/mcp`), { requestInit }),
      );
      const asked = Array.from({ length: 100 }, (_, index) => `${who}-${index}`);
      const replies = await Promise.all(
        // The latencies run against the order of the calls, so that replies overtake each other.
        asked.map((id, index) => client.callTool({ name: 'wait', arguments: { id, ms: (100 - index) * 5 } })),
      );
      await client.close();
      const texts = replies.map((reply) => (reply.content as { text: string }[])[0]?.text);
      expect(texts).toEqual(asked);
    };
    await Promise.all([ask('alice', env.ALICE), ask('bob', env.BOB)]);
    const auditor = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.AUDITOR });
    const callers = new Map<string, string>();
    await until('the records of all calls', async () => {
      for await (const entry of auditor.audit({ tool: 'wait', type: ['call.decided'], limit: 1000 })) {
        const { id } = JSON.parse(entry.content?.args ?? '{}') as { id: string };
        callers.set(id, entry.caller?.id ?? '');
      }
      return callers.size >= 200;
    });
    expect(callers.size).toBe(200);
    for (const [id, caller] of callers) expect(id.startsWith(caller)).toBe(true);
  });
});

describe('a gateway told to stop', () => {
  it('ends with all its children', async () => {
    const own = await startGateway(ownFolder('ended'), configuration(), env);
    const auditor = new SallyportClient({ baseUrl: own.baseUrl, token: env.AUDITOR });
    const pids = (await auditor.upstreams()).flatMap((upstream) => upstream.pid ?? []);
    expect(pids).toHaveLength(3);
    const ended = once(own.child, 'exit');
    await own.stop();
    await ended;
    await until('its children to end', () => pids.every((pid) => !isAlive(pid)), 5000);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
