import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../model/principal.js';
import type { RecordFilter, RecordRow } from '../store/record-table.js';
import { createControlFace } from './control-face.js';
import { faceOptions } from './face-fixture.js';

const asked: RecordFilter[] = [];
let refreshed = 0;
let ready = true;
const row: RecordRow = {
  id: 7,
  entry: 'e',
  record: {
    v: 1,
    type: 'call.decided',
    at: '2026-01-01T00:00:00.000Z',
    writer: 'w',
    log: 'l',
    tenant: 'default',
  },
  payloads: { args: '{"a":1}' },
};
const principal = (roles: Role[]) => ({ id: 'p', credential: 'key:k', tenant: 'default', roles, labels: {} });

const server = createServer(
  createControlFace(
    faceOptions({
      identify({ authorization }) {
        if (authorization === 'Bearer auditor') return { kind: 'known', principal: principal(['auditor']) };
        if (authorization === 'Bearer agent') return { kind: 'known', principal: principal(['agent']) };
        return { kind: 'refused', ...(authorization === 'Bearer flood' ? { retryAfterSeconds: 4 } : {}) };
      },
      readiness: () => ({ ready, checks: { gateway: { ok: ready } } }),
      records: {
        async query(filter) {
          asked.push(filter);
          return [row];
        },
        latestOf: async () => [],
      },
      refresh: async () => {
        refreshed += 1;
      },
    }),
  ),
);
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, key = 'auditor') =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` }, redirect: 'manual' });

test('readiness answers 200 or 503 with its checks to anybody', async () => {
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    ready: true,
    checks: { gateway: { ok: true } },
  });
  ready = false;
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  ready = true;
});

test('the trail is for auditors: no key is 401 with a challenge, an agent key 403, a flood 429', async () => {
  const none = await get('/v1/audit/records', 'nobody');
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sallyport"']);
  expect(none.headers.get('content-type')).toBe('application/problem+json');
  expect((await get('/v1/audit/records', 'agent')).status).toBe(403);
  const flood = await get('/v1/audit/records', 'flood');
  expect([flood.status, flood.headers.get('retry-after')]).toEqual([429, '4']);
});

test('records come with their content, after what is durable was brought in, with the next page named', async () => {
  const before = refreshed;
  const answer = await get(
    '/v1/audit/records?limit=1&type=call.decided,call.outcome&caller=p&since=2026-01-01T00:00:00Z',
  );
  expect(await answer.json()).toEqual({
    count: 1,
    records: [{ id: 7, ...row.record, content: { args: '{"a":1}' } }],
    next_cursor: '7',
  });
  expect(refreshed).toBe(before + 1);
  expect(asked.at(-1)).toEqual({
    limit: 1,
    order: 'desc',
    tenant: 'default',
    type: ['call.decided', 'call.outcome'],
    caller: 'p',
    since: Date.parse('2026-01-01T00:00:00Z'),
  });
});

test.each([
  ['colour=red', 'colour'],
  ['type=call.decied', 'call.decied'],
  ['effect=maybe', 'maybe'],
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['order=up', 'order'],
  ['cursor=', 'cursor'],
  ['cursor=x', 'cursor'],
  ['since=yesterday', 'since'],
  ['caller=a&caller=b', 'caller'],
])('a filter that would hide rows by mistake is refused: %s', async (query, named) => {
  const answer = await get(`/v1/audit/records?${query}`);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { detail: string }).detail).toContain(named);
});

test.each([
  '/console/../package.json',
  '/console/%2e%2e/x.html',
  '/console/none.html',
  '/nothing',
  '/v2/audit',
])('there is nothing at %s', async (path) => {
  expect((await get(path)).status).toBe(404);
});
