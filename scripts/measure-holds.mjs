// node scripts/measure-holds.mjs [--holds 10000]
// What calls that wait for people cost while they wait: how long a gateway takes to be ready with so many, how long a
// look at them takes, what it is to open one more, and how much memory and processor time they take of a gateway that
// nobody asks anything. Fails when the start takes more than 5 s, a list more than 100 ms, or waiting more than 5 % of
// a processor.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../packages/gateway/dist/lib/clock.js';
import { openStore } from '../packages/gateway/dist/store/open-store.js';
import { startMeasured } from './measured-gateway.mjs';

const { values } = parseArgs({ options: { holds: { type: 'string', default: '10000' } } });
const many = Number(values.holds);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const idleMs = 12_000;
const most = { readyMs: 5000, listMs: 100, idlePercent: 5 };
const terms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 50_000,
  expiresMs: 3_600_000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
};

const folder = mkdtempSync(join(tmpdir(), 'sallyport-holds-'));
const dataDir = join(folder, 'data');
for (const who of ['agent', 'ann']) writeFileSync(join(folder, who), keyOf(who), { mode: 0o600 });
const server = fileURLToPath(new URL('../test/fixtures/waiting-server.mjs', import.meta.url));
const config = {
  listen: { port: 0 },
  dataDir,
  auth: {
    tokens: [
      { principal: 'agent', tokens: [`file:${join(folder, 'agent')}`] },
      { principal: 'ann', tokens: [`file:${join(folder, 'ann')}`], roles: ['approver'] },
    ],
  },
  upstreams: { child: { command: process.execPath, args: [server] } },
  policy: { rules: [{ id: 'all', effect: 'ask' }] },
  approvals: { mode: 'hold', perCaller: 10_000, perTenant: 100_000 },
};

try {
  const without = await measure();
  const openedMs = await fill();
  const holding = await measure();
  const isGood =
    holding.readyMs < most.readyMs && holding.listMs < most.listMs && holding.idlePercent < most.idlePercent;
  say(`${many} holds that wait (without any in brackets):`);
  say(
    `  ready after ${holding.readyMs.toFixed(0)} ms (${without.readyMs.toFixed(0)}), at most ${most.readyMs}`,
  );
  say(
    `  a list of them in ${holding.listMs.toFixed(1)} ms (${without.listMs.toFixed(1)}), at most ${most.listMs}`,
  );
  say(`  one more call held in ${holding.holdMs.toFixed(1)} ms (${without.holdMs.toFixed(1)})`);
  say(`  opened in the store in ${openedMs.toFixed(2)} ms each`);
  say(
    `  memory ${mib(holding.heldBytes)} MiB (${mib(without.heldBytes)}), timers ${holding.timers} (${without.timers})`,
  );
  say(
    `  idle ${holding.idlePercent.toFixed(1)} % of a processor (${without.idlePercent.toFixed(1)}), at most ${most.idlePercent}`,
  );
  process.exitCode = isGood ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a gateway over the data, asks it, and leaves it alone for a while. */
async function measure() {
  const began = performance.now();
  const gateway = await startMeasured(config);
  const readyMs = performance.now() - began;
  try {
    const listMs = await median(() => get(gateway.url, '/v1/approvals?state=pending'));
    let n = 0;
    const holdMs = await median(() => call(gateway.url, { id: `more ${performance.now()} ${n++}`, ms: 0 }));
    const { heldBytes } = await gateway.memory();
    const before = await gateway.usage();
    await sleep(idleMs);
    const { cpuMs, timers } = await gateway.usage();
    return {
      readyMs,
      listMs,
      holdMs,
      heldBytes,
      timers,
      idlePercent: ((cpuMs - before.cpuMs) / idleMs) * 100,
    };
  } finally {
    await gateway.stop();
  }
}

/** Returns how long one took. */
async function fill() {
  const store = await openStore({
    directory: dataDir,
    durability: 'process',
    clock: systemClock,
    log: silent,
  });
  const createdAt = systemClock.now();
  const began = performance.now();
  for (let n = 0; n < many; n += 1) {
    const about = { tenant: 'default', caller: `agent-${n % 100}`, credential: 'key:x', upstream: 'child' };
    const asked = {
      method: 'tools/call',
      target: 'wait',
      args: JSON.stringify({ n, text: 'x'.repeat(200) }),
    };
    const why = { policyRevision: 'sha256:p', reason: 'measured', terms };
    const times = { createdAt, until: createdAt + 3_600_000 };
    const hold = { id: `hold_${n}`, bind: `sha256:${n}`, ...about, ...asked, ...why, ...times };
    store.holds.open(hold, { perCaller: many, perTenant: many * 2 });
  }
  const ms = (performance.now() - began) / many;
  await store.close();
  return ms;
}

async function median(ask) {
  const times = [];
  for (let round = 0; round < 11; round += 1) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[5];
}

async function get(url, path) {
  const headers = { Authorization: `Bearer ${keyOf('ann')}` };
  const response = await fetch(new URL(path, url), { headers });
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return response.text();
}

async function call(url, args) {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait', arguments: args } };
  const response = await fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${keyOf('agent')}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  if (!text.includes('hold_')) throw new Error(`the call was not held: ${text}`);
}

function keyOf(who) {
  return `${who}-measured-token`;
}

function mib(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
