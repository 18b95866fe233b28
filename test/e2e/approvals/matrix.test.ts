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

/** What becomes of held calls, for every kind of client: the table of docs/approvals.md. */
const tools = ['pay', 'late', 'brief'];
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
const orBroken = (end: Promise<string>) => end.catch(() => 'broken');

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
      expect(await end).toBe('ran');
      expect(ran(cell)).toBe(1);
    }));

  it('is not executed when its wait is over; approved late, the same call runs', () =>
    within(async (client) => {
      const cell = cellOf('late');
      const end = client.call('late', { cell });
      if (kind.asks === true) {
        await answer(cell, 'approve');
        expect(await end).toBe('ran');
      } else {
        expect(await end).toBe('held');
        await answer(cell, 'approve');
        expect(await client.call('late', { cell })).toBe('ran');
      }
      expect(ran(cell)).toBe(1);
    }));

  it('is refused when it is denied, and so is the same call after that', () =>
    within(async (client) => {
      const cell = cellOf('denied');
      const end = client.call('pay', { cell });
      await answer(cell, 'deny');
      expect(await end).toBe('approval_denied');
      expect(await client.call('pay', { cell })).toBe('approval_denied');
      expect(ran(cell)).toBe(0);
    }));

  it('is refused when nobody answers until the hold expires', () =>
    within(async (client) => {
      const cell = cellOf('expired');
      expect(await client.call('brief', { cell })).toBe('approval_expired');
      expect(ran(cell)).toBe(0);
    }));

  it('is not run for a client that has gone; it attaches when it comes again', async () => {
    const cell = cellOf('gone');
    const leaving = await kind.open(reachOf(kind));
    const end = orBroken(leaving.call('pay', { cell }));
    await held(cell);
    await leaving.leave();
    expect(await end).toBe(kind.own === true ? 'held' : 'broken');
    await answer(cell, 'approve');
    await within(async (client) => {
      expect(ran(cell)).toBe(0);
      expect(await client.call('pay', { cell })).toBe('ran');
      expect(ran(cell)).toBe(1);
    });
  });
});

it('is lost by no kind of client when the gateway is killed while it waits', async () => {
  const pending = await Promise.all(
    possible.map(async (kind) => {
      const cell = `killed ${matrixKinds.indexOf(kind)}`;
      const client = await kind.open(reachOf(kind));
      const end = orBroken(client.call('pay', { cell }));
      await held(cell);
      return { kind, cell, client, end };
    }),
  );
  for (const { client } of pending) client.kill?.();
  const died = once(gateway.child, 'exit');
  gateway.child.kill('SIGKILL');
  await died;
  gateway = await startGateway(scratch.path, config, env);
  await Promise.all(
    pending.map(async ({ kind, cell, client, end }) => {
      await client.leave();
      expect([kind.name, await end]).toEqual([kind.name, 'broken']);
      const { code, stderr } = await sallyport(scratch.path, ['approvals', 'approve', await held(cell)], env);
      expect(code, stderr).toBe(0);
      const again = await kind.open(reachOf(kind));
      expect([kind.name, await again.call('pay', { cell })]).toEqual([kind.name, 'ran']);
      expect(ran(cell)).toBe(1);
      await again.leave();
    }),
  );
});
