import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { gatewaySample } from '../../packages/gateway/src/app/dialects/cordon-samples-fixture.js';
import {
  childEnvironment,
  freePort,
  gatewayMain,
  root,
  sallyport,
  scratchFolder,
  until,
} from './gateway-process.js';
import { sdk1 } from './peers.js';

const scratch = scratchFolder();
const token = '6f1c2a9d5b7e40c88a';
const environment = { UPSTREAM_API_KEY: 'atb_0123456789', GATEWAY_AUTH_TOKEN: token };
const offered = ['count_tokens', 'stock_thesis', 'moat_analysis', 'bear_vs_bull', 'compare_stocks'];
let child: ChildProcess | undefined;

afterAll(async () => {
  if (child !== undefined && child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  scratch.remove();
});

/** A folder with the file as seed 002 prints it, and an `npx` that starts a server with the tools it names. */
function house(name: string): { folder: string; env: Record<string, string>; called: () => string } {
  const folder = join(scratch.path, name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const tool = (one: string) => ({ name: one, inputSchema: { type: 'object' } });
  const [tools, log, npx] = ['tools.json', 'called.log', 'bin/npx'].map((file) => join(folder, file));
  writeFileSync(tools ?? '', JSON.stringify(offered.map(tool)));
  writeFileSync(log ?? '', '');
  const server = join(root, 'test/fixtures/changing-server.mjs');
  const line = `exec "${process.execPath}" "${server}" --tools "${tools}" --log "${log}"`;
  writeFileSync(npx ?? '', `#!/bin/sh\n${line}\n`);
  chmodSync(npx ?? '', 0o755);
  writeFileSync(join(folder, 'gateway.config.ts'), gatewaySample);
  const env = { ...environment, PATH: `${join(folder, 'bin')}:${childEnvironment(folder).PATH}` };
  return { folder, env, called: () => readFileSync(log ?? '', 'utf8') };
}

it('seed 002: starts its server, lets cheap tools pass, and forwards others once a person approved', async () => {
  const { folder, env, called } = house('start');
  const port = await freePort();
  const args = ['start', '--config', 'gateway.config.ts', '--port', String(port)];
  child = spawn(process.execPath, [gatewayMain, ...args], {
    cwd: folder,
    env: { ...childEnvironment(folder), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status === 200);
  await until('the gateway to be ready', () => {
    if (child?.exitCode !== null) throw new Error(`the gateway ended:\n${log}`);
    return ready().catch(() => false);
  });
  expect(log).not.toContain('approvals.channel');
  const client = await sdk1.connect({ url: `http://127.0.0.1:${port}/mcp`, key: token });
  const tools = (await client.listTools()).result?.tools as { name: string }[];
  expect(tools.map(({ name }) => name)).toEqual(offered.toSorted());
  expect((await client.callTool('count_tokens', {})).result).toMatchObject({
    content: [{ text: 'count_tokens ran' }],
  });
  const waiting = client.callTool('stock_thesis', {});
  const approvals = (...rest: string[]) =>
    sallyport(folder, ['approvals', ...rest, '--config', 'gateway.config.ts'], env);
  let id = '';
  await until('the call to wait for a person', async () => {
    const { stdout } = await approvals('list', '--json');
    id = (JSON.parse(stdout) as { approvals: { id: string }[] }).approvals[0]?.id ?? '';
    return id !== '';
  });
  expect(called()).toBe('count_tokens\n');
  expect((await approvals('approve', id)).code).toBe(0);
  expect((await waiting).result).toMatchObject({ content: [{ text: 'stock_thesis ran' }] });
  expect(called()).toBe('count_tokens\nstock_thesis\n');
  await client.close();
  const stranger = sdk1.connect({ url: `http://127.0.0.1:${port}/mcp`, key: 'another' });
  await expect(stranger).rejects.toThrow();
});

it('seed 002: is migrated to a file that is valid, without any secret', async () => {
  const { folder, env } = house('migrate');
  const migrated = await sallyport(folder, ['config', 'migrate', 'gateway.config.ts'], env);
  expect(migrated).toMatchObject({ code: 0, stderr: '' });
  for (const secret of Object.values(environment)) expect(migrated.stdout).not.toContain(secret);
  writeFileSync(join(folder, 'sallyport.config.yaml'), migrated.stdout);
  const checked = await sallyport(folder, ['config', 'check'], env);
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain('1 upstream, 5 rules');
});

it('a file with a kind that is not known is refused by every command, with its place', async () => {
  const { folder } = house('refused');
  writeFileSync(join(folder, 'policies.json'), '[\n  {"type": "denny", "tools": ["x"]}\n]\n');
  for (const args of [
    ['config', 'migrate', 'policies.json'],
    ['config', 'check', '--config', 'policies.json'],
  ]) {
    const ended = await sallyport(folder, args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('policies.json:2:4: [0].type: found "denny"');
    expect(ended.stderr).toContain('did you mean "deny"?');
  }
});
