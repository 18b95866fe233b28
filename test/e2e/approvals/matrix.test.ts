import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type GatewayProcess,
  root,
  sallyport,
  scratchFolder,
  startGateway,
  until,
  writeConfig,
} from '../gateway-process.js';
import type { Loose } from './approval-scene.js';
import { type MatrixClient, type MatrixKind, matrixKinds, type Reach } from './matrix-clients.js';
import { documentedEnds, ended } from './matrix-ends.js';

/** What becomes of held calls, for every kind of client: the table of docs/approvals.md. */
const tools = ['pay', 'late', 'only', 'brief'];
const schema = { type: 'object', properties: { cell: { type: 'string' } } };
const scratch = scratchFolder();
const log = join(scratch.path, 'calls.log');
const keyOf = (who: string) => `${who}-matrix-token`;
const callers = matrixKinds.map((_, index) => `agent-${index}`);
const variable = (who: string) => `KEY_${who.replace('-', '_').toUpperCase()}`;
const env = Object.fromEntries([...callers, 'ann'].map((who) => [variable(who), keyOf(who)]));
let gateway: GatewayProcess;

const config = {
  dataDir: join(scratch.path, 'data'),
  auth: {
    tokens: [
      ...callers.map((principal) => ({ principal, tokens: [`env:${variable(principal)}`] })),
      { principal: 'ann', tokens: [`env:${variable('ann')}`], roles: ['approver'] },
    ],
  },
  upstreams: {
    bank: {
      command: process.execPath,
      args: [
        join(root, 'test/fixtures/changing-server.mjs'),
        `--tools=${join(scratch.path, 'tools.json')}`,
        `--log=${log}`,
        '--with-arguments',
      ],
    },
  },
  policy: {
    default: 'deny',
    rules: [
      { id: 'pay', match: { tools: ['pay'] }, effect: 'ask', approval: { waitSeconds: 40 } },
      { id: 'late', match: { tools: ['late'] }, effect: 'ask', approval: { waitSeconds: 0.2 } },
      {
        id: 'only',
        match: { tools: ['only'] },
        effect: 'ask',
        approval: { mode: 'wait', waitSeconds: 0.2 },
      },
      {
        id: 'brief',
        match: { tools: ['brief'] },
        effect: 'ask',
        approval: { waitSeconds: 40, expiresSeconds: 1 },
      },
    ],
  },
  approvals: { publicUrl: 'https://approvals.example' },
};

beforeAll(async () => {
  writeFileSync(
    join(scratch.path, 'tools.json'),
    JSON.stringify(tools.map((name) => ({ name, inputSchema: schema }))),
  );
  writeFileSync(log, '');
  gateway = await startGateway(scratch.path, config, env);
});

afterAll(async () => {
  await gateway.stop();
  scratch.remove();
});

const ran = (cell: string) => readFileSync(log, 'utf8').split(`"cell":"${cell}"`).length - 1;

function reachOf(kind: MatrixKind): Reach {
  const who = callers[matrixKinds.indexOf(kind)] ?? '';
  const folder = join(scratch.path, who);
  mkdirSync(folder, { recursive: true });
  const path = writeConfig(folder, config);
  return { url: gateway.baseUrl, key: keyOf(who), folder, config: path, env };
}

/** The hold of a cell, once it waits. */
async function held(cell: string): Promise<string> {
  let id: string | undefined;
  await until(`the hold of ${cell}`, async () => {
    const headers = { Authorization: `Bearer ${keyOf('ann')}` };
    const response = await fetch(`${gateway.baseUrl}/v1/approvals?state=pending&limit=100`, { headers });
    const { approvals } = (await response.json()) as Loose;
    id = approvals.find((hold: Loose) => hold.arguments.cell === cell)?.id;
    return id !== undefined;
  });
  return id ?? '';
}

async function answer(cell: string, verdict: 'approve' | 'deny'): Promise<void> {
  const headers = { Authorization: `Bearer ${keyOf('ann')}`, 'Content-Type': 'application/json' };
  const url = `${gateway.baseUrl}/v1/approvals/${await held(cell)}/${verdict}`;
  const response = await fetch(url, { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(200);
}

/** What it comes to, where it may also break with its connection. */
const orBroken = (end: Promise<string>) => end.catch(() => 'breaks');

const told = ended();

/** How many holds there are of a cell, whatever became of them. */
async function holdsOf(cell: string): Promise<number> {
  const headers = { Authorization: `Bearer ${keyOf('ann')}` };
  const response = await fetch(`${gateway.baseUrl}/v1/approvals?limit=200`, { headers });
  const { approvals } = (await response.json()) as Loose;
  return approvals.filter((hold: Loose) => hold.arguments.cell === cell).length;
}

const possible = matrixKinds.filter(({ obstacle }) => obstacle === undefined);

describe.concurrent.each(possible)('a held call of $name', (kind) => {
  const cellOf = (word: string) => `${word} ${matrixKinds.indexOf(kind)}`;

  async function within(visit: (client: MatrixClient) => Promise<void>): Promise<void> {
    const client = await kind.open(reachOf(kind));
    await visit(client);
    await client.leave();
  }

  it('runs when it is approved in time', () =>
    within(async (client) => {
      const cell = cellOf('in time');
      const end = client.call('pay', { cell });
      await answer(cell, 'approve');
      expect(await end).toBe('runs');
      expect(ran(cell)).toBe(1);
      told.add('approved', { waits: await end });
    }));

  it('is not executed when its wait is over; approved late, the same call runs', () =>
    within(async (client) => {
      const cell = cellOf('late');
      const end = client.call('late', { cell });
      if (kind.asks === true) {
        await answer(cell, 'approve');
        expect(await end).toBe('runs');
      } else {
        expect(await end).toBe('held');
        await answer(cell, 'approve');
        expect(await client.call('late', { cell })).toBe('runs');
        told.add('nobody answers while it may wait', { waits: 'held', later: 'attaches' });
        told.add('approved', { later: 'runs' });
      }
      expect([ran(cell), await holdsOf(cell)]).toEqual([1, 1]);
    }));

  it('is refused when it may only wait and nobody answers meanwhile; the next one is asked about anew', () =>
    within(async (client) => {
      const cell = cellOf('only');
      for (const holds of [1, 2]) {
        expect(await client.call('only', { cell })).toBe('approval_expired');
        expect([ran(cell), await holdsOf(cell)]).toEqual([0, holds]);
      }
      told.add('nobody answers while it may wait', { waits: 'approval_expired', later: 'asks anew' });
    }));

  it('is refused when it is denied, and so is the same call after that', () =>
    within(async (client) => {
      const cell = cellOf('denied');
      const end = client.call('pay', { cell });
      await answer(cell, 'deny');
      expect(await end).toBe('approval_denied');
      expect(await client.call('pay', { cell })).toBe('approval_denied');
      expect(ran(cell)).toBe(0);
      told.add('denied', { waits: 'approval_denied', later: 'approval_denied' });
    }));

  it('is refused when nobody answers until the hold expires', () =>
    within(async (client) => {
      const cell = cellOf('expired');
      for (const holds of [1, 2]) {
        expect(await client.call('brief', { cell })).toBe('approval_expired');
        expect([ran(cell), await holdsOf(cell)]).toEqual([0, holds]);
      }
      told.add('the hold expires', { waits: 'approval_expired', later: 'asks anew' });
    }));

  it('is not run for a client that has gone; it attaches when it comes again', async () => {
    const cell = cellOf('gone');
    const leaving = await kind.open(reachOf(kind));
    const end = orBroken(leaving.call('pay', { cell }));
    await held(cell);
    await leaving.leave();
    expect(await end).toBe(kind.own === true ? 'held' : 'breaks');
    await answer(cell, 'approve');
    await within(async (client) => {
      expect(ran(cell)).toBe(0);
      expect(await client.call('pay', { cell })).toBe('runs');
      expect([ran(cell), await holdsOf(cell)]).toEqual([1, 1]);
    });
    told.add('the caller disconnects', { waits: await end, later: 'attaches' });
  });
});

/** A call of each kind that waits. */
function waitingCalls(word: string, kinds = possible) {
  return Promise.all(
    kinds.map(async (kind) => {
      const cell = `${word} ${matrixKinds.indexOf(kind)}`;
      const client = await kind.open(reachOf(kind));
      const end = orBroken(client.call('pay', { cell }));
      await held(cell);
      return { kind, cell, client, end };
    }),
  );
}

/** Those whose gateway is another process than their own. */
const remote = possible.filter(({ own }) => own !== true);

it('is lost by no kind of client when the gateway is killed while it waits', async () => {
  const pending = await waitingCalls('killed');
  for (const { client } of pending) client.kill?.();
  const died = once(gateway.child, 'exit');
  gateway.child.kill('SIGKILL');
  await died;
  gateway = await startGateway(scratch.path, config, env);
  await Promise.all(
    pending.map(async ({ kind, cell, client, end }) => {
      await client.leave();
      expect([kind.name, await end]).toEqual([kind.name, 'breaks']);
      const { code, stderr } = await sallyport(scratch.path, ['approvals', 'approve', await held(cell)], env);
      expect(code, stderr).toBe(0);
      const again = await kind.open(reachOf(kind));
      expect([kind.name, await again.call('pay', { cell })]).toEqual([kind.name, 'runs']);
      expect([ran(cell), await holdsOf(cell)]).toEqual([1, 1]);
      told.add('the gateway is killed', { waits: await end, later: 'attaches' });
      await again.leave();
    }),
  );
});

it('is lost by no kind of client when the gateway stops while it waits', async () => {
  const pending = await waitingCalls('stopped', remote);
  await gateway.stop();
  gateway = await startGateway(scratch.path, config, env);
  await Promise.all(
    pending.map(async ({ kind, cell, client, end }) => {
      told.add('the gateway stops', { waits: await end, later: 'attaches' });
      await client.leave();
      await answer(cell, 'approve');
      const again = await kind.open(reachOf(kind));
      expect([kind.name, await again.call('pay', { cell })]).toEqual([kind.name, 'runs']);
      expect([ran(cell), await holdsOf(cell)]).toEqual([1, 1]);
      await again.leave();
    }),
  );
});

it('is run for no caller whose credential was taken away while it waited', async () => {
  const pending = await waitingCalls('revoked', remote);
  const path = join(scratch.path, 'sallyport.config.yaml');
  const file = JSON.parse(readFileSync(path, 'utf8')) as Loose;
  file.auth.tokens = file.auth.tokens.filter(({ principal }: Loose) => principal === 'ann');
  writeFileSync(path, JSON.stringify(file));
  gateway.child.kill('SIGHUP');
  await until('the keys to be gone', async () => {
    const headers = { Authorization: `Bearer ${keyOf(callers[0] ?? '')}` };
    return (await fetch(`${gateway.baseUrl}/v1/approvals`, { headers })).status === 401;
  });
  await Promise.all(
    pending.map(async ({ kind, cell, client, end }) => {
      await answer(cell, 'approve');
      expect([kind.name, await orBroken(client.call('pay', { cell }))]).toEqual([kind.name, 'breaks']);
      told.add('the credential of the caller is revoked meanwhile', { waits: await end, later: 'breaks' });
      expect(ran(cell)).toBe(0);
      await client.leave();
    }),
  );
});

it('ends as docs/approvals.md says, and in no other way', () => {
  expect(documentedEnds()).toEqual(told.all());
});
