import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment, root } from '../e2e/gateway-process.js';

const main = join(root, 'test/conformance/fixture/main.mjs');

/** The fixture server over stdio, as an upstream of the gateway. */
export const fixtureCommand = { command: process.execPath, args: [main, 'stdio'] };

export interface FixtureProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** The fixture server over HTTP, ready, on a port of its own. */
export async function startFixture(home: string): Promise<FixtureProcess> {
  const child = spawn(process.execPath, [main, 'http'], {
    env: childEnvironment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: url.toString('utf8').trim(), stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
