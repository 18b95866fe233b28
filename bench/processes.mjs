import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ticksPerSecond = 100;
const stopAfterMs = 40_000;
const running = new Set();

/** Path of a file beside this one. */
export function beside(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A port of the loopback address that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a Node program; what it prints is kept for the case that it fails. */
export function startNode(args, env = {}) {
  const { PATH, HOME, LANG } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, LANG, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started = { pid: child.pid, printed: '', ended: false, exited: undefined };
  running.add(started);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      started.printed = (started.printed + text).slice(-8000);
    });
  }
  started.exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      started.ended = true;
      running.delete(started);
      resolve(code ?? signal);
    });
  });
  return started;
}

/** Asks a process to end, by its id, and makes it where it does not. */
export async function stop(started) {
  if (started.ended) return;
  process.kill(started.pid, 'SIGTERM');
  await Promise.race([started.exited, sleep(stopAfterMs, undefined, { ref: false })]);
  if (started.ended) return;
  process.kill(started.pid, 'SIGKILL');
  await started.exited;
  throw new Error(`process ${started.pid} did not end within ${stopAfterMs / 1000} s of SIGTERM`);
}

/** Ends whatever is still running, at once: for the way out after a fault or an interrupt. */
export async function killRunning() {
  const left = [...running];
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  await Promise.all(left.map(({ exited }) => exited));
}

/** The load generator: `run(job)` gives its figures. */
export function startLoad() {
  const child = fork(beside('load.mjs'));
  return {
    pid: child.pid,
    run(job) {
      return new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('the load generator ended'));
        child.once('exit', onExit);
        child.once('message', (figures) => {
          child.off('exit', onExit);
          resolve(figures);
        });
        child.send(job);
      });
    },
    close: () => child.disconnect(),
  };
}

/** CPU time spent so far and memory held now by a process and those it started, an upstream's echo child aside. */
export function usageOf(pid) {
  const parts = allOf(pid).filter((one) => !one.isEcho);
  return parts
    .map((one) => readUsage(one.pid))
    .reduce((sum, part) => ({
      cpuMs: sum.cpuMs + part.cpuMs,
      rssMb: sum.rssMb + part.rssMb,
    }));
}

/** A process and all that it started. */
export function allOf(pid) {
  const script = readProc(pid, 'cmdline').split('\0')[1] ?? '';
  const isEcho = script.endsWith('upstream-stdio.mjs');
  return [{ pid, isEcho }, ...childrenOf(pid).flatMap(allOf)];
}

function readUsage(pid) {
  const stat = readProc(pid, 'stat');
  // The program's name is in brackets and may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  const rss = /VmRSS:\s+(\d+) kB/.exec(readProc(pid, 'status'));
  return { cpuMs, rssMb: rss === null ? 0 : Number(rss[1]) / 1024 };
}

function childrenOf(pid) {
  return readProc(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
