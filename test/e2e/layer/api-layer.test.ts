import { expect, it } from 'vitest';
import type { LayerFault } from '../../../packages/gateway/src/model/layer-fault.js';
import { until } from '../gateway-process.js';
import { recordsOf, rule, serve, start } from './layer-scene.js';

const edit = { by: 'olga', tenant: 'default' };

async function faultOf(change: Promise<unknown>): Promise<LayerFault> {
  return change.then(
    () => expect.unreachable('the change was taken'),
    (cause: unknown) => cause as LayerFault,
  );
}

it('a policy made while the gateway runs denies the next call, and its end lets calls pass again', async () => {
  const url = await serve('one', ['echo', 'wipe']);
  const { gateway, call } = await start({
    upstreams: { u: { url } },
    policy: { default: 'allow', rules: [{ id: 'all', match: { tools: ['echo', 'wipe'] }, effect: 'allow' }] },
  });
  expect(await call('wipe')).toContain('one ran wipe');
  const made = await gateway.layer.put({ kind: 'policy', name: 'no-wiping' }, rule('deny', 'wipe'), edit);
  expect(made).toMatchObject({
    version: 1,
    by: 'olga',
    revision: expect.stringMatching(/^sha256:/) as string,
  });
  const refused = await call('wipe');
  expect(refused).toContain('"code":"denied"');
  expect(refused).toContain('api:deny-wipe');
  expect(await call('echo')).toContain('one ran echo');
  await gateway.layer.remove({ kind: 'policy', name: 'no-wiping' }, edit);
  expect(await call('wipe')).toContain('one ran wipe');
  expect(await recordsOf(gateway, 'policy.changed')).toMatchObject([
    { name: 'no-wiping', change: 'added', by: 'olga', source: 'api', version: 1 },
    { name: 'no-wiping', change: 'removed', by: 'olga', version: 2 },
  ]);
});

it('what the layer allows never opens what a rule of the file denies', async () => {
  const url = await serve('one', ['echo', 'wipe', 'read']);
  const { gateway, call } = await start({
    upstreams: { u: { url } },
    policy: { rules: [{ id: 'never', match: { tools: ['wipe'] }, effect: 'deny' }] },
  });
  expect(await call('echo')).toContain('"code":"denied"');
  await gateway.layer.put({ kind: 'policy', name: 'open' }, rule('allow', 'echo', 'wipe'), edit);
  expect(await call('echo')).toContain('one ran echo');
  expect(await call('wipe')).toContain('"rule":"never"');
  expect(await call('read')).toContain('"code":"denied"');
});

it('a policy that cannot work is refused with every problem by its place, and the one before stays', async () => {
  const url = await serve('one', ['echo', 'wipe']);
  const { gateway, call } = await start({ upstreams: { u: { url } }, policy: { default: 'allow' } });
  await gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'wipe'), edit);
  const typo = await faultOf(
    gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'ecoh'), edit),
  );
  expect(typo.kind).toBe('invalid');
  expect(typo.problems).toMatchObject([
    { path: 'rules[0].match.tools', message: expect.stringContaining('did you mean "echo"') as string },
  ]);
  const shapes = await faultOf(
    gateway.layer.put(
      { kind: 'policy', name: 'guard' },
      {
        rules: [
          { id: 'a', effekt: 'deny', effect: 'stop', match: { tool: ['x'] } },
          { id: 'a', effect: 'deny' },
        ],
      },
      edit,
    ),
  );
  expect(shapes.problems.map(({ path }) => path).sort()).toEqual([
    'rules[0].effect',
    'rules[0].effekt',
    'rules[0].match.tool',
    'rules[1].id',
  ]);
  const haldir = await faultOf(
    gateway.layer.put({ kind: 'policy', name: 'h' }, { haldir: { type: 'block_tol', tool: 'echo' } }, edit),
  );
  expect(haldir.problems[0]).toMatchObject({
    path: 'haldir.type',
    message: expect.stringContaining('block_tool') as string,
  });
  expect(await call('wipe')).toContain('api:deny-wipe');
  expect(await call('echo')).toContain('one ran echo');
  expect(gateway.layer.history({ kind: 'policy', tenant: 'default', name: 'guard' })).toHaveLength(1);
  expect(await recordsOf(gateway, 'policy.rejected')).toMatchObject([{ name: 'guard', by: 'olga' }]);
});

it('a policy of Haldir is kept as what it stands for, and blocks', async () => {
  const url = await serve('one', ['echo', 'wipe']);
  const { gateway, call } = await start({ upstreams: { u: { url } }, policy: { default: 'allow' } });
  await gateway.layer.put(
    { kind: 'policy', name: 'pol_1' },
    { haldir: { type: 'block_tool', tool: 'wipe' } },
    edit,
  );
  expect(await call('wipe')).toContain('"rule":"api:pol_1"');
  expect(await call('echo')).toContain('one ran echo');
});

it('an upstream made over REST brings its tools, and takes them along when it is removed', async () => {
  const url = await serve('made', ['made_tool']);
  const { gateway, ask, call } = await start({ policy: { default: 'allow' } });
  await gateway.layer.put(
    { kind: 'upstream', name: 'made' },
    { url, headers: { 'x-key': 'env:UPSTREAM_KEY' } },
    edit,
  );
  await until('the upstream to be up', () => gateway.upstreams().some(({ state }) => state === 'up'));
  expect(await ask('tools/list')).toContain('made_tool');
  // The credential goes there, and is taken out of what comes back.
  expect(await call('made_tool')).toContain('made ran made_tool with [');
  await gateway.layer.remove({ kind: 'upstream', name: 'made' }, edit);
  expect(await ask('tools/list')).not.toContain('made_tool');
  expect(await recordsOf(gateway, 'upstream.added')).toMatchObject([{ upstream: 'made', by: 'olga' }]);
  expect(await recordsOf(gateway, 'upstream.removed')).toMatchObject([{ upstream: 'made', version: 2 }]);
});

it.each([
  [{ command: 'node', args: ['x.js'] }, 'command', 'starts a program'],
  [{ url: 'https://10.0.0.1/mcp' }, 'url', 'not allowed'],
  [{ url: 'https://169.254.169.254/mcp' }, 'url', 'not allowed'],
  [{ url: 'https://user:pw@example.com/mcp' }, 'url', 'secret'],
  [{ url: 'https://example.com/mcp?api_key=abc' }, 'url', 'secret'],
  [{ url: 'ftp://example.com/' }, 'url', 'http'],
  [
    { url: 'https://example.com/', headers: { authorization: 'Bearer abc' } },
    'headers.authorization',
    'not kept',
  ],
  [{ url: 'https://example.com/', headers: { 'x-key': 'env:AGENT' } }, 'headers.x-key', 'env:AGENT'],
  [{ url: 'https://example.com/', headers: { 'x-key': 'file:/etc/passwd' } }, 'headers.x-key', 'file:/etc'],
  [{ url: 'https://example.com/', headrs: {} }, 'headrs', 'did you mean "headers"'],
  [{ url: 'https://example.com/', headers: { host: 'x' } }, 'headers.host', 'writes itself'],
])('an upstream is refused that would reach or reveal what it must not: %j', async (body, path, words) => {
  const { gateway } = await start({});
  const fault = await faultOf(gateway.layer.put({ kind: 'upstream', name: 'made' }, body, edit));
  expect(fault.problems).toMatchObject([{ path, message: expect.stringContaining(words) as string }]);
  expect(gateway.upstreams()).toEqual([]);
});

it('plain http and addresses of this network are refused where the file does not allow them', async () => {
  const url = await serve('made', ['made_tool']);
  const { gateway } = await start({ apiLayer: {} });
  const fault = await faultOf(gateway.layer.put({ kind: 'upstream', name: 'made' }, { url }, edit));
  expect(fault.problems[0]?.message).toContain('https://');
});

it('a name that resolves to an address of this network is not connected to', async () => {
  const { gateway } = await start({ apiLayer: { plainHttp: true } });
  const { port } = new URL(await serve('made', ['made_tool']));
  await gateway.layer.put({ kind: 'upstream', name: 'made' }, { url: `http://localhost:${port}/mcp` }, edit);
  await until('the upstream to be down', () => gateway.upstreams()[0]?.state === 'down');
  expect(gateway.upstreams()[0]?.reason).toContain('loopback');
});

it('an upstream that rules still name is not removed, and one of the file is not taken', async () => {
  const [mine, made] = [await serve('one', ['echo']), await serve('made', ['made_tool'])];
  const { gateway, call } = await start({ upstreams: { mine: { url: mine } }, policy: { default: 'allow' } });
  expect(
    (await faultOf(gateway.layer.put({ kind: 'upstream', name: 'mine' }, { url: made }, edit))).kind,
  ).toBe('read_only');
  expect((await faultOf(gateway.layer.remove({ kind: 'upstream', name: 'mine' }, edit))).kind).toBe(
    'read_only',
  );
  await gateway.layer.put({ kind: 'upstream', name: 'made' }, { url: made }, edit);
  await until('the upstream to be up', () => gateway.upstreams().every(({ state }) => state === 'up'));
  await gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'made:made_tool'), edit);
  const fault = await faultOf(gateway.layer.remove({ kind: 'upstream', name: 'made' }, edit));
  expect(fault.problems).toMatchObject([{ path: 'policies.guard.rules[0].match.tools' }]);
  expect(await call('made_tool')).toContain('api:deny-made');
});

it('a restart and a reload of the file keep what was made; the file may take an id over', async () => {
  const [mine, made] = [await serve('one', ['echo']), await serve('made', ['made_tool'])];
  const config = { upstreams: { mine: { url: mine } }, policy: { default: 'allow' as const } };
  const first = await start(config);
  await first.gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'echo'), edit);
  await first.gateway.layer.put({ kind: 'upstream', name: 'made' }, { url: made }, edit);
  await first.reload({ ...config, limits: { concurrentCallsPerPrincipal: 7 } });
  expect(await first.call('echo')).toContain('api:deny-echo');
  await first.stop();
  const second = await start(config);
  expect(await second.call('echo')).toContain('api:deny-echo');
  expect(await second.ask('tools/list')).toContain('made_tool');
  const other = await serve('other', ['other_tool']);
  await second.reload({ ...config, upstreams: { mine: { url: mine }, made: { url: other } } });
  await until('the tools of the file', async () => (await second.ask('tools/list')).includes('other_tool'));
  expect(await second.ask('tools/list')).not.toContain('made_tool');
});

it('every gateway on a data directory works with what was made over any of them', async () => {
  const url = await serve('one', ['echo']);
  const config = { upstreams: { u: { url } }, policy: { default: 'allow' as const } };
  const [one, other] = [await start(config), await start(config)];
  await one.gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'echo'), edit);
  await until('the other gateway to deny', async () => (await other.call('echo')).includes('api:deny-echo'));
  await other.gateway.layer.remove({ kind: 'policy', name: 'guard' }, edit);
  await until('the first gateway to allow', async () => (await one.call('echo')).includes('one ran echo'));
});

it('a change is only made of what it was meant for, and any version can be gone back to', async () => {
  const url = await serve('one', ['echo', 'wipe']);
  const { gateway, call } = await start({ upstreams: { u: { url } }, policy: { default: 'allow' } });
  const { layer } = gateway;
  const first = await layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'echo'), {
    ...edit,
    only: 'new',
  });
  expect(
    (
      await faultOf(
        layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'wipe'), { ...edit, only: 'new' }),
      )
    ).kind,
  ).toBe('exists');
  const racing = ['a', 'b'].map((note) =>
    layer.put({ kind: 'policy', name: 'guard' }, rule('deny', note === 'a' ? 'wipe' : 'echo', 'u:wipe'), {
      ...edit,
      note,
      only: [first.revision],
    }),
  );
  const ended = await Promise.allSettled(racing);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((ended.find(({ status }) => status === 'rejected') as { reason: LayerFault }).reason.kind).toBe(
    'changed',
  );
  expect(await call('wipe')).toContain('"code":"denied"');
  const back = await layer.rollBack({ kind: 'policy', name: 'guard' }, 1, edit);
  expect(back).toMatchObject({ version: 3, revision: first.revision, note: 'back to version 1' });
  expect(await call('echo')).toContain('api:deny-echo');
  expect(await call('wipe')).toContain('one ran wipe');
  await layer.remove({ kind: 'policy', name: 'guard' }, edit);
  expect((await faultOf(layer.rollBack({ kind: 'policy', name: 'guard' }, 4, edit))).kind).toBe('unknown');
  await layer.rollBack({ kind: 'policy', name: 'guard' }, 3, edit);
  expect(await call('echo')).toContain('api:deny-echo');
  const versions = layer.history({ kind: 'policy', tenant: 'default', name: 'guard' });
  expect(versions.map(({ version, content }) => [version, content !== undefined])).toEqual([
    [5, true],
    [4, false],
    [3, true],
    [2, true],
    [1, true],
  ]);
});

it('what one tenant makes is not there for the callers of another', async () => {
  const [mine, made] = [await serve('one', ['echo']), await serve('made', ['made_tool'])];
  const { gateway, ask, call } = await start({
    upstreams: { mine: { url: mine } },
    policy: { default: 'allow' },
  });
  const acme = { by: 'otto', tenant: 'acme' };
  await gateway.layer.put({ kind: 'policy', name: 'guard' }, rule('deny', 'echo'), acme);
  await gateway.layer.put({ kind: 'upstream', name: 'made' }, { url: made }, acme);
  await until('the upstream to be up', () => gateway.upstreams().every(({ state }) => state === 'up'));
  expect(await call('echo')).toContain('one ran echo');
  expect(await ask('tools/list')).not.toContain('made_tool');
  expect(await call('made_tool')).toContain('-32602');
  expect(gateway.layer.list('policy', 'default')).toEqual([]);
  expect((await faultOf(gateway.layer.remove({ kind: 'policy', name: 'guard' }, edit))).kind).toBe('unknown');
});
