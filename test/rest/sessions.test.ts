import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRestGateway, type RestGateway } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  gateway = await openRestGateway();
});
afterAll(() => gateway.close());

const create = (body: object, as: 'agent' | 'all' = 'agent', headers: Record<string, string> = {}) =>
  gateway.ask('/v1/sessions', { method: 'POST', as, body: { agent_id: 'bot', ...body }, headers });

describe('a session over REST', () => {
  it('is made as it is asked for, and shown with what is left of its budget', async () => {
    const made = await create({ scopes: ['read', 'browse', 'spend:25'], ttl: 3600, labels: { team: 'red' } });
    const { session_id: token, id, expires_at, expires_at_unix } = made.body;
    expect([made.status, made.body.agent_id, made.body.scopes]).toEqual([
      201,
      'bot',
      ['read', 'browse', 'spend:25'],
    ]);
    expect(token).toMatch(/^ses_[\w-]{32}$/);
    expect(expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(expires_at) / 1000).toBe(expires_at_unix);
    const shown = await gateway.ask(`/v1/sessions/${token}`, { as: 'agent' });
    expect([shown.status, shown.body]).toMatchObject([
      200,
      { id, session_id: token, is_valid: true, spent: '0', remaining_budget: '25', labels: { team: 'red' } },
    ]);
    const byName = await gateway.ask(`/v1/sessions/${id}`, { as: 'auditor' });
    expect([byName.status, JSON.stringify(byName.body).includes(token)]).toEqual([200, false]);
  });

  it('of somebody else, revoked or never made is not there, all alike', async () => {
    const { body } = await create({});
    const ended = await gateway.ask(`/v1/sessions/${body.session_id}`, { method: 'DELETE', as: 'agent' });
    expect([ended.status, ended.body]).toEqual([200, { revoked: true, session_id: body.session_id }]);
    const other = (await create({}, 'all')).body;
    const answers = await Promise.all(
      [body.session_id, other.session_id, other.id, 'none'].flatMap((id) => [
        gateway.ask(`/v1/sessions/${id}`, { as: 'agent' }),
        gateway.ask(`/v1/sessions/${id}`, { method: 'DELETE', as: 'agent' }),
        gateway.ask(`/v1/sessions/${id}/check`, { method: 'POST', as: 'agent', body: { scope: 'read' } }),
      ]),
    );
    expect(answers.map((answer) => [answer.status, answer.body.detail])).toEqual(
      answers.map(() => [404, 'There is no such session, or it is over.']),
    );
    expect((await gateway.ask(`/v1/sessions/${other.session_id}`, { as: 'all' })).status).toBe(200);
  });

  it('says whether it has a scope, and so much left to spend', async () => {
    const { body } = await create({ scopes: ['read', 'spend:5'] });
    const path = `/v1/sessions/${body.session_id}/check`;
    const check = async (scope: string) =>
      (await gateway.ask(path, { method: 'POST', as: 'agent', body: { scope } })).body.allowed as boolean;
    expect([
      await check('read'),
      await check('write'),
      await check('spend:5'),
      await check('spend:5.01'),
    ]).toEqual([true, false, true, false]);
    expect((await gateway.ask(path, { method: 'POST', as: 'agent', body: { scope: 'reed' } })).status).toBe(
      400,
    );
  });

  it.each([
    [{ scopes: ['reed'] }, 'scopes'],
    [{ scopes: ['spend:-1'] }, 'scopes'],
    [{ ttl: 0 }, 'ttl'],
    [{ ttl: 2_592_001 }, 'ttl'],
    [{ spend_limit: -1 }, 'spend_limit'],
    [{ agent_id: '' }, 'agent_id'],
  ])('is not made of %j, and the place is named', async (body, path) => {
    const { status, body: problem } = await create(body);
    expect([status, problem.code, problem.errors[0].path.split(/[.[]/)[0]]).toEqual([
      400,
      'invalid_body',
      path,
    ]);
  });

  it('makes only others that can do no more, for whoever works in one', async () => {
    const parent = (await create({ scopes: ['read', 'spend:10'] })).body;
    const inParent = { 'Sallyport-Session': parent.session_id as string };
    const child = await create({ scopes: ['read'] }, 'agent', inParent);
    expect(child.status).toBe(201);
    expect((await gateway.ask(`/v1/sessions/${child.body.id}`, { as: 'agent' })).body).toMatchObject({
      parent: parent.id,
      remaining_budget: '10',
    });
    expect((await create({ scopes: ['write'] }, 'agent', inParent)).status).toBe(400);
    expect((await create({ parent: parent.session_id, scopes: ['spend:11'] })).status).toBe(400);
    await gateway.ask(`/v1/sessions/${parent.id}`, { method: 'DELETE', as: 'admin' });
    expect((await gateway.ask(`/v1/sessions/${child.body.session_id}`, { as: 'agent' })).status).toBe(404);
    const late = await create({}, 'agent', inParent);
    expect([late.status, late.body.code]).toEqual([401, 'session_invalid']);
  });

  it('cannot be left for another of the same key, nor be used by its id', async () => {
    const narrow = (await create({ scopes: ['read'] })).body;
    const wide = (await create({ scopes: ['admin', 'spend:10'] })).body;
    const inNarrow = { 'Sallyport-Session': narrow.session_id as string };
    const inside = (await create({}, 'agent', inNarrow)).body;
    const asked = async (path: string, body: object, headers = {}) =>
      (await gateway.ask(path, { method: 'POST', as: 'agent', body, headers })).body.code as string;
    const out = { parent: wide.session_id, agent_id: 'bot' };
    const call = { tool: 'none', session_id: wide.session_id };
    const payment = { session_id: wide.session_id, amount: 1 };
    expect([
      await asked('/v1/sessions', out, inNarrow),
      await asked('/v1/proxy/call', call, inNarrow),
      await asked('/v1/payments/authorize', payment, inNarrow),
      await asked('/v1/sessions', { parent: wide.id, agent_id: 'bot' }),
      await asked('/v1/proxy/call', { ...call, session_id: wide.id }),
      await asked('/v1/payments/authorize', { ...payment, session_id: wide.id }),
      await asked('/v1/sessions', { agent_id: 'bot' }, { 'Sallyport-Session': wide.id }),
    ]).toEqual(Array.from({ length: 7 }, () => 'session_invalid'));
    expect(await asked('/v1/proxy/call', { ...call, session_id: inside.session_id }, inNarrow)).toBe(
      'unknown_target',
    );
    const deeper = await create({ parent: inside.session_id, scopes: ['read'] }, 'agent', inNarrow);
    expect(deeper.status).toBe(201);
  });

  it('is listed for its key, for operators with all others, in pages', async () => {
    const own = (await create({})).body;
    const others = (await create({}, 'all')).body;
    const ids = async (as: 'agent' | 'operator', query = '') =>
      ((await gateway.ask(`/v1/sessions${query}`, { as })).body.sessions as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await ids('agent')).toContain(own.id);
    expect(await ids('agent')).not.toContain(others.id);
    expect(await ids('operator')).toEqual(expect.arrayContaining([own.id, others.id]));
    const first = await gateway.ask('/v1/sessions?limit=1', { as: 'operator' });
    expect(await ids('operator', `?limit=1&cursor=${first.body.next_cursor}`)).toEqual([own.id]);
    await gateway.ask(`/v1/sessions/${own.id}`, { method: 'DELETE', as: 'operator' });
    expect(await ids('agent')).not.toContain(own.id);
    expect(await ids('agent', '?state=all')).toContain(own.id);
  });

  it('is made once for an Idempotency-Key, and the key of X-API-Key counts as any other', async () => {
    const headers = { 'Idempotency-Key': 'once', 'X-API-Key': `agent-${'t'.repeat(32)}` };
    const ask = () => gateway.ask('/v1/sessions', { method: 'POST', body: { agent_id: 'twice' }, headers });
    const [one, again] = [await ask(), await ask()];
    expect([again.status, again.body.session_id]).toEqual([201, one.body.session_id]);
  });

  it('authorizes payments as far as its budget goes', async () => {
    const pay = (body: object) =>
      gateway.ask('/v1/payments/authorize', { method: 'POST', as: 'agent', body });
    const types = async (type: string) =>
      (await gateway.ask(`/v1/audit/records?type=${type}`, { as: 'auditor' })).body.count as number;
    const refusedBefore = await types('payment.refused');
    const { session_id } = (await create({ scopes: ['read', 'spend:10'] })).body;
    const paid = await pay({ session_id, amount: 7.5, currency: 'USD', description: 'a lamp' });
    expect([paid.status, paid.body]).toMatchObject([
      200,
      {
        authorized: true,
        authorization_id: expect.stringMatching(/^auth_/),
        amount: '7.5',
        remaining_budget: '2.5',
      },
    ]);
    const refused = await pay({ session_id, amount: '2.51' });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'budget_exhausted', authorized: false },
    ]);
    expect((await gateway.ask(`/v1/sessions/${session_id}`, { as: 'agent' })).body.spent).toBe('7.5');
    const readOnly = (await create({ scopes: ['read'] })).body;
    expect((await pay({ session_id: readOnly.session_id, amount: 1 })).body.code).toBe('scope_missing');
    expect((await pay({ amount: 1 })).status).toBe(401);
    for (const amount of [0, -1, 1_000_001, '1e3'])
      expect((await pay({ session_id, amount })).status).toBe(400);
    expect(await types('payment.authorized')).toBe(1);
    expect((await types('payment.refused')) - refusedBefore).toBe(3);
  });
});

it('parallel payments never take more than there is', async () => {
  const { session_id } = (await create({ scopes: ['spend:10'] })).body;
  const body = { session_id, amount: '1' };
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      gateway.ask('/v1/payments/authorize', { method: 'POST', as: 'agent', body }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  expect((await gateway.ask(`/v1/sessions/${session_id}`, { as: 'agent' })).body.remaining_budget).toBe('0');
});
