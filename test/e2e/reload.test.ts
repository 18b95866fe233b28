import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ConfigInput } from '../../packages/contract/src/config.js';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { freePort, root, scratchFolder } from './gateway-process.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A 2026-07-28 server over HTTP that answers each call with its own name and the key it was given. */
async function startServer(name: string, tools: readonly string[]): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body) as {
        id: number;
        method: string;
        params: { name: string };
      };
      const text = `${name} ran ${params.name} with ${String(request.headers['x-key'])}`;
      const results: Record<string, object> = {
        'server/discover': {
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: {} },
          ttlMs: 0,
          cacheScope: 'private',
        },
        'tools/list': {
          tools: tools.map((tool) => ({ name: tool, inputSchema: { type: 'object' } })),
          ttlMs: 0,
          cacheScope: 'private',
        },
        'tools/call': { content: [{ type: 'text', text }] },
      };
      const result = { resultType: 'complete', ...results[method] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

interface Running {
  readonly gateway: Gateway;
  readonly reload: (config: ConfigInput, environment?: Record<string, string>) => Promise<void>;
  readonly call: (
    tool: string,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; text: string }>;
}

const token = 'Vq3uW8xk1nJt5rYz7pLb2mHc';
const auth = { tokens: [{ principal: 'agent-a', tokens: ['env:TOKEN'] }] };

async function start(config: ConfigInput): Promise<Running> {
  const folder = scratchFolder();
  ends.push(folder.remove);
  const load = (input: ConfigInput, environment: Record<string, string> = {}) =>
    configInMemory({ ...input, listen: { port: 0, ...input.listen } }, folder.path, {
      environment: { TOKEN: token, ...environment },
    });
  const gateway = await openGateway({
    config: await load(config),
    log: silent,
    clock: systemClock,
    mode: 'serve',
  });
  ends.push(() => gateway.stop('test'));
  const { url } = await gateway.start();
  return {
    gateway,
    reload: async (input, environment) => gateway.reload(await load(input, environment)),
    async call(tool, headers = { authorization: `Bearer ${token}` }) {
      const response = await fetch(`${url}/mcp`.replace('0.0.0.0', '127.0.0.1'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: tool, arguments: {} },
        }),
      });
      return { status: response.status, text: await response.text() };
    },
  };
}

it('a refused reload changes nothing: neither rules nor limits nor who may call', async () => {
  const url = await startServer('one', ['echo']);
  const { reload, call, gateway } = await start({
    auth,
    upstreams: { u: { url } },
    policy: { default: 'allow' },
  });
  const refused = reload({
    auth: { tokens: [] },
    upstreams: { u: { url } },
    limits: { concurrentCallsPerPrincipal: 1 },
    policy: { default: 'allow', rules: [{ id: 'typo', match: { tools: ['ecoh'] }, effect: 'deny' }] },
  });
  await expect(refused).rejects.toThrow('ecoh');
  const answers = await Promise.all([call('echo'), call('echo'), call('echo')]);
  expect(answers.map(({ text }) => text.includes('one ran echo'))).toEqual([true, true, true]);
  expect(gateway.readiness().checks.configuration).toMatchObject({ ok: false });
});

it('a reload cannot open a listener that others reach to callers without credentials', async () => {
  const url = await startServer('one', ['echo']);
  const upstreams = { u: { url } };
  const { reload, call } = await start({
    auth,
    listen: { host: '0.0.0.0' },
    upstreams,
    policy: { default: 'allow' },
  });
  const refused = reload({ auth: { mode: 'none' }, upstreams, policy: { default: 'allow' } });
  await expect(refused).rejects.toThrow('auth.mode');
  expect((await call('echo', {})).status).toBe(401);
});

it('a changed environment is in force after a reload', async () => {
  const url = await startServer('one', ['echo']);
  const config = {
    auth,
    upstreams: { u: { url, headers: { 'X-Key': 'env:KEY' } } },
    policy: { default: 'allow' },
  } as const;
  const { reload, call } = await start({ ...config, upstreams: { u: { url } } });
  await reload(config, { KEY: 'the-first-key' });
  await expect.poll(async () => (await call('echo')).text).toContain('[redacted]');
  await reload(
    { ...config, upstreams: { u: { url, headers: { 'X-Key': 'env:OTHER' } } } },
    { OTHER: 'the-second-key' },
  );
  await expect.poll(async () => (await call('echo')).text).toContain('[redacted]');
});

it('while a ban misses the tool it was meant for, nothing of that upstream may be called', async () => {
  const [one, two] = [await startServer('one', ['echo']), await startServer('two', ['other'])];
  const { reload, call, gateway } = await start({
    auth,
    upstreams: { u: { url: one } },
    policy: { default: 'allow' },
  });
  await reload({
    auth,
    upstreams: { u: { url: one }, late: { url: two } },
    policy: { default: 'allow', rules: [{ id: 'typo', match: { tools: ['late:ohter'] }, effect: 'deny' }] },
  });
  await expect.poll(async () => (await call('other')).text).toContain('do not fit the tools');
  expect((await call('echo')).text).toContain('one ran echo');
  expect(gateway.readiness().checks.policy).toMatchObject({ ok: false });
  const mended = [
    { id: 'ban', match: { tools: ['late:other'] }, effect: 'deny' as const, reason: 'Not this one.' },
  ];
  await reload({
    auth,
    upstreams: { u: { url: one }, late: { url: two } },
    policy: { default: 'allow', rules: mended },
  });
  expect((await call('other')).text).toContain('Not this one.');
});

it('a ban holds when another upstream offers a tool of the same name', async () => {
  const [one, two] = [await startServer('one', ['delete_file']), await startServer('two', ['delete_file'])];
  const policy = {
    rules: [
      { id: 'open', match: { upstreams: ['fs'] }, effect: 'allow' as const },
      { id: 'ban', match: { tools: ['delete_file'] }, effect: 'deny' as const },
    ],
  };
  const { reload, call } = await start({ auth, upstreams: { fs: { url: one } }, policy });
  expect((await call('delete_file')).text).toContain('ban');
  await reload({ auth, upstreams: { fs: { url: one }, evil: { url: two } }, policy });
  await expect.poll(async () => (await call('fs__delete_file')).text).toContain('ban');
});

it('stopping twice is stopping once', async () => {
  const { gateway } = await start({ auth, upstreams: {} });
  const [first, second] = [gateway.stop('one'), gateway.stop('two')];
  expect(first).toBe(second);
  await first;
});

it('a credential that is gone takes its upstream down with a reason, and it comes up again with it', async () => {
  const url = await startServer('one', ['echo']);
  const folder = scratchFolder();
  ends.push(folder.remove);
  const file = join(folder.path, 'key');
  writeFileSync(file, 'a-key-in-a-file', { mode: 0o600 });
  const upstreams = { u: { url, headers: { 'X-Key': `file:${file}` } } };
  const { call, gateway } = await start({ auth, upstreams, policy: { default: 'allow' } });
  expect((await call('echo')).text).toContain('one ran echo');
  rmSync(file);
  await expect.poll(async () => (await call('echo')).text, { timeout: 15_000 }).toContain('credential');
  await expect
    .poll(() => gateway.upstreams()[0])
    .toMatchObject({ state: 'down', reason: expect.stringContaining(file) });
  writeFileSync(file, 'a-key-in-a-file', { mode: 0o600 });
  await expect.poll(async () => (await call('echo')).text, { timeout: 15_000 }).toContain('one ran echo');
});

it('a call to a server that is up does not wait for one that hangs, and a list waits to be whole', async () => {
  const url = await startServer('one', ['echo']);
  const hung = createServer(() => {});
  await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    hung.closeAllConnections();
    hung.close();
  });
  const { port } = hung.address() as AddressInfo;
  const free = await freePort();
  const upstreams = {
    u: { url },
    hangs: { url: `http://127.0.0.1:${port}/mcp`, startTimeoutSeconds: 2, revision: '2026-07-28' as const },
  };
  const starting = start({ auth, listen: { port: free }, upstreams, policy: { default: 'allow' } });
  const steps: string[] = [];
  const ask = async (method: string, params: object) => {
    const response = await fetch(`http://127.0.0.1:${free}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    steps.push(method);
    return response.text();
  };
  await expect
    .poll(async () =>
      fetch(`http://127.0.0.1:${free}/livez`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);
  const list = ask('tools/list', {});
  expect(await ask('tools/call', { name: 'echo', arguments: {} })).toContain('one ran echo');
  expect(await list).toContain('"echo"');
  await starting;
  expect(steps).toEqual(['tools/call', 'tools/list']);
});

it('a gateway that is stopped while it starts or reloads leaves nothing behind', async () => {
  const folder = scratchFolder();
  ends.push(folder.remove);
  const child = { command: process.execPath, args: [join(root, 'test/fixtures/waiting-server.mjs')] };
  const config = await configInMemory({ listen: { port: 0 }, upstreams: { child } }, folder.path, {
    environment: {},
  });
  const options = { config, log: silent, clock: systemClock, mode: 'serve' } as const;
  const early = await openGateway(options);
  const starting = early.start();
  const stopped = early.stop('at once');
  await expect(starting).rejects.toThrow();
  await stopped;
  const late = await openGateway(options);
  await late.start();
  const pid = late.upstreams()[0]?.pid ?? 0;
  const stopping = late.stop('now');
  await expect(late.reload(config)).rejects.toThrow('stopping');
  await stopping;
  expect(() => process.kill(pid, 0)).toThrow();
});
