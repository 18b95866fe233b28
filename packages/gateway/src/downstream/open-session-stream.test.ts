import { afterEach, describe, expect, test } from 'vitest';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import { Cancellation } from '../lib/cancellation.js';
import { callOf, EventClient, get, sessionWith } from './event-client-fixture.js';
import {
  agentA,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  legacy,
  modern,
  send,
  startGateway,
  stop,
} from './face-fixture.js';
import type { HubListener } from './face-options.js';

let gateway: FakeGateway;
let listeners: HubListener[] = [];

async function start(options: FakeOptions = {}): Promise<void> {
  listeners = [];
  const hub = {
    join(listener: HubListener) {
      listeners.push(listener);
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
  };
  gateway = await startGateway({ hub, ...options });
}

afterEach(() => stop(gateway));

const listChanged = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

async function opened(session: Headers): Promise<EventClient> {
  const stream = new EventClient(gateway, get(session));
  expect((await stream.head).status).toBe(200);
  return stream;
}

describe('the stream of a session', () => {
  test('begins at once, and carries what belongs to no request', async () => {
    await start();
    const stream = await opened(await sessionWith(gateway, {}, '2025-06-18'));
    expect((await stream.head).headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    });
    listeners[0]?.deliver(listChanged);
    expect(await stream.messages(1)).toEqual([JSON.parse(listChanged)]);
    expect(stream.text).toMatch(/^id: [\w-]{12}\.1\nevent: message\ndata: \{/);
  });

  test.each(['2025-03-26', '2025-06-18'])(
    'of revision %s has no event that only 2025-11-25 knows',
    async (revision) => {
      await start();
      const stream = await opened(await sessionWith(gateway, {}, revision));
      gateway.clock.turn(10_000);
      listeners[0]?.deliver(listChanged);
      await stream.messages(1);
      expect(stream.events).toHaveLength(1);
      expect(stream.text).toMatch(/^: keep-alive\n\nid: /);
    },
  );

  test('of 2025-11-25 begins with an id and the time after which to come back', async () => {
    await start();
    const stream = await opened(await sessionWith(gateway));
    listeners[0]?.deliver(listChanged);
    await stream.messages(1);
    expect(stream.text).toMatch(/^id: [\w-]{12}\.0\nretry: 1000\ndata: \n\nid: /);
  });

  test('is told of only to the hub, by who the client is and what it wants', async () => {
    await start();
    const session = await sessionWith(gateway);
    await opened(session);
    const [listener] = listeners;
    expect(listener).toMatchObject({ principal: { id: 'agent-a' }, session: session['Mcp-Session-Id'] });
    expect(listener?.endpoint).toBeUndefined();
    const updated = ['notifications/resources/updated', '{"uri":"file:///a"}'] as const;
    expect(listener?.wants(...updated)).toBe(false);
    expect(listener?.wants('notifications/tools/list_changed', '{}')).toBe(true);
    await send(gateway, legacy({ id: 1, method: 'logging/setLevel', params: { level: 'error' } }, session));
    expect(listener?.wants('notifications/message', '{"level":"warning"}')).toBe(false);
    expect(listener?.wants('notifications/message', '{"level":"error"}')).toBe(true);
    await send(gateway, { ...get(session), method: 'DELETE' });
    expect(listeners).toEqual([]);
  });

  test('gets each message once, on the newest stream that somebody reads', async () => {
    await start();
    const session = await sessionWith(gateway);
    const [first, second] = [await opened(session), await opened(session)];
    listeners[0]?.deliver(listChanged);
    await second.messages(1);
    await second.hangUp(gateway);
    listeners[0]?.deliver(listChanged);
    await first.messages(1);
    expect([listeners.length, first.text.match(/data: \{/g)?.length]).toEqual([1, 1]);
  });

  test('keeps its session from being idle', async () => {
    await start({ sessions: { idleMs: 100_000 } });
    const [used, idle] = [await sessionWith(gateway), await sessionWith(gateway)];
    const stream = await opened(used);
    gateway.clock.turn(200_000);
    const ping = (session: Headers) => send(gateway, legacy({ id: 1, method: 'ping' }, session));
    expect([(await ping(used)).status, (await ping(idle)).status]).toEqual([200, 404]);
    await stream.hangUp(gateway);
    gateway.clock.turn(200_000);
    expect((await ping(used)).status).toBe(404);
  });

  test('ends with its session', async () => {
    await start();
    const session = await sessionWith(gateway);
    const stream = await opened(session);
    await send(gateway, { ...get(session), method: 'DELETE' });
    await stream.ended;
    expect((await send(gateway, get(session))).status).toBe(404);
  });

  test('ends when the gateway stops', async () => {
    const stopping = new Cancellation();
    await start({ stopping });
    const stream = await opened(await sessionWith(gateway));
    stopping.abort();
    await stream.ended;
  });

  test('ends soon after its credential was revoked, and that is recorded', async () => {
    let isRevoked = false;
    await start({
      identify: () => {
        if (isRevoked) throw new AuthenticationFailure('revoked');
        return agentA;
      },
    });
    const stream = await opened(await sessionWith(gateway));
    gateway.clock.turn(60_000);
    isRevoked = true;
    gateway.clock.turn(15_000);
    await stream.ended;
    expect(gateway.authFailed).toEqual([{ source: '127.0.0.1', reason: 'revoked' }]);
  });

  test.each([
    ['became that of somebody else', { id: 'agent-b' }],
    ['stands for less than before', { labels: { team: 'guests' } }],
  ])('ends soon after its credential %s', async (_what, now) => {
    let principal = agentA;
    await start({ identify: () => principal });
    const stream = await opened(await sessionWith(gateway));
    gateway.clock.turn(15_000);
    principal = { ...agentA, ...now };
    gateway.clock.turn(15_000);
    await stream.ended;
  });

  test('is told of to the hub by what its caller is allowed by now', async () => {
    let principal = agentA;
    await start({ identify: () => principal });
    const session = await sessionWith(gateway);
    await opened(session);
    principal = { ...agentA, labels: { team: 'guests' } };
    await send(gateway, legacy({ id: 1, method: 'ping' }, session));
    expect(listeners[0]?.principal.labels).toEqual({ team: 'guests' });
  });
});

describe('a GET', () => {
  const status = async (headers: Headers) => (await send(gateway, get(headers))).status;

  test.each<[string, number, (session: Headers) => Headers]>([
    ['without a session', 405, () => ({})],
    ['of a modern client', 405, (session) => ({ ...session, 'MCP-Protocol-Version': '2026-07-28' })],
    ['of an unknown session', 404, () => ({ 'Mcp-Session-Id': 'attacker-chosen-0001' })],
    ['of somebody else', 404, (session) => ({ ...session, Authorization: 'Bearer agent-b' })],
    ['that takes no events', 406, (session) => ({ ...session, Accept: 'application/json' })],
    ['in an unknown revision', 400, (session) => ({ ...session, 'MCP-Protocol-Version': '2019-01-01' })],
  ])('%s is answered %i', async (_what, expected, headers) => {
    await start();
    expect(await status(headers(await sessionWith(gateway)))).toBe(expected);
  });

  test('of one endpoint’s session does not open a stream at another', async () => {
    await start();
    const session = await sessionWith(gateway);
    expect((await send(gateway, { ...get(session), path: '/mcp/one' })).status).toBe(404);
  });

  test('is answered 503 while the gateway does not accept, unless a lost stream is asked for', async () => {
    let isAccepting = true;
    await start({ accepting: () => isAccepting });
    const session = await sessionWith(gateway);
    const lost = await opened(session);
    listeners[0]?.deliver(listChanged);
    await lost.messages(1);
    await lost.hangUp(gateway);
    isAccepting = false;
    expect(await status(session)).toBe(503);
    const again = new EventClient(gateway, get({ ...session, 'Last-Event-ID': lost.lastId }));
    expect((await again.head).status).toBe(200);
  });

  test('beyond four streams of a session is answered 409, and a lost one makes room', async () => {
    await start();
    const session = await sessionWith(gateway);
    const streams: EventClient[] = [];
    for (let count = 0; count < 4; count++) streams.push(await opened(session));
    expect(await status(session)).toBe(409);
    await streams[1]?.hangUp(gateway);
    await opened(session);
  });

  test('beyond the streams of a principal or of all is answered 429', async () => {
    await start({ streams: { perPrincipal: 1 } });
    await opened(await sessionWith(gateway));
    expect(await status(await sessionWith(gateway))).toBe(429);
  });
});

test('a modern DELETE or GET finds no session to end', async () => {
  await start();
  const session = await sessionWith(gateway);
  const { headers } = modern('tools/list');
  const answer = await send(gateway, {
    method: 'DELETE',
    headers: { ...headers, ...session, 'MCP-Protocol-Version': '2026-07-28' },
  });
  expect(answer.status).toBe(405);
  expect((await send(gateway, callOf(1, session))).status).toBe(200);
});
