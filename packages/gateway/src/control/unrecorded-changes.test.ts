import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeyFault } from '../identity/key-ring.js';
import { Refusal } from '../model/refusal.js';
import { createControlFace } from './control-face.js';
import { faceOptions } from './face-fixture.js';

const key = {
  id: 'abcdefgh',
  principal: 'p',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
  createdAt: 0,
  state: 'active',
} as const;
const pin = {
  upstream: 'u',
  kind: 'tool',
  name: 't',
  offered: 'd',
  present: true,
  firstSeen: 0,
  lastSeen: 0,
} as const;
const kill = { id: 'k', tenant: 'default', scope: 'all', name: '', reason: 'r', by: 'p', at: 0 } as const;
const session = {
  id: 'sn_1',
  root: 'sn_1',
  agent: 'a',
  scopes: ['read'],
  labels: {},
  budgets: [],
  tenant: 'default',
  principal: 'p',
  credential: 'key:k',
  createdAt: 0,
} as const;
const fault = () => Promise.reject(new KeyFault('unrecorded', 'no space on /var/private'));
const unwritten = new Refusal('audit_unavailable', 'The gateway cannot write its trail.');
const unwritable = () => Promise.reject(unwritten);
const full = () => Promise.reject(new Error('no space on /var/private'));

const server = createServer(
  createControlFace(
    faceOptions({
      keyRing: () => ({ create: fault, list: async () => [key], rotate: fault, revoke: fault }),
      pins: { list: () => [pin], definitions: () => ({ offered: { digest: 'd', text: '{}' } }) },
      pinDesk: () => ({ accept: full, reject: full, forget: full }),
      kills: { list: () => [kill], throwSwitch: full, lift: full },
      sessions: {
        create: full,
        find: () => session,
        findToEnd: () => session,
        isWithin: () => true,
        look: () => session,
        list: () => [session],
        revoke: full,
      },
      governListing: unwritable,
      govern: async () => ({ kind: 'refused', callId: 'c', refusal: unwritten }),
      authorizePayment: unwritable,
      inSession: (principal) => principal,
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

it.each([
  ['POST', '/v1/keys', { principal: 'x' }],
  ['POST', '/v1/sessions', { agent_id: 'x' }],
  ['POST', '/v1/keys/abcdefgh/rotate', {}],
  ['DELETE', '/v1/keys/abcdefgh', undefined],
  ['POST', '/v1/pins/u/tool/t/accept', { digest: 'd' }],
  ['POST', '/v1/pins/u/tool/t/reject', { digest: 'd' }],
  ['DELETE', '/v1/pins/u/tool/t', undefined],
  ['DELETE', '/v1/kill-switches/k', undefined],
])(
  'what cannot be recorded is not done and answered with 503, without the reason of the machine: %s %s',
  async (method, path, body) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
    });
    const problem = await response.text();
    expect([response.status, JSON.parse(problem).code]).toEqual([503, 'unrecorded']);
    expect(problem).not.toContain('/var/private');
  },
);

it.each([
  ['POST', '/v1/kill-switches', { scope: 'all', reason: 'r' }],
  ['DELETE', '/v1/sessions/sn_1', undefined],
])('what is stopped at once and cannot be recorded is told so: %s %s', async (method, path, body) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    503,
    'stopped_unrecorded',
  ]);
});

it.each([
  ['POST', '/v1/approvals/none/replay'],
  ['DELETE', '/v1/standing-approvals/none'],
])('what is not there is told so: %s %s', async (method, path) => {
  expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
});

it.each(['/v1/tools', '/v1/proxy/tools'])('%s lists nothing where that cannot be recorded', async (path) => {
  const response = await fetch(`${url}${path}`);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    503,
    'audit_unavailable',
  ]);
});

it.each([
  ['/v1/proxy/call', { tool: 't', session_id: 's' }],
  ['/v1/payments/authorize', { amount: 1 }],
])('%s does nothing where that cannot be recorded', async (path, body) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    503,
    'audit_unavailable',
  ]);
});

it('a fault inside the gateway is told without its words', async () => {
  const response = await fetch(`${url}/v1/status`);
  const text = await response.text();
  expect([response.status, JSON.parse(text).code]).toEqual([500, 'internal']);
  expect(text).not.toContain('there is none in this test');
});
