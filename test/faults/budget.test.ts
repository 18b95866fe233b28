import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { microsOf } from '../../packages/gateway/src/lib/micros.js';
import { openStore } from '../../packages/gateway/src/store/open-store.js';
import { type GatewayProcess, root, scratchFolder, startGateway, until } from '../e2e/gateway-process.js';

/** All twenty: SALLYPORT_KILL_ROUNDS=20. In every other one the gateway is killed in the middle, and started again. */
const rounds = Number(process.env.SALLYPORT_KILL_ROUNDS ?? 4);
const callsAtOnce = 500;
const fits = 100;

const scratch = scratchFolder();
const fixture = join(root, 'test/fixtures/waiting-server.mjs');
const env = { LOAD_TOKEN: 'load-token-000001' };
const gateways: GatewayProcess[] = [];

afterAll(() => {
  for (const gateway of gateways) gateway.child.kill('SIGKILL');
  scratch.remove();
});

interface Line {
  readonly id: string;
  readonly scope: string;
  readonly unit: string;
  readonly reserve?: string;
  readonly spent?: string;
}

/** One round's folder, with the budget that every call takes a share of. */
class Round {
  readonly folder: string;
  readonly #log: string;
  readonly #config: object;

  constructor(name: string) {
    this.folder = join(scratch.path, name);
    mkdirSync(this.folder);
    this.#log = join(this.folder, 'upstream.log');
    const budget = { kind: 'budget', id: 'hundred', max: '10', unit: 'EUR', cost: { fixed: '0.1' } };
    this.#config = {
      dataDir: 'data',
      auth: { tokens: [{ principal: 'load', tokens: ['env:LOAD_TOKEN'] }] },
      upstreams: { child: { command: process.execPath, args: [fixture, '--log', this.#log] } },
      limits: { concurrentCallsPerPrincipal: 1000, concurrentCallsPerUpstream: 1000 },
      policy: { rules: [{ id: 'all', match: {}, effect: 'allow', limits: [budget] }] },
    };
  }

  async start(): Promise<GatewayProcess> {
    const gateway = await startGateway(this.folder, this.#config, env);
    gateways.push(gateway);
    return gateway;
  }

  /** The ids of the calls that the upstream got. */
  executed(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').filter(Boolean) : [];
  }

  /** What the trail and the ledger say, with everything in the database that a killed gateway left in its journal. */
  async books() {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const directory = join(this.folder, 'data');
    const store = await openStore({ directory, durability: 'process', clock: systemClock, log });
    try {
      const rows = await store.records.query({ limit: 100_000, order: 'asc' });
      const open = new Map<string, bigint>();
      const allowed = new Set<string>();
      for (const { record, payloads } of rows) {
        const [line] = (record.budget ?? []) as unknown as Line[];
        if (line === undefined) continue;
        open.set(record.call as string, microsOf(line.spent ?? line.reserve ?? '') ?? -1n);
        if (record.type === 'call.decided')
          allowed.add((JSON.parse(payloads.args ?? '{}') as { id: string }).id);
      }
      const audit = [...open.values()].reduce((sum, micros) => sum + micros, 0n);
      const counter = { budget: 'hundred', unit: 'EUR', scope: 'principal=["default","load"]' };
      return { allowed, audit, ledger: store.ledger.totalOf(counter) };
    } finally {
      await store.close();
    }
  }
}

/** Makes the calls in parallel; whatever becomes of each is in the books and in the log of the upstream. */
async function burst(gateway: GatewayProcess, name: string): Promise<number> {
  const client = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.LOAD_TOKEN });
  const calls = Array.from({ length: callsAtOnce }, (_, index) =>
    client.call({ tool: 'wait', arguments: { id: `${name}-${index}`, ms: index % 4 } }),
  );
  const ends = await Promise.allSettled(calls);
  return ends.filter((end) => end.status === 'fulfilled' && end.value.isError !== true).length;
}

async function kill(gateway: GatewayProcess): Promise<void> {
  const exited = once(gateway.child, 'exit');
  gateway.child.kill('SIGKILL');
  await exited;
}

it(`of ${callsAtOnce} parallel calls against a budget of ${fits} exactly ${fits} run (${rounds} rounds, half of them with kill -9)`, {
  timeout: rounds * 60_000,
}, async () => {
  for (let number = 0; number < rounds; number += 1) {
    const round = new Round(`round-${number}`);
    const isKilled = number % 2 === 1;
    let gateway = await round.start();
    let answered = 0;
    if (isKilled) {
      const killAt = Math.floor(Math.random() * (fits - 1)) + 1;
      const load = burst(gateway, 'first');
      await until('calls to run', () => round.executed().length >= killAt);
      await kill(gateway);
      await load;
      gateway = await round.start();
    }
    answered = await burst(gateway, 'second');
    await gateway.stop();

    const where = `round ${number}${isKilled ? ', killed' : ''}`;
    const executed = round.executed();
    const { allowed, audit, ledger } = await round.books();
    expect(allowed.size, `${where}: calls that the budget let pass`).toBe(fits);
    expect(
      executed.filter((id) => !allowed.has(id)),
      `${where}: calls that ran unrecorded`,
    ).toEqual([]);
    expect(new Set(executed).size, `${where}: calls that ran twice`).toBe(executed.length);
    // A call that was on its way when the gateway was killed stays charged, whether it ran or not.
    expect(executed.length, where).toBeLessThanOrEqual(fits);
    if (!isKilled) expect([executed.length, answered], where).toEqual([fits, fits]);
    expect([audit, ledger], `${where}: the sums of trail and ledger`).toEqual([10_000_000n, 10_000_000n]);
  }
});
