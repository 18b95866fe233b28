import { expect, it } from 'vitest';
import type { ConfigInput } from '../../../packages/contract/src/config.js';
import { until } from '../gateway-process.js';
import { type Asking, type Running, recordsOf, serve, start } from './layer-scene.js';

const roles = ['agent', 'auditor', 'operator', 'admin', 'approver'] as const;
/** Ann of acme and Bob of bcorp may do everything in their tenants. */
const auth: ConfigInput['auth'] = {
  tokens: [
    { principal: 'ann', tenant: 'acme', roles: [...roles], tokens: ['env:AGENT'] },
    { principal: 'bob', tenant: 'bcorp', roles: [...roles], tokens: ['env:OPERATOR'] },
  ],
};
const allowLook = { id: 'looks', match: { tools: ['look'] }, effect: 'allow' as const };

const asAnn = (body?: unknown): Asking => ({ as: 'agent', body });
const asBob = (body?: unknown): Asking => ({ as: 'operator', body });

async function sessionOf({ rest }: Running): Promise<string> {
  const body = { agent_id: 'a', scopes: ['read', 'write', 'execute', 'spend:50'] };
  return (await rest('POST /v1/sessions', asAnn(body))).body.session_id;
}

/** Ann calls in a session; what is left of a refusal is its code. */
function caller({ rest }: Running, session_id: string) {
  return async (tool: string, args: object = {}) => {
    const { status, body } = await rest('POST /v1/proxy/call', asAnn({ tool, session_id, arguments: args }));
    return status === 200 ? 'ran' : (body.code as string);
  };
}

async function toolsOf({ rest }: Running, asking: Asking): Promise<string[]> {
  const { body } = await rest('GET /v1/proxy/tools', asking);
  return body.tools.map(({ name }: { name: string }) => name);
}

it('an upstream that another tenant makes renames no tool of the file, lifts no budget and starts no counter anew', async () => {
  const running = await start({
    auth,
    upstreams: { tools: { url: await serve('file', ['look', 'peek', 'bb__extra']) } },
    prices: [{ tools: ['look'], cost: '1' }],
    policy: {
      default: 'deny',
      rules: [
        { ...allowLook, match: { tools: ['look', 'peek'] } },
        {
          id: 'daily',
          match: { tools: ['*'] },
          effect: 'limit',
          limits: [{ kind: 'budget', max: '2', window: 'day', per: [], cost: { price: true } }],
        },
        {
          id: 'peeks',
          match: { tools: ['peek'] },
          effect: 'limit',
          limits: [
            { kind: 'rate', max: 1, windowSeconds: 3600, per: ['target'] },
            { kind: 'repeat', max: 1, windowSeconds: 3600 },
          ],
        },
      ],
    },
  });
  const call = caller(running, await sessionOf(running));
  expect([await call('look'), await call('look'), await call('look')]).toEqual([
    'ran',
    'ran',
    'budget_exhausted',
  ]);
  expect([await call('peek'), await call('peek')]).toEqual(['ran', 'rate_limited']);
  const url = await serve('bobs', ['look', 'PEEK', 'extra']);
  expect((await running.rest('POST /v1/upstreams', asBob({ id: 'bb', url }))).status).toBe(201);
  expect(await toolsOf(running, asAnn())).toEqual(['look', 'peek']);
  expect([await call('look'), await call('peek')]).toEqual(['budget_exhausted', 'rate_limited']);
  await running.rest(
    'PUT /v1/policies/mine',
    asBob({ rules: [{ id: 'all', match: { tools: ['*'] }, effect: 'allow' }] }),
  );
  expect(await toolsOf(running, asBob())).toEqual(
    expect.arrayContaining(['look', 'bb__look', 'peek', 'bb__PEEK', 'bb__extra']),
  );
});

it('a tool is priced, counted and scoped by its own name, whatever it is called by', async () => {
  const [one, other] = [await serve('one', ['look', 'pay']), await serve('other', ['look'])];
  const running = await start({
    auth,
    names: { prefix: 'always' },
    upstreams: { one: { url: one }, other: { url: other } },
    sessions: { scopes: [{ tools: ['pay'], scope: 'delete' }] },
    prices: [{ tools: ['look'], cost: '1' }],
    policy: {
      default: 'allow',
      rules: [
        {
          id: 'daily',
          match: { tools: ['*'] },
          effect: 'limit',
          limits: [{ kind: 'budget', max: '2', window: 'day', per: [], cost: { price: true } }],
        },
      ],
    },
  });
  const call = caller(running, await sessionOf(running));
  expect(await call('one__pay')).toBe('scope_missing');
  expect([await call('one__look'), await call('other__look'), await call('one__look')]).toEqual([
    'ran',
    'ran',
    'budget_exhausted',
  ]);
});

/** Bob has a server of his own and a rule about one of its tools; then the server drops that tool. */
async function bobsRuleMisses(running: Running, effect: 'allow' | 'deny', tool: string) {
  const tools = ['secret-project-x', 'pay'];
  const url = await serve('bobs', tools);
  expect((await running.rest('POST /v1/upstreams', asBob({ id: 'bcorp-crm', url }))).status).toBe(201);
  const policy = { rules: [{ id: 'pays', match: { tools: [tool] }, effect }] };
  expect((await running.rest('PUT /v1/policies/bp', asBob(policy))).status).toBe(201);
  tools.pop();
  expect((await running.rest('PUT /v1/upstreams/bcorp-crm', asBob({ url: `${url}?again` }))).status).toBe(
    200,
  );
  await until('the rule to miss', async () =>
    (await recordsOf(running.gateway, 'policy.rejected')).some(({ tenant }) => tenant === 'bcorp'),
  );
}

const oneTool = async (): Promise<Partial<ConfigInput>> => ({
  auth,
  upstreams: { tools: { url: await serve('file', ['look']) } },
  policy: { default: 'deny', rules: [{ ...allowLook, match: { tools: ['tools:look'] } }] },
});

it("what a tenant's rule misses is in doubt for that tenant alone", async () => {
  const running = await start(await oneTool());
  const { rest } = running;
  await bobsRuleMisses(running, 'deny', 'pay');
  expect(await caller(running, await sessionOf(running))('look')).toBe('ran');
  const asked = { agent_id: 'b', scopes: ['read', 'execute'] };
  const { session_id } = (await rest('POST /v1/sessions', asBob(asked))).body;
  const refused = await rest('POST /v1/proxy/call', asBob({ tool: 'look', session_id, arguments: {} }));
  expect([refused.status, refused.body.code]).toEqual([403, 'denied']);
  expect(refused.body.detail).toContain('do not fit');
  const rejected = await recordsOf(running.gateway, 'policy.rejected');
  expect(rejected.filter(({ tenant }) => tenant !== 'bcorp')).toEqual([]);
});

it("no upstream of a tenant makes good, hides or suspends what is wrong between the file's rules and its upstreams", async () => {
  const tools = ['look', 'wipe'];
  const url = await serve('file', tools);
  const running = await start({
    auth,
    upstreams: { tools: { url } },
    policy: { default: 'allow', rules: [{ id: 'ban', match: { tools: ['wipe'] }, effect: 'deny' }] },
  });
  const bobs = await serve('bobs', ['wipe']);
  await running.rest('POST /v1/upstreams', asBob({ id: 'has-it', url: bobs }));
  await running.rest('POST /v1/upstreams', asBob({ id: 'is-down', url: 'http://127.0.0.1:1/mcp' }));
  const call = caller(running, await sessionOf(running));
  expect(await call('look')).toBe('ran');
  tools[1] = 'erase';
  const moved = { upstreams: { tools: { url: `${url}?again` } } };
  const policy = {
    default: 'allow' as const,
    rules: [{ id: 'ban', match: { tools: ['wipe'] }, effect: 'deny' as const }],
  };
  await running.reload({ auth, ...moved, policy });
  await until('the new list', () =>
    running.gateway.upstreams().some(({ id, state }) => id === 'tools' && state === 'up'),
  );
  expect([await call('look'), await call('erase')]).toEqual(['denied', 'denied']);
});

it("a tenant's rule that does not fit stops no change of others, no reload, no repair and no start", async () => {
  const config = await oneTool();
  const running = await start(config);
  const { rest, reload } = running;
  await bobsRuleMisses(running, 'allow', 'bcorp-crm:pay');
  const stop = { rules: [{ id: 'stop', match: { tools: ['tools:look'] }, effect: 'deny' }] };
  expect((await rest('PUT /v1/policies/mine', asAnn(stop))).status).toBe(201);
  expect((await rest('DELETE /v1/policies/mine', asAnn())).status).toBe(204);
  const other = { rules: [{ id: 'r', match: { tools: ['tools:look'] }, effect: 'allow' }] };
  expect((await rest('PUT /v1/policies/other', asBob(other))).status).toBe(201);
  await reload({ ...config, limits: { concurrentCallsPerPrincipal: 7 } });
  await running.stop();
  const again = await start(config);
  expect(await caller(again, await sessionOf(again))('look')).toBe('ran');
  const stillWrong = { id: 'pays', match: { tools: ['bcorp-crm:pay'], principals: ['b*'] }, effect: 'allow' };
  const edited = await again.rest('PUT /v1/policies/bp', asBob({ rules: [stillWrong] }));
  expect([edited.status, edited.body.errors[0].path]).toEqual([422, 'rules[0].match.tools']);
  expect((await again.rest('DELETE /v1/upstreams/bcorp-crm', asBob())).status).toBe(204);
  expect((await again.rest('DELETE /v1/policies/bp', asBob())).status).toBe(204);
});

it("a changed file is in force beside a tenant's rule that it leaves without its upstream; that tenant is denied", async () => {
  const config = await oneTool();
  const running = await start(config);
  const guard = {
    rules: [{ id: 'never', match: { upstreams: ['tools'] }, effect: 'deny', when: 'principal.id == "x"' }],
  };
  expect((await running.rest('PUT /v1/policies/guard', asBob(guard))).status).toBe(201);
  const renamed = {
    ...config,
    upstreams: { renamed: { url: await serve('file', ['look']) } },
    policy: { default: 'allow' as const },
  };
  await running.reload(renamed);
  await until('the tools', async () => (await toolsOf(running, asAnn())).includes('renamed__look'));
  expect(await toolsOf(running, asBob())).toEqual([]);
  await running.stop();
  const again = await start(renamed);
  expect([await toolsOf(again, asAnn()), await toolsOf(again, asBob())]).toEqual([['look'], []]);
});

it('what is wrong with a policy tells nothing of what other tenants have', async () => {
  const running = await start(await oneTool());
  const { rest } = running;
  await bobsRuleMisses(running, 'allow', 'bcorp-crm:pay');
  const wrong = [
    { tools: ['nosuchtool'] },
    { upstreams: ['nosuch'] },
    { tools: ['bcorp-crm:secret-project-x'] },
    { tools: ['secret-project-x'] },
  ];
  for (const match of wrong) {
    const body = { rules: [{ id: 'r', match, effect: 'deny' }] };
    const answer = await rest('PUT /v1/policies/p', asAnn(body));
    expect([answer.status, answer.body.errors.length]).toEqual([422, 1]);
    const told = JSON.stringify(answer.body).replaceAll(
      JSON.stringify(Object.values(match)[0]?.[0]).slice(1, -1),
      '',
    );
    expect(told).not.toMatch(/bcorp|secret-project|pays|"bp"/);
  }
});

it('whoever takes an id that another tenant had learns nothing of the server before', async () => {
  const running = await start({ ...(await oneTool()), pins: { firstSight: 'trust' } });
  const { rest } = running;
  const pinsOf = async (asking: Asking): Promise<string[]> => {
    const { body } = await rest('GET /v1/pins?upstream=crm', asking);
    return body.pins.map(({ name }: { name: string }) => name);
  };
  await rest('POST /v1/upstreams', asBob({ id: 'crm', url: await serve('bobs', ['secret-project-x']) }));
  await until('the pin', async () => (await pinsOf(asBob())).includes('secret-project-x'));
  expect((await rest('DELETE /v1/upstreams/crm', asBob())).status).toBe(204);
  const kept = await rest('PUT /v1/upstreams/crm', asBob({ url: await serve('bobs', []) }));
  expect([kept.status, await pinsOf(asBob())]).toEqual([200, ['secret-project-x']]);
  await rest('DELETE /v1/upstreams/crm', asBob());
  await rest('POST /v1/upstreams', asAnn({ id: 'crm', url: await serve('anns', ['find']) }));
  await until('the pin', async () => (await pinsOf(asAnn())).includes('find'));
  expect(await pinsOf(asAnn())).toEqual(['find']);
  expect(await pinsOf(asBob())).toEqual([]);
});
