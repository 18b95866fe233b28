import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  childEnvironment,
  freePort,
  gatewayMain,
  root,
  run,
  scratchFolder,
  until,
} from './gateway-process.js';

const scratch = scratchFolder();
const children: ReturnType<typeof spawn>[] = [];
afterAll(async () => {
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ends);
  scratch.remove();
});

/** Starts a program and waits until it has said `sign`; gives what it said. */
async function start(
  args: readonly string[],
  sign: string,
  env: Record<string, string> = {},
): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: scratch.path,
    env: { ...childEnvironment(scratch.path), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text));
  await until(`"${sign}" in ${said}`, () => said.includes(sign));
  return said;
}

it('the quickstart runs as it is printed, against what `npm start` starts', async () => {
  const [port, upstreamPort] = [await freePort(), await freePort()];
  await start([gatewayMain, 'demo', '--port', String(port)], 'Ctrl-C ends');
  const everything = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-everything/dist/index.js',
  );
  await start([everything, 'streamableHttp'], String(upstreamPort), { PORT: String(upstreamPort) });
  const config = join(scratch.path, '.sallyport/demo/sallyport.config.yaml');
  const options = { cwd: scratch.path, env: childEnvironment(scratch.path) };
  const roles = ['--roles', 'admin,agent'];
  const made = await run(
    [process.execPath, gatewayMain, 'keys', 'create', '--principal', 'me', ...roles, '--config', config],
    options,
  );
  const key = made.stdout.trim();
  const env = {
    ...options.env,
    SALLYPORT_URL: `http://127.0.0.1:${port}`,
    SALLYPORT_KEY: key,
    UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}/mcp`,
  };
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const { code, stdout, stderr } = await run([process.execPath, jiti, join(root, 'examples/quickstart.ts')], {
    cwd: root,
    env,
  });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("text: 'Echo: hello'");
  expect(stdout).toMatch(/Refused: .*no rule/i);
  expect(stdout).toContain('Left of the budget: 25');
  expect(stdout).toMatch(/me get-tiny-image deny\n\S+ me echo allow/);
});
