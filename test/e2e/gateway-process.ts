import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const gatewayMain = join(root, 'packages/gateway/dist/cli/main.js');

export interface GatewayProcess {
  readonly baseUrl: string;
  readonly child: ChildProcess;
  /** What it wrote to stderr so far. */
  log(): string;
  /** Ends it as an operator would and waits; rejects when it does not end well. */
  stop(): Promise<void>;
}

/** A folder of the test's own; `remove` deletes it. */
export function scratchFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Writes `config` where the gateway reads it; JSON is YAML. */
export function writeConfig(folder: string, config: object): string {
  const path = join(folder, 'sallyport.config.yaml');
  writeFileSync(path, JSON.stringify(config, null, 2));
  return path;
}

/** A gateway as people start it, ready: `sallyport start --config FILE`. */
export async function startGateway(
  folder: string,
  config: object,
  { port: wanted, ...env }: Environment & { readonly port?: string } = {},
): Promise<GatewayProcess> {
  const port = wanted === undefined ? await freePort() : Number(wanted);
  const path = writeConfig(folder, { listen: { host: '127.0.0.1', port }, ...config });
  const child = spawn(process.execPath, [gatewayMain, 'start', '--config', path], {
    cwd: folder,
    env: { ...childEnvironment(folder), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  await until(`the gateway to be ready\n${log}`, async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}:\n${log}`);
    const response = await fetch(`${baseUrl}/readyz`).catch(() => undefined);
    return response?.status === 200;
  });
  return { baseUrl, child, log: () => log, stop: () => stop(child, () => log) };
}

export type Environment = Readonly<Record<string, string>>;

/** The environment of a process that is to know nothing of this one: the program path and a home of its own. */
export function childEnvironment(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, NO_COLOR: '1' };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  command: readonly string[],
  options: { cwd: string; env: Environment },
): Promise<Ended> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** Runs `sallyport ARGS…` in `folder`. */
export function sallyport(folder: string, args: readonly string[], env: Environment = {}): Promise<Ended> {
  const command = [process.execPath, gatewayMain, ...args];
  return run(command, { cwd: folder, env: { ...childEnvironment(folder), ...env } });
}

/** Waits for something outside this process; fails after `timeoutMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function stop(child: ChildProcess, log: () => string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`the gateway ended with ${code}:\n${log()}`);
}
