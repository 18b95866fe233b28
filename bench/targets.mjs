import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from './gateway.mjs';
import { beside, freePort, startNode, stop, usageOf } from './processes.mjs';

const upAfterMs = 60_000;
const settleMs = 1000;

/** A target: where the load goes (`address`), what is measured (`pid`), and how many calls it has answered. */
export async function startDirect({ upstream }) {
  return { name: 'direct', address: upstream.address, calls: 0, stop: async () => {} };
}

export async function startRelay({ upstream, load }) {
  const port = await freePort();
  const begun = performance.now();
  const started = startNode([beside('relay.mjs'), String(port), ...upstream.relayArgs]);
  const relay = { name: 'relay', started, address: { transport: 'http', port }, stop: () => stop(started) };
  return whenUp(relay, load, begun);
}

export async function startGoverned({ upstream, load, rules = 100, guarded = false, name = 'gateway' }) {
  const begun = performance.now();
  const gateway = await startGateway(upstream.gatewayConfig, rules, guarded);
  return whenUp({ ...gateway, name }, load, begun);
}

/** Calls until the first right answer. Calls that fail until then count as not answered yet. */
async function whenUp(target, load, begun) {
  const { started } = target;
  let last = 'no answer';
  while (performance.now() - begun < upAfterMs) {
    const figures = await load.run({ target: target.address, concurrency: 1, seconds: 2, calls: 1 });
    if (figures.calls === 1) {
      const startMs = performance.now() - begun;
      await sleep(settleMs);
      return { ...target, pid: started.pid, calls: 1, startMs, idleMb: usageOf(started.pid).rssMb };
    }
    last = figures.samples[0] ?? last;
    if (started.ended) break;
    await sleep(2);
  }
  await target.stop().catch(() => {});
  throw new Error(`${target.name} gave no right answer (${last}); it printed:\n${started.printed}`);
}

/** An MCP server over HTTP in a process of its own. */
export async function startHttpUpstream() {
  const port = await freePort();
  const started = startNode([beside('upstream-http.mjs'), String(port)]);
  return {
    pid: started.pid,
    address: { transport: 'http', port },
    relayArgs: ['http', String(port)],
    gatewayConfig: { url: `http://127.0.0.1:${port}/mcp` },
    stop: () => stop(started),
  };
}

/** An MCP server as a child of whoever uses it. */
export async function stdioUpstream() {
  const script = beside('upstream-stdio.mjs');
  return {
    address: { transport: 'stdio', script },
    relayArgs: ['stdio', script],
    gatewayConfig: { command: process.execPath, args: [script] },
    stop: async () => {},
  };
}
