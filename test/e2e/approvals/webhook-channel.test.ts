import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { ApprovalScene, type Loose } from './approval-scene.js';

const secret = 'a-secret-of-the-webhook';
const people = { 'ann@example.org': 'ann', 'bot@example.org': 'agent-a' };

let scene: ApprovalScene;
let server: Server;
let url = '';
let heard: { headers: Loose; body: Loose }[] = [];
let answers: number[] = [];

const mac = (at: string, body: string, key = secret) =>
  `v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`;

beforeEach(async () => {
  heard = [];
  answers = [];
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { 'x-sallyport-timestamp': at = '', 'x-sallyport-signature': signature } = request.headers;
      if (signature !== mac(String(at), text)) response.statusCode = 401;
      else response.statusCode = answers.shift() ?? 204;
      heard.push({ headers: request.headers, body: JSON.parse(text) });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  await scene.close();
  server.closeAllConnections();
  server.close();
});

const config = (more: object = {}) => ({
  approvals: {
    mode: 'hold',
    publicUrl: 'https://gateway.example/',
    channels: [
      { kind: 'webhook', name: 'desk', url, secret: 'env:HOOK', people, headers: { 'X-Team': 'ops' } },
    ],
    ...more,
  },
});

const open = async (more: object = {}) => {
  scene = await ApprovalScene.open(config(more), { HOOK: secret });
};

async function asked(): Promise<Loose> {
  await scene.call('agent-a', { to: 'bob', n: 1 });
  await until('the notice', () => heard.length > 0);
  return heard[0]?.body;
}

interface Sent {
  readonly key?: string;
  readonly at?: number;
  readonly path?: string;
}

async function answer(body: object, { key = secret, at = Date.now(), path = 'desk' }: Sent = {}) {
  const text = JSON.stringify(body);
  const time = String(Math.floor(at / 1000));
  const response = await fetch(`${scene.url}/hooks/approvals/${path}`, {
    method: 'POST',
    headers: { 'X-Sallyport-Timestamp': time, 'X-Sallyport-Signature': mac(time, text, key) },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as Loose };
}

const state = async (id: string) => (await scene.rest('ann', `/v1/approvals/${id}`)).body.state;

it('a service is told of a call with everything that a person is shown, and answers it by a signed callback', async () => {
  await open();
  const event = await asked();
  expect(heard[0]?.headers['x-team']).toBe('ops');
  const [hold] = await scene.pending();
  const id = hold?.id ?? '';
  expect(event).toMatchObject({
    id: `${id}/desk/1`,
    event: 'approval.wanted',
    channel: 'desk',
    link: `https://gateway.example/approve/${id}`,
    callback: { url: 'https://gateway.example/hooks/approvals/desk', token: expect.any(String) },
    approval: {
      id,
      state: 'pending',
      arguments: [{ value: { pieces: ['1'] } }, { value: { pieces: ['bob'] } }],
    },
  });
  const yes = { token: event.callback.token, person: 'ann@example.org', verdict: 'approve', note: 'ok' };
  expect(await answer(yes)).toEqual({ status: 200, body: { state: 'approved' } });
  await until('the end to be told', () => heard.length === 2);
  expect(heard[1]?.body).toMatchObject({
    id: `${id}/desk/2`,
    event: 'approval.over',
    approval: { state: 'approved', votes: [{ by: { pieces: ['ann'] }, channel: 'desk' }] },
  });
  expect(heard[1]?.body).not.toHaveProperty('callback');
  expect((await answer(yes)).status).toBe(409);
  expect((await scene.call('agent-a', { to: 'bob', n: 1 })).content[0].text).toBe('pay ran');
  expect((await answer(yes)).body.code).toBe('decided');
  expect(scene.called()).toEqual(['pay']);
});

it.each([
  ['signed with another secret', { key: 'guessed' }],
  ['ten minutes old', { at: Date.now() - 600_000 }],
])('a callback that is %s is refused and recorded', async (_how, forged) => {
  await open();
  const { callback, approval } = await asked();
  const yes = { token: callback.token, person: 'ann@example.org', verdict: 'approve' };
  expect(await answer(yes, forged)).toMatchObject({ status: 401, body: { code: 'not_authenticated' } });
  expect(await state(approval.id)).toBe('pending');
  expect(await scene.records('auth.failed')).toHaveLength(1);
});

it.each([
  ['of a stranger', { person: 'eve@example.org' }, 403, 'stranger'],
  ['of the caller', { person: 'bot@example.org' }, 403, 'forbidden'],
])('a callback %s is refused and recorded', async (_who, more, status, code) => {
  await open();
  const { callback, approval } = await asked();
  const reply = await answer({ token: callback.token, verdict: 'approve', ...more });
  expect(reply).toMatchObject({ status, body: { code } });
  expect(await scene.records('hold.answer_refused')).toEqual([
    expect.objectContaining({ hold: approval.id, via: 'desk' }),
  ]);
  const yes = { token: callback.token, person: 'ann@example.org', verdict: 'approve' };
  expect((await answer(yes)).status).toBe(200);
});

it('a token is good for its channel and its hold only, and a malformed callback for nothing', async () => {
  await open();
  const { callback, approval } = await asked();
  const yes = { person: 'ann@example.org', verdict: 'approve' };
  expect((await answer({ ...yes, token: approval.id })).status).toBe(409);
  expect(await scene.records('auth.failed')).toEqual([
    expect.objectContaining({ source: 'channel:desk', detail: expect.stringContaining('ann@example.org') }),
  ]);
  expect((await answer({ ...yes, token: callback.token }, { path: 'other' })).status).toBe(404);
  for (const odd of [
    { ...yes, token: 1 },
    { token: callback.token, person: 'x' },
    { ...yes, bind: 'y' },
  ])
    expect((await answer(odd)).status).toBe(400);
  expect((await scene.rest(undefined, '/hooks/approvals/desk', { method: 'GET' })).status).toBe(404);
  expect(await state(approval.id)).toBe('pending');
});

it('a service that is down is told again, and again after a restart', async () => {
  await open();
  answers = [503, 500];
  await asked();
  await until('a second try', () => heard.length >= 2);
  await scene.stop();
  await scene.start(config(), { HOOK: secret });
  await until('a third try', () => heard.length >= 3);
  expect(new Set(heard.map(({ body }) => body.id)).size).toBe(1);
});

it('a person whose role is taken away answers no more, whatever message they have', async () => {
  await open();
  const { callback } = await asked();
  const tokens = [
    { principal: 'ann', tokens: ['env:TOKEN_ANN'], roles: ['auditor'] },
    { principal: 'bob', tokens: ['env:TOKEN_BOB'], roles: ['approver'] },
  ];
  await scene.reload({ ...config(), auth: { tokens } }, { HOOK: secret });
  const yes = { token: callback.token, person: 'ann@example.org', verdict: 'approve' };
  expect(await answer(yes)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});
