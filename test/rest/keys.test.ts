import { afterAll, beforeAll, expect, it } from 'vitest';
import { sallyport } from '../e2e/gateway-process.js';
import { openRestGateway, type RestGateway, tokenOf } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  gateway = await openRestGateway();
});
afterAll(() => gateway.close());

const made = (body: object, headers = {}) =>
  gateway.ask('/v1/keys', { method: 'POST', as: 'admin', body, headers });
const withKey = (key: string) => ({ Authorization: `Bearer ${key}` });

it('makes a key that works at once, shows it once, and lists it ever after without it', async () => {
  const { status, body } = await made({
    principal: 'bot',
    roles: ['auditor'],
    scopes: ['audit:read', 'keys:read'],
    labels: { team: 'x' },
    expires_in_seconds: 3600,
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: 'bot', principal: 'bot', roles: ['auditor'], labels: { team: 'x' } });
  expect(body).toMatchObject({ scopes: ['audit:read', 'keys:read'], state: 'active', revoked: false });
  expect(body.key.startsWith(`${body.prefix}_`)).toBe(true);
  expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(3_600_000);
  const listed = await gateway.ask('/v1/keys', { headers: withKey(body.key) });
  expect(listed.status).toBe(200);
  const own = listed.body.keys.find((key: { id: string }) => key.id === body.id);
  expect(own).toMatchObject({ principal: 'bot', prefix: body.prefix });
  expect(JSON.stringify(listed.body)).not.toContain(body.key);
  const one = await gateway.ask(`/v1/keys/${body.prefix}`, { as: 'auditor' });
  expect([one.status, one.body.id]).toEqual([200, body.id]);
});

it('takes the names that Haldir documents', async () => {
  const { status, body } = await made({ name: 'research-bot', scopes: ['*'], tier: 'pro' });
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: 'research-bot', scopes: ['*'], message: expect.any(String) });
  const gone = await gateway.ask(`/v1/keys/${body.prefix}`, { method: 'DELETE', as: 'admin' });
  expect([gone.status, gone.body.revoked]).toEqual([200, true]);
  const again = await gateway.ask(`/v1/keys/${body.id}`, { method: 'DELETE', as: 'admin' });
  expect([again.status, again.body.code]).toEqual([409, 'conflict']);
});

it.each([
  [{}, 'principal'],
  [{ principal: 'a b' }, 'principal'],
  [{ principal: 'a', name: 'b' }, 'name'],
  [{ principal: 'a', roles: ['root'] }, 'roles'],
  [{ principal: 'a', scopes: ['sessions:fly'] }, 'scopes'],
  [{ principal: 'a', expires_in_seconds: 0 }, 'expires_in_seconds'],
  [{ principal: 'a', expires_in_seconds: 'ever' }, 'expires_in_seconds'],
])('refuses %j and says where', async (body, path) => {
  const answer = await made(body);
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_body']);
  expect(answer.body.errors[0].path).toMatch(new RegExp(`^${path}`));
});

it('makes keys that only call tools, and those that may not', async () => {
  const call = async (scopes: string[]) => {
    const { body } = await made({ principal: 'caller', scopes });
    const asked = { method: 'POST', headers: withKey(body.key), body: { tool: 'any' } };
    return (await gateway.ask('/v1/proxy/call', asked)).body.code as string;
  };
  expect([await call(['tools:call']), await call(['*:write'])]).toEqual(['invalid_body', 'scope_missing']);
});

it('makes one key of two requests with the same Idempotency-Key, which both get', async () => {
  const key = { 'Idempotency-Key': 'make-once' };
  const [one, two] = [await made({ principal: 'once' }, key), await made({ principal: 'once' }, key)];
  expect(two.body).toEqual(one.body);
  expect(two.headers.get('idempotency-replayed')).toBe('true');
  const { body } = await gateway.ask('/v1/keys?limit=1000', { as: 'admin' });
  expect(body.keys.filter(({ principal }: { principal: string }) => principal === 'once')).toHaveLength(1);
});

it('replaces a key, with both working for a while, but not a third', async () => {
  const { body: old } = await made({ principal: 'turning' });
  const path = `/v1/keys/${old.id}/rotate`;
  const rotated = await gateway.ask(path, { method: 'POST', as: 'admin', body: { overlap_seconds: 60 } });
  expect([rotated.status, rotated.body.rotated_from]).toEqual([201, old.id]);
  for (const key of [old.key, rotated.body.key])
    expect((await gateway.ask('/v1/tools', { headers: withKey(key) })).status).toBe(200);
  const third = await gateway.ask(path, { method: 'POST', as: 'admin' });
  expect([third.status, third.body.code]).toEqual([409, 'conflict']);
});

it('lets the holder of a key look at it and end it, and at no other', async () => {
  const { body: own } = await made({ principal: 'self' });
  const { body: other } = await made({ principal: 'other' });
  const headers = withKey(own.key);
  expect((await gateway.ask(`/v1/keys/${own.id}`, { headers })).status).toBe(200);
  for (const method of ['GET', 'DELETE'])
    expect((await gateway.ask(`/v1/keys/${other.id}`, { method, headers })).status).toBe(404);
  expect((await gateway.ask('/v1/keys/none/rotate', { method: 'POST', as: 'admin' })).status).toBe(404);
  expect((await gateway.ask(`/v1/keys/${own.id}`, { method: 'DELETE', headers })).status).toBe(200);
});

it('does not let a narrowed key make, or turn into, a wider one', async () => {
  const { body: narrow } = await made({ principal: 'clerk', roles: ['admin'], scopes: ['keys:*'] });
  const { body: wide } = await made({ principal: 'boss', roles: ['admin'] });
  const headers = withKey(narrow.key);
  for (const body of [
    { principal: 'x' },
    { principal: 'x', scopes: ['audit:read'] },
    { principal: 'x', scopes: ['*'] },
  ]) {
    const answer = await gateway.ask('/v1/keys', { method: 'POST', headers, body });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  }
  const rotated = await gateway.ask(`/v1/keys/${wide.id}/rotate`, { method: 'POST', headers });
  expect([rotated.status, rotated.body.code]).toEqual([403, 'forbidden']);
  const body = { principal: 'x', scopes: ['keys:read'] };
  expect((await gateway.ask('/v1/keys', { method: 'POST', headers, body })).status).toBe(201);
});

it('puts each change on record, with who made it and in which request', async () => {
  const { body, headers } = await made({ principal: 'noted' }, { 'X-Request-Id': 'req-7' });
  expect(headers.get('x-request-id')).toBe('req-7');
  await gateway.ask(`/v1/keys/${body.id}`, { method: 'DELETE', as: 'admin' });
  const { body: trail } = await gateway.ask('/v1/audit/records?type=key.created,key.revoked', {
    as: 'auditor',
  });
  const about = trail.records.filter(({ key }: { key?: string }) => key === body.id);
  expect(about.map(({ type }: { type: string }) => type)).toEqual(['key.revoked', 'key.created']);
  expect(about[1]).toMatchObject({ by: 'admin', cred: 'token:admin', request: 'req-7', via: 'rest' });
});

it('comes in pages, and says who may call', async () => {
  const first = (await gateway.ask('/v1/keys?limit=2', { as: 'admin' })).body;
  const second = (await gateway.ask(`/v1/keys?limit=2&cursor=${first.next_cursor}`, { as: 'admin' })).body;
  expect([first.count, second.count]).toEqual([2, 2]);
  expect(second.keys[0].id).not.toBe(first.keys[1].id);
  expect((await gateway.ask('/v1/keys?cursor=none', { as: 'admin' })).status).toBe(400);
  const { status, body } = await gateway.ask('/v1/principals?limit=3', { as: 'operator' });
  expect(status).toBe(200);
  const next = await gateway.ask(`/v1/principals?cursor=${body.next_cursor}`, { as: 'operator' });
  const all = [...body.principals, ...next.body.principals];
  expect(all.find(({ id }) => id === 'admin')).toMatchObject({
    roles: ['admin'],
    credentials: [{ kind: 'token', id: 'admin', state: 'active' }],
  });
  expect(all.find(({ id }) => id === 'bot')).toMatchObject({ roles: ['auditor'], labels: { team: 'x' } });
});

it('is asked by the command line as the store is', async () => {
  const env = { SALLYPORT_KEY: tokenOf('admin') };
  const there = ['--gateway', gateway.url];
  const run = async (...args: string[]) => {
    const ended = await sallyport(gateway.folder, ['keys', ...args, ...there], env);
    expect(ended.code, ended.stderr).toBe(0);
    return ended.stdout;
  };
  const created = JSON.parse(await run('create', '--principal', 'from-cli', '--label', 'a=b', '--json'));
  expect(created).toMatchObject({ principal: 'from-cli', labels: { a: 'b' }, state: 'active' });
  const rotated = JSON.parse(await run('rotate', created.id, '--json'));
  expect(rotated.rotatedFrom).toBe(created.id);
  expect(JSON.parse(await run('revoke', rotated.id, '--json'))).toMatchObject({ state: 'revoked' });
  const listed = JSON.parse(await run('list', '--json')).keys;
  expect(listed.find(({ id }: { id: string }) => id === rotated.id)).toMatchObject({ state: 'revoked' });
  const refused = await sallyport(gateway.folder, ['keys', 'revoke', 'none', ...there], env);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('There is no such key.')]);
});

it('lets no administrator end the only credential of one, which would lock everybody out', async () => {
  const args = ['keys', 'create', '--principal', 'boss', '--roles', 'admin', '--tenant', 'acme', '--json'];
  const first = JSON.parse((await sallyport(gateway.folder, args)).stdout);
  const headers = withKey(first.key);
  const end = { method: 'DELETE', headers };
  const refused = await gateway.ask(`/v1/keys/${first.id}`, end);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  const body = { principal: 'successor', roles: ['admin'] };
  const made = await gateway.ask('/v1/keys', { method: 'POST', headers, body });
  expect(made.status).toBe(201);
  expect((await gateway.ask(`/v1/keys/${first.id}`, end)).status).toBe(200);
});
