import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SignInDesk } from '../../identity/sign-in/sign-in-desk.js';
import { systemClock } from '../../lib/clock.js';
import type { Principal } from '../../model/principal.js';
import type { SignIn } from '../../model/sign-in.js';
import { createControlFace } from '../control-face.js';
import { faceOptions } from '../face-fixture.js';

const ann: Principal = {
  id: 'ann',
  credential: 'key:k',
  tenant: 'default',
  roles: ['operator', 'approver'],
  labels: {},
};
const rows = new Map<string, SignIn>();
let recording: boolean;

const signIns = new SignInDesk({
  clock: systemClock,
  tokenMark: () => undefined,
  callerNow: ({ credential }) => ({ ...ann, credential }),
  record: () => (recording ? Promise.resolve() : Promise.reject(new Error('no space on /var/private'))),
  table: {
    add: (one) => void rows.set(one.id, one),
    find: (id) => rows.get(id),
    list: () => [...rows.values()],
    remove: (id) => rows.delete(id),
    removeOf: () => [...rows.keys()].filter((id) => rows.delete(id)),
    takeProof: () => false,
  },
});
const errand = { state: 's', nonce: 'n', verifier: 'v' };
const party = {
  begin: async () => ({ url: 'https://idp.example/authorize', errand }),
  finish: async () => ann,
};
const server = createServer(
  createControlFace(
    faceOptions({
      identify: () => ({ kind: 'known', principal: ann }),
      provider: () => ({ party, issuer: 'https://idp.example', terms: 't', minutes: 60 }),
      signIns,
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
beforeEach(() => {
  rows.clear();
  recording = false;
});

function post(path: string, fields: Record<string, string>, cookie = ''): Promise<Response> {
  const headers = { origin: url, cookie };
  return fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  });
}

/** The cookies that were set, without those that were taken away. */
function cookiesOf(response: Response): string {
  const pairs = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return pairs.filter((pair) => !pair.endsWith('=')).join('; ');
}

async function signedIn(): Promise<string> {
  recording = true;
  const cookie = cookiesOf(await post('/sign-in', { key: 'k' }));
  recording = false;
  return cookie;
}

async function notMade(response: Response): Promise<void> {
  const text = await response.text();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(text).toContain('The sign-in could not be recorded, so it was not made; try again.');
  expect(text).not.toContain('/var/private');
  expect([rows.size, cookiesOf(response)]).toEqual([0, '']);
}

it.each(['/sign-in', '/approve/hold_1/sign-in'])(
  'a key at %s is not one that cannot be recorded',
  async (path) => {
    await notMade(await post(path, { key: 'k' }));
  },
);

it('what a provider says is not one that cannot be recorded', async () => {
  const begun = await fetch(`${url}/sign-in`, { redirect: 'manual' });
  const headers = { cookie: cookiesOf(begun) };
  await notMade(await fetch(`${url}/sign-in/callback?code=c&state=s`, { headers, redirect: 'manual' }));
});

it.each([
  ['/sign-out', 'token'],
  ['/approve/hold_1/sign-out', 'session'],
])('one that ends at %s is over, and it is told that this may not be on record', async (path, name) => {
  const cookie = await signedIn();
  const told = await fetch(`${url}/sign-in/session`, { headers: { cookie } });
  const { csrf } = (await told.json()) as { csrf: string };
  const response = await post(path, { [name]: csrf }, cookie);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('The sign-in is over, and that may not be on record.');
  expect(rows.size).toBe(0);
});

it.each([
  ['DELETE', (id: string) => `/v1/sign-ins/${id}`, undefined],
  ['POST', () => '/v1/sign-ins/end', '{"principal":"ann"}'],
])('one that ends over REST by %s is over, and the problem says so', async (method, pathOf, body) => {
  await signedIn();
  const [id = ''] = rows.keys();
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
  const response = await fetch(url + pathOf(id), {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    503,
    'stopped_unrecorded',
  ]);
  expect(rows.size).toBe(0);
});
