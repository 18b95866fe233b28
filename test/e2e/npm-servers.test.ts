import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  childEnvironment,
  type GatewayProcess,
  gatewayMain,
  run,
  scratchFolder,
  startGateway,
  writeConfig,
} from './gateway-process.js';
import { type Connected, type Peer, sdk1, sdk2Modern, type WireReply } from './peers.js';
import { entry } from './real-servers.js';

const chromium = process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium';
const obstacle = existsSync(chromium) ? undefined : `there is no ${chromium} (apt-get install chromium)`;
if (obstacle !== undefined && process.env.SALLYPORT_CI === '1') throw new Error(obstacle);
if (obstacle !== undefined) process.stderr.write(`SKIPPED: the browser tests. ${obstacle}\n`);

const require = createRequire(import.meta.url);
const scratch = scratchFolder();
const home = realpathSync(scratch.path);
const repository = join(home, 'repository');
const env = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002' };
const html = `<title>Gate</title><button onclick="this.textContent='Pressed'">Press me</button>`;

/** As people have them in their configuration, each with what it needs to know. */
const servers = {
  browser: {
    command: process.execPath,
    args: [
      join(dirname(require.resolve('@playwright/mcp/package.json')), 'cli.js'),
      '--headless',
      '--no-sandbox',
      '--isolated',
      `--executable-path=${chromium}`,
      `--output-dir=${join(home, 'browser')}`,
    ],
    env: { HOME: home },
  },
  memory: {
    command: process.execPath,
    args: [entry('server-memory')],
    env: { MEMORY_FILE_PATH: join(home, 'memory.jsonl') },
  },
  git: {
    command: process.execPath,
    args: [require.resolve('@cyanheads/git-mcp-server/index.js')],
    env: { HOME: home, MCP_TRANSPORT_TYPE: 'stdio', GIT_BASE_DIR: home },
  },
};

let site: Server;
let siteUrl: string;
let gateway: GatewayProcess;

beforeAll(async () => {
  await makeRepository();
  site = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  const folder = join(home, 'gateway');
  mkdirSync(folder);
  gateway = await startGateway(folder, configuration(), env);
});

afterAll(async () => {
  await gateway.stop();
  site.close();
  scratch.remove();
});

function configuration(): object {
  const token = (principal: string) => ({ principal, tokens: [`env:${principal.toUpperCase()}`] });
  return {
    auth: { tokens: [token('alice'), token('bob')] },
    upstreams: obstacle === undefined ? servers : { memory: servers.memory, git: servers.git },
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
  };
}

async function makeRepository(): Promise<void> {
  mkdirSync(repository);
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  for (const args of [
    ['init', '-q'],
    [...author, 'commit', '-q', '--allow-empty', '-m', 'The first commit'],
  ]) {
    const ended = await run(['git', ...args], { cwd: repository, env: childEnvironment(home) });
    expect(ended.code, ended.stderr).toBe(0);
  }
}

/** The same server without a gateway. */
function direct(name: keyof typeof servers): Promise<Connected> {
  const { command, args, env: own } = servers[name];
  return sdk1.connect({ command, args, env: { ...childEnvironment(home), ...own } });
}

function textOf(reply: WireReply): string {
  const content = reply.result?.content as { text?: string }[] | undefined;
  return content?.map((block) => block.text).join('\n') ?? JSON.stringify(reply);
}

function toolsIn(reply: WireReply): Map<string, unknown> {
  const { tools } = reply.result as { tools: { name: string }[] };
  return new Map(tools.map((tool) => [tool.name, tool]));
}

/** What a tool says about the tasks of 2025-11-25 means nothing in 2026-07-28. */
function inEraOf(peer: Peer, definition: unknown): unknown {
  const { execution: _tasks, ...rest } = definition as { execution?: unknown };
  return peer === sdk2Modern ? rest : definition;
}

const peers: readonly Peer[] = [sdk1, sdk2Modern];
const faces = [
  [
    'over HTTP',
    (peer: Peer, who: keyof typeof env) => peer.connect({ url: `${gateway.baseUrl}/mcp`, key: env[who] }),
  ],
  ['over stdio', (peer: Peer) => peer.connect(stdioGateway(peer))],
] as const;

function stdioGateway(peer: Peer) {
  const folder = join(home, `stdio-${peers.indexOf(peer)}`);
  mkdirSync(folder, { recursive: true });
  const args = [gatewayMain, 'stdio', '--config', writeConfig(folder, configuration())];
  return { command: process.execPath, args, env: { ...childEnvironment(home), ...env } };
}

describe.each(faces)('%s', (face, connect) => {
  describe.each(peers)('$name', (peer) => {
    let client: Connected;

    beforeAll(async () => {
      client = await connect(peer, 'ALICE');
    });

    afterAll(() => client.close());

    it.each(['memory', 'git'] as const)('sees the tools of %s as it defines them', async (name) => {
      const server = await direct(name);
      const wanted = toolsIn(await server.listTools());
      await server.close();
      const seen = toolsIn(await client.listTools());
      for (const [tool, definition] of wanted) expect(seen.get(tool)).toEqual(inEraOf(peer, definition));
    });

    it('adds to the memory what the server then knows', async () => {
      const name = `${peer.name} ${face}`;
      const entities = [{ name, entityType: 'peer', observations: ['Grüße, 世界'] }];
      const added = await client.callTool('create_entities', { entities });
      expect(added.result, JSON.stringify(added)).not.toHaveProperty('isError');
      const server = await direct('memory');
      expect(textOf(await server.callTool('read_graph', {}))).toContain(name);
      const found = await client.callTool('search_nodes', { query: name });
      const same = await server.callTool('search_nodes', { query: name });
      await server.close();
      expect(textOf(found)).toBe(textOf(same));
    });

    it('reads the history of a repository as the server tells it', async () => {
      const server = await direct('git');
      const wanted = await server.callTool('git_log', { path: repository });
      await server.close();
      const found = await client.callTool('git_log', { path: repository });
      expect(textOf(found)).toContain('The first commit');
      expect(found.result?.structuredContent).toEqual(wanted.result?.structuredContent);
    });

    it.skipIf(obstacle !== undefined)(
      'drives a browser: what one call opened, the next one uses',
      async () => {
        await client.callTool('browser_navigate', { url: siteUrl });
        const before = textOf(await client.callTool('browser_snapshot', {}));
        const target = /button "Press me" \[ref=(\w+)\]/.exec(before)?.[1];
        expect(target, before).toBeDefined();
        await client.callTool('browser_click', { element: 'the button', target });
        expect(textOf(await client.callTool('browser_snapshot', {}))).toContain('button "Pressed"');
      },
    );
  });
});

it.skipIf(obstacle !== undefined)('gives each caller a browser of its own', async () => {
  const url = `${gateway.baseUrl}/mcp`;
  const [alice, bob] = await Promise.all([
    sdk2Modern.connect({ url, key: env.ALICE }),
    sdk2Modern.connect({ url, key: env.BOB }),
  ]);
  await alice.callTool('browser_navigate', { url: siteUrl });
  expect(textOf(await alice.callTool('browser_snapshot', {}))).toContain('Press me');
  expect(textOf(await bob.callTool('browser_snapshot', {}))).not.toContain('Press me');
  await Promise.all([alice.close(), bob.close()]);
});
