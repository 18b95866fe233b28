// A gateway in a process of its own that tells how much memory it holds after a garbage collection.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const entry = new URL('../packages/gateway/dist/exports/index.js', import.meta.url);

/** Starts one on a free port. `memory` and `children` look at the process from outside; `stop` ends it well. */
export async function startMeasured(config) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-measure-'));
  const child = fork(self, [JSON.stringify(config), folder], {
    execArgv: ['--expose-gc'],
    env: { PATH: process.env.PATH, HOME: folder },
  });
  const [{ url }] = await once(child, 'message');
  return {
    url,
    async memory() {
      child.send('memory');
      return (await once(child, 'message'))[0];
    },
    /** Processor time so far, in ms, and the timers that run. */
    async usage() {
      child.send('usage');
      return (await once(child, 'message'))[0];
    },
    children: () => childrenOf(child.pid),
    async stop() {
      child.send('stop');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The ids of the processes below `pid`, as /proc tells them; what has ended and only waits is left out. */
function childrenOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state !== 'Z') parents.set(Number(name), Number(parent));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  const below = (one) => one !== undefined && (one === pid || below(parents.get(one)));
  return [...parents.keys()].filter((one) => below(parents.get(one)));
}

async function serve() {
  const { createGateway } = await import(entry.href);
  const [config, folder] = process.argv.slice(2);
  const gateway = await createGateway({ config: JSON.parse(config), baseDir: folder });
  process.on('message', (message) => {
    if (message === 'memory') {
      globalThis.gc();
      const { heapUsed, external, rss } = process.memoryUsage();
      process.send({ heldBytes: heapUsed + external, rss });
    } else if (message === 'usage') {
      const { user, system } = process.cpuUsage();
      const timers = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
      process.send({ cpuMs: (user + system) / 1000, timers });
    } else {
      void gateway.stop('done').then(() => process.disconnect());
    }
  });
  // Whoever measures may be gone before it could say stop.
  process.on('disconnect', () => process.exit());
  const { url } = await gateway.start();
  process.send({ url });
}

if (process.argv[1] === self && process.send !== undefined) await serve();
