// node scripts/measure-crash-loop.mjs [--rounds 5] [--seconds 12]
// What a server that ends itself again and again costs: how often it is started, and what callers of another server
// notice. Each round measures a gateway without and a gateway with it. Fails when it is started more than 6 times in
// any 10 seconds, or when the 99th percentile of the other server's latency is more than 1.5 times what it is without.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startMeasured } from './measured-gateway.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '12' } },
});
const fixture = (name) => fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sallyport-crash-'));
const callers = 4;
const mostStarts = 6;
const mostSlower = 1.5;

const steady = { command: process.execPath, args: [fixture('waiting-server.mjs')] };
let isGood = true;
for (const when of ['start', 'later', 'call']) {
  const ratios = [];
  let starts = 0;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const log = join(folder, `${when}-${round}`);
    const args = [fixture('crashing-server.mjs'), '--log', log, '--when', when];
    const without = await measure({ steady });
    const withIt = await measure({ steady, crashing: { command: process.execPath, args } });
    ratios.push(withIt / without);
    starts = Math.max(starts, mostStartsIn(10_000, log));
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)];
  isGood &&= starts <= mostStarts && median <= mostSlower;
  const all = ratios.map((one) => one.toFixed(2)).join(' ');
  say(`ends ${{ start: 'at once', later: 'once it is up', call: 'at each call' }[when]}:`);
  say(`  starts in any 10 s: ${starts} (at most ${mostStarts})`);
  say(`  p99 of the other server: ${median.toFixed(2)} times (at most ${mostSlower}); rounds: ${all}`);
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = isGood ? 0 : 1;

/** The 99th percentile, in ms, of calls to the steady server, while the crashing one is called as well. */
async function measure(upstreams) {
  const gateway = await startMeasured({
    listen: { port: 0 },
    auth: { mode: 'none' },
    names: { prefix: 'always' },
    upstreams,
    policy: { default: 'allow' },
  });
  await until(async () => (await call(gateway.url, 'steady__wait', { id: 'x', ms: 0 })).includes('"x"'));
  const ends = Date.now() + Number(values.seconds) * 1000;
  const latencies = [];
  const load = Array.from({ length: callers }, async () => {
    while (Date.now() < ends) {
      const began = performance.now();
      await call(gateway.url, 'steady__wait', { id: 'x', ms: 0 });
      latencies.push(performance.now() - began);
      await sleep(1);
    }
  });
  const nuisance = async () => {
    while (Date.now() < ends) {
      await call(gateway.url, 'crashing__crash', {});
      await sleep(50);
    }
  };
  await Promise.all([...load, nuisance()]);
  await gateway.stop();
  return latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)];
}

async function call(url, name, args) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, _meta },
    }),
  });
  return response.text();
}

async function until(holds) {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error('the steady server did not come up');
}

/** The most starts that the log has within `windowMs`. */
function mostStartsIn(windowMs, log) {
  const times = readFileSync(log, 'utf8').trim().split('\n').map(Number);
  return Math.max(
    ...times.map((time) => times.filter((other) => other >= time && other < time + windowMs).length),
  );
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
