import { expect, it } from 'vitest';
import type { ConfigInput } from '../../../packages/contract/src/config.js';
import { type Asking, type Running, serve, start } from './layer-scene.js';

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
