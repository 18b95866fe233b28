// How much memory sessions of agents take: node --expose-gc scripts/measure-agent-sessions.mjs [count]. Needs a build.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SessionDesk } from '../packages/gateway/dist/identity/session-desk.js';
import { systemClock } from '../packages/gateway/dist/lib/clock.js';
import { openStore } from '../packages/gateway/dist/store/open-store.js';

const count = Number(process.argv[2] ?? 100_000);
const directory = mkdtempSync(join(tmpdir(), 'sallyport-measure-'));
const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
const store = await openStore({ directory, durability: 'process', clock: systemClock, log });
const desk = new SessionDesk({
  table: store.sessions,
  clock: systemClock,
  log,
  record: () => Promise.resolve(),
  allowEndless: () => false,
});
const owner = { id: 'agent', tenant: 'default', credential: 'key:measured' };
const wish = { agent: 'bot', scopes: ['read', 'spend:25'] };

/** MiB in use after a collection. */
function memory() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20 };
}

/** Makes some and uses each once, as callers do. */
async function make(some) {
  for (let left = some; left > 0; left -= 1) {
    const { token } = await desk.create(owner, wish);
    if (desk.find(token, owner) === undefined) throw new Error('a session that was made is not there');
    // A gateway goes back to its event loop between requests, where statements of SQLite are freed.
    if (left % 50 === 0) await setImmediate();
  }
}

const started = performance.now();
let made = 0;
for (const share of [0.1, 0.25, 0.5, 1]) {
  const goal = Math.round(count * share);
  await make(goal - made);
  made = goal;
  const { heap, rss } = memory();
  console.log(`${made} sessions: heap ${heap.toFixed(1)} MiB, resident ${rss.toFixed(1)} MiB`);
}
const seconds = (performance.now() - started) / 1000;
console.log(`${(made / seconds).toFixed(0)} made and used each second`);
await store.close();
rmSync(directory, { recursive: true, force: true });
