import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import {
  childEnvironment,
  freePort,
  type GatewayProcess,
  root,
  sallyport,
  scratchFolder,
  startGateway,
  until,
} from '../e2e/gateway-process.js';
import { descendantsOf, type ProcessEntry, processesNaming, survivorsOf } from './process-table.js';

const rounds = Number(process.env.SALLYPORT_KILL_ROUNDS ?? 20);
const callersPerUpstream = 16;
const latestKillMs = 300;
const survivorsEndMs = 10_000;

const scratch = scratchFolder();
const logs = { stdio: join(scratch.path, 'stdio.log'), http: join(scratch.path, 'http.log') };
const fixture = join(root, 'test/fixtures/waiting-server.mjs');
const env = { LOAD_TOKEN: 'load-token-000001' };
const gateways: GatewayProcess[] = [];

let webServer: ChildProcess;
let config: object;

beforeAll(async () => {
  const port = await freePort();
  webServer = spawn(process.execPath, [fixture, '--log', logs.http, '--port', String(port)], {
    env: childEnvironment(scratch.path),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (webServer.stdout !== null) await once(webServer.stdout, 'data');
  config = {
    dataDir: 'data',
    auth: { tokens: [{ principal: 'load', tokens: ['env:LOAD_TOKEN'] }] },
    names: { prefix: 'always' },
    upstreams: {
      child: { command: process.execPath, args: [fixture, '--log', logs.stdio] },
      web: { url: `http://127.0.0.1:${port}/mcp` },
    },
    policy: { rules: [{ id: 'all', match: {}, effect: 'allow' }] },
  };
});

afterAll(() => {
  for (const gateway of gateways) gateway.child.kill('SIGKILL');
  webServer.kill('SIGKILL');
  scratch.remove();
});

interface Decided {
  readonly effect: string;
  readonly content: { readonly args?: string };
}

/** The ids of all calls that the store has an allow for. */
async function allowedIds(): Promise<Set<string>> {
  const args = ['audit', 'query', '--type', 'call.decided', '--limit', '1000000', '--json'];
  const { code, stdout, stderr } = await sallyport(scratch.path, args, env);
  if (code !== 0) throw new Error(`audit query ended with ${code}: ${stderr}`);
  const records = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Decided]));
  const allowed = records.filter((record) => record.effect === 'allow');
  return new Set(allowed.map((record) => (JSON.parse(record.content.args ?? '{}') as { id: string }).id));
}

function seenBy(upstream: keyof typeof logs): string[] {
  return existsSync(logs[upstream]) ? readFileSync(logs[upstream], 'utf8').split('\n').filter(Boolean) : [];
}

/** Calls without end, each with an id of its own, until the gateway is gone. */
class Load {
  answered = 0;
  readonly ended: Promise<void>;

  constructor(gateway: GatewayProcess, tool: string, name: string) {
    this.ended = this.#call(gateway, tool, name);
  }

  async #call(gateway: GatewayProcess, tool: string, name: string): Promise<void> {
    const client = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.LOAD_TOKEN });
    for (;;) {
      try {
        await client.call({ tool, arguments: { id: `${name}-${this.answered}`, ms: this.answered % 4 } });
        this.answered += 1;
      } catch (cause) {
        if (gateway.child.killed) return;
        throw cause;
      }
    }
  }
}

/** Nothing is left of what the gateway had started, also of what it started after `children` was taken. */
function isQuiet(children: readonly ProcessEntry[]): boolean {
  return survivorsOf(children).length === 0 && processesNaming(logs.stdio).length === 0;
}

interface Round {
  readonly answered: number;
  readonly children: readonly ProcessEntry[];
}

/** Starts a gateway, loads it, and kills it after `killAfterMs`. */
async function killUnderLoad(round: number, killAfterMs: number): Promise<Round> {
  const gateway = await startGateway(scratch.path, config, env);
  gateways.push(gateway);
  const callers = ['child__wait', 'web__wait'].map((tool) =>
    Array.from(
      { length: callersPerUpstream },
      (_, index) => new Load(gateway, tool, `${round}-${tool}-${index}`),
    ),
  );
  const failed = Promise.all(callers.flat().map((one) => one.ended));
  // From here on calls are at every stage, however slow the machine and the first calls are.
  const flowing = until('calls to flow to both upstreams', () =>
    callers.every((group) => group.some((one) => one.answered > 0)),
  );
  await Promise.race([flowing, failed]).catch((cause: unknown) => {
    throw new Error(`round ${round}: ${String(cause)}\n${gateway.log()}`, { cause });
  });
  await new Promise((resolve) => setTimeout(resolve, killAfterMs));
  const children = descendantsOf(gateway.child.pid ?? 0);
  const exited = once(gateway.child, 'exit');
  gateway.child.kill('SIGKILL');
  await exited;
  await failed;
  return { answered: callers.flat().reduce((sum, one) => sum + one.answered, 0), children };
}

describe.skipIf(process.platform !== 'linux')('a gateway killed at any moment under load', () => {
  it(`leaves no call without its record, no child and no broken store (${rounds} rounds)`, {
    timeout: rounds * 30_000,
  }, async () => {
    let answered = 0;
    for (let round = 0; round < rounds; round += 1) {
      const killAfterMs = Math.floor(Math.random() * latestKillMs);
      const where = `round ${round}, killed after ${killAfterMs} ms`;
      const result = await killUnderLoad(round, killAfterMs);
      answered += result.answered;
      expect(result.children.length, `${where}: children of the gateway`).toBeGreaterThan(0);
      await until(`the children to end (${where})`, () => isQuiet(result.children), survivorsEndMs);
      const allowed = await allowedIds();
      for (const upstream of ['stdio', 'http'] as const) {
        const unrecorded = seenBy(upstream).filter((id) => !allowed.has(id));
        expect(unrecorded, `${where}: calls that ${upstream} saw and the store does not know`).toEqual([]);
      }
    }
    expect(answered, 'calls that were answered before the kill').toBeGreaterThan(rounds);
    expect(seenBy('stdio').length).toBeGreaterThan(rounds);
    expect(seenBy('http').length).toBeGreaterThan(rounds);
  });

  it('starts again on the store that the last kill left, and stops well', async () => {
    const gateway = await startGateway(scratch.path, config, env);
    gateways.push(gateway);
    const client = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.LOAD_TOKEN });
    const result = await client.call({ tool: 'child__wait', arguments: { id: 'after', ms: 0 } });
    expect(result).toMatchObject({ content: [{ type: 'text', text: 'after' }] });
    await gateway.stop();
    expect(await allowedIds()).toContain('after');
  });
});
