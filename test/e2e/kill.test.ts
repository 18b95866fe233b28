import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import {
  type GatewayProcess,
  root,
  sallyport,
  scratchFolder,
  startGateway,
  until,
} from './gateway-process.js';

const scratch = scratchFolder();
const env = {
  A_TOKEN: 'agent-token-000001',
  B_TOKEN: 'agent-token-000002',
  OPS_TOKEN: 'operator-token-000003',
  SALLYPORT_KEY: 'operator-token-000003',
};
let gateway: GatewayProcess;

beforeAll(async () => {
  const fixture = join(root, 'test/fixtures/waiting-server.mjs');
  gateway = await startGateway(
    scratch.path,
    {
      dataDir: 'data',
      auth: {
        tokens: [
          { principal: 'a', tokens: ['env:A_TOKEN'] },
          { principal: 'b', tokens: ['env:B_TOKEN'] },
          { principal: 'ops', tokens: ['env:OPS_TOKEN'], roles: ['operator'] },
        ],
      },
      upstreams: {
        child: { command: process.execPath, args: [fixture, '--log', join(scratch.path, 'log')] },
      },
      policy: { rules: [{ id: 'all', match: {}, effect: 'allow' }] },
    },
    env,
  );
});

afterAll(async () => {
  await gateway?.stop();
  scratch.remove();
});

/** `ok`, or the sentence of the refusal. */
async function call(token: string): Promise<string> {
  const client = new SallyportClient({ baseUrl: gateway.baseUrl, token });
  return client.call({ tool: 'wait', arguments: { id: 'x', ms: 0 } }).then(
    () => 'ok',
    (refused: Error) => refused.message,
  );
}

async function cli(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await sallyport(scratch.path, ['kill', ...args], env);
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  return stdout;
}

it('a kill switch thrown in a terminal stops a running gateway for that caller, is seen, and is lifted', async () => {
  expect([await call(env.A_TOKEN), await call(env.B_TOKEN)]).toEqual(['ok', 'ok']);
  const thrown = JSON.parse(await cli('principal', 'a', '--reason', 'Incident 42.', '--json')) as {
    id: string;
  };
  await until('the gateway to know', async () => (await call(env.A_TOKEN)) !== 'ok', 2_000);
  expect(await call(env.A_TOKEN)).toBe(
    'An operator of the gateway has stopped all calls of this caller. The reason given: Incident 42. The call was not sent.',
  );
  expect(await call(env.B_TOKEN)).toBe('ok');
  expect(await (await fetch(`${gateway.baseUrl}/readyz`)).json()).toMatchObject({
    ready: true,
    checks: { kill_switches: { ok: false, reason: '1 thrown' } },
  });
  expect(await cli('list')).toContain('Incident 42.');
  await cli('lift', thrown.id);
  await until('the gateway to know', async () => (await call(env.A_TOKEN)) === 'ok', 2_000);
  expect(JSON.parse(await cli('list', '--json'))).toEqual({ kill_switches: [] });
});

it('a kill switch thrown over REST works at once, and only for those who may', async () => {
  const at = `${gateway.baseUrl}/v1/kill-switches`;
  const ask = (token: string, path = '', more: RequestInit = {}) =>
    fetch(`${at}${path}`, {
      ...more,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
  const post = (token: string, body: object) =>
    ask(token, '', { method: 'POST', body: JSON.stringify(body) });
  expect((await post(env.A_TOKEN, { scope: 'all', reason: 'x' })).status).toBe(403);
  for (const wrong of [
    { scope: 'all', name: 'a', reason: 'x' },
    { scope: 'tool', reason: 'x' },
    { scope: 'all' },
  ])
    expect((await post(env.OPS_TOKEN, wrong)).status, JSON.stringify(wrong)).toBe(400);

  const thrown = JSON.parse(
    await cli('tool', 'wait', '--reason', 'Wrong.', '--gateway', gateway.baseUrl, '--json'),
  ) as { id: string };
  expect(thrown).toMatchObject({ scope: 'tool', name: 'wait', by: 'ops', tenant: 'default' });
  expect(await call(env.A_TOKEN)).toContain('has stopped the tool "wait"');
  expect(await (await ask(env.OPS_TOKEN)).json()).toEqual({ count: 1, kill_switches: [thrown] });
  expect((await ask(env.OPS_TOKEN, '/none', { method: 'DELETE' })).status).toBe(404);
  await cli('lift', thrown.id, '--gateway', gateway.baseUrl);
  expect(await call(env.A_TOKEN)).toBe('ok');

  const own = (await (
    await post(env.OPS_TOKEN, { scope: 'principal', name: 'ops', reason: 'x' })
  ).json()) as {
    id: string;
  };
  expect((await ask(env.OPS_TOKEN, `/${own.id}`, { method: 'DELETE' })).status).toBe(403);
  expect((await post(env.OPS_TOKEN, { scope: 'all', reason: 'x' })).status).toBe(403);
  await cli('lift', own.id);
  const every = JSON.parse(await cli('all', '--reason', 'x', '--tenant', '*', '--json')) as { id: string };
  await until('the gateway to know', async () => (await call(env.B_TOKEN)) !== 'ok', 2_000);
  expect((await ask(env.OPS_TOKEN, `/${every.id}`, { method: 'DELETE' })).status).toBe(403);
  await cli('lift', every.id);
});

it('a kill switch says what is missing, and of no store makes one', async () => {
  const run = (args: string[], folder = scratch.path) => sallyport(folder, ['kill', ...args], env);
  expect((await run(['all'])).stderr).toContain('--reason');
  expect((await run(['lift', 'nothing'])).stderr).toContain('there is no such kill switch');
  const elsewhere = scratchFolder();
  const { code, stderr } = await run(['all', '--reason', 'x', '--data-dir', 'none'], elsewhere.path);
  expect([code, stderr.includes('found no store')]).toEqual([1, true]);
  elsewhere.remove();
});
