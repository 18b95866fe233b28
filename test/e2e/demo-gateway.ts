import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment, freePort, gatewayMain, run, scratchFolder, until } from './gateway-process.js';

/** What `npm start` starts, and whoever shall be there beside it. */
export interface DemoGateway {
  readonly url: string;
  /** Of a caller named `me`. */
  readonly key: string;
  readonly env: Record<string, string>;
  /** Starts a further program and waits until it has said `sign`. */
  start(args: readonly string[], sign: string, env?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

export async function startDemo(roles: string): Promise<DemoGateway> {
  const scratch = scratchFolder();
  const children: ChildProcess[] = [];
  const env = childEnvironment(scratch.path);
  const start: DemoGateway['start'] = async (args, sign, more = {}) => {
    const child = spawn(process.execPath, args, {
      cwd: scratch.path,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (said += text));
    await until(`"${sign}" in ${said}`, () => said.includes(sign));
  };
  const port = await freePort();
  await start([gatewayMain, 'demo', '--port', String(port)], 'Ctrl-C ends');
  const config = join(scratch.path, '.sallyport/demo/sallyport.config.yaml');
  const making = ['keys', 'create', '--principal', 'me', '--roles', roles, '--config', config];
  const made = await run([process.execPath, gatewayMain, ...making], { cwd: scratch.path, env });
  return {
    url: `http://127.0.0.1:${port}`,
    key: made.stdout.trim(),
    env,
    start,
    async stop() {
      const ends = children.map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(ends);
      scratch.remove();
    },
  };
}
