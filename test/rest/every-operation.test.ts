import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isGrant } from '../../packages/contract/src/index.js';
import { documentOf, type Operation, operationsIn, somePath } from './operations.js';
import { announceBody, everyRole, openRestGateway, type Person, type RestGateway } from './rest-gateway.js';

let gateway: RestGateway;
let operations: Operation[];
const adminToken = { Authorization: 'Bearer token-of-the-admin' };

beforeAll(async () => {
  gateway = await openRestGateway({}, { MCP_PROXY_ADMIN_TOKEN: 'token-of-the-admin' });
  operations = operationsIn(await documentOf(gateway));
});
afterAll(() => gateway.close());

/** Asked as somebody who may. */
function asked(
  operation: Operation,
  more: { query?: string; headers?: Record<string, string>; body?: unknown } = {},
) {
  const byToken = operation.security.includes('adminToken');
  return gateway.ask(`${somePath(operation)}${more.query ?? ''}`, {
    method: operation.method,
    ...(byToken ? {} : { as: 'all' as const }),
    headers: { ...(byToken ? adminToken : {}), ...more.headers },
    body: more.body,
  });
}

const documented = (status: number) => operations.filter(({ statuses }) => statuses.includes(status));
const names = (some: readonly Operation[]) => some.map(({ method, path }) => `${method} ${path}`);

describe('every operation of the document', () => {
  it('refuses a member of the query that it does not know', async () => {
    const answers = await Promise.all(operations.map((one) => asked(one, { query: '?unheard-of=1' })));
    expect(answers.map(({ status }) => status)).toEqual(operations.map(() => 400));
    for (const { body } of answers)
      expect(body).toMatchObject({
        type: '/docs/problems#invalid_query',
        code: 'invalid_query',
        errors: [{ path: 'unheard-of' }],
      });
  });

  it('refuses who shows no credential, unless it is for everybody', async () => {
    const closed = operations.filter(({ security }) => security.length > 0);
    expect(names(closed)).toEqual(names(documented(401)));
    expect(names(operations.filter(({ security }) => security.length === 0))).toEqual([
      'GET /livez',
      'GET /health',
      'GET /readyz',
      'POST /v1/setup',
    ]);
    for (const one of closed) {
      const { status, headers, body } = await gateway.ask(somePath(one), { method: one.method });
      expect([one.path, status, body.code]).toEqual([one.path, 401, 'not_authenticated']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('refuses every role that it does not name', async () => {
    const limited = operations.filter(({ roles }) => roles.length > 0 && roles.length < everyRole.length);
    expect(limited.length).toBeGreaterThan(3);
    for (const one of limited)
      for (const as of everyRole.filter((role) => !one.roles.includes(role))) {
        const { status, body } = await gateway.ask(somePath(one), { method: one.method, as: as as Person });
        expect([one.path, as, status, body.code]).toEqual([one.path, as, 403, 'role_missing']);
      }
  });

  it('refuses a credential that is narrowed to other things, and says what is needed', async () => {
    const limited = operations.filter(({ roles }) => roles.length > 0);
    expect(limited.filter(({ scope = '' }) => !isGrant(scope) || scope.includes('*'))).toEqual([]);
    for (const one of limited) {
      const { status, body } = await gateway.ask(somePath(one), { method: one.method, as: 'narrowed' });
      expect([one.path, status, body.code]).toEqual([one.path, 403, 'scope_missing']);
      expect(body.detail).toContain(`"${one.scope}"`);
    }
  });

  it('refuses a body that is no JSON, is called something else, or is too long', async () => {
    const taking = operations.filter(({ method }) => !['GET', 'DELETE'].includes(method));
    expect(names(documented(415))).toEqual(names(taking));
    expect(names(documented(413))).toEqual(names(taking));
    for (const one of taking) {
      const twice = await asked(one, { body: '{"a":1,"a":2}' });
      expect([one.path, twice.status, twice.body.code]).toEqual([one.path, 400, 'invalid_body']);
      const unknown = await asked(one, { body: { 'unheard-of': 1 } });
      expect([one.path, unknown.status, unknown.body.code]).toEqual([one.path, 400, 'invalid_body']);
      const text = await asked(one, { body: '{}', headers: { 'Content-Type': 'text/plain' } });
      expect([one.path, text.status]).toEqual([one.path, 415]);
      if (one.security.includes('adminToken')) {
        const long = await asked(one, { body: ' '.repeat(70_000) });
        expect([one.path, long.status]).toEqual([one.path, 413]);
      } else {
        const long = { path: somePath(one), method: one.method, bytes: 100_000_000 };
        expect([one.path, await announceBody(gateway, long)]).toEqual([one.path, 413]);
      }
    }
  });

  it('refuses an Idempotency-Key that belongs to another request', async () => {
    const posts = operations.filter(({ method, security }) => method === 'POST' && security.length > 0);
    expect(names(documented(422)).filter((name) => name.startsWith('POST'))).toEqual(names(posts));
    const key = { 'Idempotency-Key': 'taken' };
    const first = { method: 'POST', body: { note: 'x' } };
    expect((await gateway.ask('/v1/approvals/none/deny', { ...first, as: 'all', headers: key })).status).toBe(
      404,
    );
    const byAdmin = { method: 'POST', headers: { ...adminToken, ...key } };
    expect((await gateway.ask('/admin/holds/nothing/approve', byAdmin)).status).toBe(404);
    for (const one of posts) {
      const { status, body } = await asked(one, { headers: key });
      expect([one.path, status, body.code]).toEqual([one.path, 422, 'idempotency_mismatch']);
    }
  });

  it('knows no other method, says which it knows, and answers HEAD like GET', async () => {
    for (const { path, ...one } of operations) {
      const there = operations.filter((other) => other.path === path).map(({ method }) => method);
      const other = ['PUT', 'PATCH', 'DELETE', 'POST', 'GET'].find((method) => !there.includes(method)) ?? '';
      const refused = await gateway.ask(somePath({ path, ...one }), { method: other, as: 'all' });
      expect([path, refused.status]).toEqual([path, 405]);
      const options = await gateway.ask(somePath({ path, ...one }), { method: 'OPTIONS' });
      expect([path, options.status]).toEqual([path, 204]);
      for (const { headers } of [refused, options])
        expect(headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining([...there, 'OPTIONS']));
    }
    const head = await gateway.ask('/v1/approvals', { method: 'HEAD', as: 'all' });
    expect([head.status, head.body]).toEqual([200, '']);
  });

  it('tells a source that fails too often how long to wait', async () => {
    const flooded = await openRestGateway();
    try {
      const wrong = { Authorization: 'Bearer wrong' };
      for (let n = 0; n < 10; n++)
        expect((await flooded.ask('/v1/approvals', { headers: wrong })).status).toBe(401);
      const closed = documented(429).filter(
        ({ security }) => security.length > 0 && !security.includes('adminToken'),
      );
      expect(closed.length).toBeGreaterThan(5);
      for (const one of closed) {
        const { status, headers, body } = await flooded.ask(somePath(one), {
          method: one.method,
          headers: wrong,
        });
        expect([one.path, status, body.code]).toEqual([one.path, 429, 'too_many_failures']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        expect(headers.get('ratelimit-remaining')).toBe('0');
      }
      const byToken = operations.filter(({ security }) => security.includes('adminToken'));
      for (const one of byToken) {
        const { status, body } = await flooded.ask(somePath(one), { method: one.method });
        expect([one.path, status, body.code]).toEqual([one.path, 503, 'not_configured']);
      }
    } finally {
      await flooded.close();
    }
  });

  it('tells a source that tries too many tokens of /admin/holds how long to wait, and takes the right one', async () => {
    const wrong = { Authorization: 'Bearer wrong-token-of-the-admin' };
    const byToken = operations.filter(({ security }) => security.includes('adminToken'));
    const flooding = await openRestGateway({}, { MCP_PROXY_ADMIN_TOKEN: 'token-of-the-admin' });
    try {
      for (let n = 0; n < 10; n++)
        expect((await flooding.ask('/admin/holds', { headers: wrong })).status).toBe(401);
      for (const one of byToken) {
        const { method } = one;
        const { status, headers, body } = await flooding.ask(somePath(one), { method, headers: wrong });
        expect([one.path, status, body.code]).toEqual([one.path, 429, 'too_many_failures']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await flooding.ask('/admin/holds', { headers: adminToken })).status).toBe(200);
      expect((await flooding.ask('/admin/holds')).status).toBe(401);
    } finally {
      await flooding.close();
    }
  });
});

describe('a request', () => {
  it('has an id: its own where it is well formed, else a new one, in the answer and in the problem', async () => {
    const own = await gateway.ask('/v1/nothing', { as: 'all', headers: { 'X-Request-Id': 'mine:1' } });
    expect([own.status, own.headers.get('x-request-id'), own.body.request_id]).toEqual([
      404,
      'mine:1',
      'mine:1',
    ]);
    const odd = await gateway.ask('/v1/nothing', { as: 'all', headers: { 'X-Request-Id': 'a b' } });
    expect(odd.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('for what is not there tells nothing to who shows no credential', async () => {
    expect((await gateway.ask('/v1/nothing')).status).toBe(401);
    expect((await gateway.ask('/v1')).status).toBe(401);
    expect((await gateway.ask('/nothing')).status).toBe(404);
  });

  it('with a misspelt member hears the one that was meant', async () => {
    const query = await gateway.ask('/v1/audit/records?efect=deny', { as: 'auditor' });
    expect(query.body.detail).toContain('did you mean "effect"?');
    const body = await gateway.ask('/v1/approvals/x/deny', {
      as: 'all',
      method: 'POST',
      body: { notte: '' },
    });
    expect(body.body.detail).toContain('did you mean "note"?');
  });
});
