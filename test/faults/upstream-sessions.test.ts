import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, root, scratchFolder, startGateway, until } from '../e2e/gateway-process.js';
import { processesNaming, survivorsOf } from './process-table.js';

const scratch = scratchFolder();
const server = join(root, 'test/fixtures/upstreams/stdio-server.mjs');
const env = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002' };
const running: { stop: () => Promise<void> }[] = [];
const clients: Client[] = [];
let folders = 0;

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close().catch(() => undefined)));
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

/** A gateway whose one upstream is a legacy server over stdio, which `mark` tells from those of other tests. */
async function gatewayWith(mark: string, settings: object): Promise<GatewayProcess> {
  const folder = join(scratch.path, `gateway-${folders++}`);
  mkdirSync(folder);
  const token = (principal: string) => ({ principal, tokens: [`env:${principal.toUpperCase()}`] });
  const upstream = { command: process.execPath, args: [server, 'legacy', mark], ...settings };
  const config = {
    auth: { tokens: [token('alice'), token('bob')] },
    upstreams: { played: upstream },
    policy: { default: 'allow' },
    limits: { concurrentCallsPerPrincipal: 512 },
  };
  const gateway = await startGateway(folder, config, env);
  running.push(gateway);
  return gateway;
}

async function connect(gateway: GatewayProcess, who: keyof typeof env): Promise<Client> {
  const client = new Client({ name: 'c', version: '1' }, { capabilities: { elicitation: {}, roots: {} } });
  const headers = { Authorization: `Bearer ${env[who]}` };
  const url = new URL(`${gateway.baseUrl}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  clients.push(client);
  return client;
}

/** What the server was told that the client can do; it needs a session of its own to say so. */
async function declaredBy(client: Client): Promise<unknown> {
  const result = await client.callTool({ name: 'declared', arguments: {} }, undefined, { timeout: 600_000 });
  return (result.content as { text: string }[])[0]?.text;
}

function memoryOf(gateway: GatewayProcess): number {
  return Number(readFileSync(`/proc/${gateway.child.pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

describe('sessions with a server over stdio', () => {
  it('of others are untouched when one is killed, and the next call of its caller works', async () => {
    const gateway = await gatewayWith('mark-killed', {});
    const alice = await connect(gateway, 'ALICE');
    const bob = await connect(gateway, 'BOB');
    await declaredBy(alice);
    const before = processesNaming('mark-killed');
    const slow = bob.callTool({ name: 'sleep', arguments: { ms: 1500, label: 'unharmed' } });
    await until('a process for Bob', () => processesNaming('mark-killed').length > before.length);
    const [first, second] = processesNaming('mark-killed').filter(
      ({ pid }) => !before.slice(0, 1).some((main) => main.pid === pid),
    );
    expect(processesNaming('mark-killed')).toHaveLength(3);
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await until('the gateway to notice', () => gateway.log().includes('a session with the upstream ended'));
    expect(JSON.parse(String(await declaredBy(alice)))).toEqual({ elicitation: {}, roots: {} });
    expect((await slow).content).toEqual([{ type: 'text', text: 'unharmed' }]);
    expect(processesNaming('mark-killed').map(({ pid }) => pid)).toContain(second?.pid);
  });

  it('are a hundred for a hundred clients, and none when these have gone', async () => {
    const settings = {
      sessions: 'client',
      maxSessions: 128,
      maxSessionsPerPrincipal: 128,
      timeoutSeconds: 600,
    };
    const gateway = await gatewayWith('mark-hundred', settings);
    const main = processesNaming('mark-hundred');
    await declaredBy(await connect(gateway, 'BOB'));
    const before = memoryOf(gateway);
    const all = await Promise.all(Array.from({ length: 100 }, () => connect(gateway, 'ALICE')));
    const said = await Promise.all(all.map(declaredBy));
    expect(new Set(said)).toEqual(new Set(['{"elicitation":{},"roots":{}}']));
    const most = processesNaming('mark-hundred');
    expect(most).toHaveLength(102);
    for (const client of all) {
      await (client.transport as StreamableHTTPClientTransport).terminateSession();
      await client.close();
    }
    await until('the processes to end', () => processesNaming('mark-hundred').length === 2, 120_000);
    const ended = most.filter(({ pid }) => !processesNaming('mark-hundred').some((one) => one.pid === pid));
    expect(survivorsOf(ended)).toEqual([]);
    expect(main).toHaveLength(1);
    await until('the memory to come back', () => memoryOf(gateway) < before * 1.1, 120_000);
  });
});
