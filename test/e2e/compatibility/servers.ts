import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment, root } from '../gateway-process.js';
import type { Transport } from './clients.js';

/** One kind of server behind the gateway. */
export interface ServerKind {
  /** Its id as an upstream. */
  readonly id: string;
  readonly transport: Transport;
  readonly era: 'legacy' | 'modern';
  readonly library: 'SDK 1.x' | 'SDK 2.x';
}

/** Every transport in each era that knows it: 2026-07-28 has no HTTP+SSE. */
export const serverKinds: readonly ServerKind[] = [
  { id: 'stdio-legacy', transport: 'stdio', era: 'legacy', library: 'SDK 1.x' },
  { id: 'http-legacy', transport: 'HTTP', era: 'legacy', library: 'SDK 1.x' },
  { id: 'sse-legacy', transport: 'HTTP+SSE', era: 'legacy', library: 'SDK 1.x' },
  { id: 'stdio-modern', transport: 'stdio', era: 'modern', library: 'SDK 2.x' },
  { id: 'http-modern', transport: 'HTTP', era: 'modern', library: 'SDK 2.x' },
];

const paths = { HTTP: '/mcp', 'HTTP+SSE': '/sse', stdio: '' };
const modes = { HTTP: 'http', 'HTTP+SSE': 'sse', stdio: 'stdio' };

/** How the gateway reaches a server: one entry of `upstreams`. */
export type ServerAddress = { command: string; args: string[] } | { url: string };

/** All kinds of servers as upstreams of a configuration; those over HTTP run until `stop`. */
export async function startServers(
  home: string,
  notes: string,
): Promise<{ upstreams: Record<string, ServerAddress>; stop: () => void }> {
  const children: ChildProcess[] = [];
  const entries = await Promise.all(
    serverKinds.map(async ({ id, transport, era }) => {
      const args = [join(root, 'test/e2e/compatibility/servers', `${era}.mjs`), modes[transport], '0', notes];
      if (transport === 'stdio') return [id, { command: process.execPath, args }] as const;
      const child = spawn(process.execPath, args, {
        env: childEnvironment(home),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const [base] = (await once(child.stdout, 'data')) as [Buffer];
      return [id, { url: `${base.toString('utf8').trim()}${paths[transport]}` }] as const;
    }),
  );
  const stop = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  return { upstreams: Object.fromEntries(entries), stop };
}
