import { afterEach, describe, expect, test, vi } from 'vitest';
import { Conversation } from './conversation.js';
import { callOf, EventClient, get, sessionWith } from './event-client-fixture.js';
import {
  agentA,
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  legacy,
  send,
  startGateway,
  stop,
  TurnedClock,
} from './face-fixture.js';
import type { SessionEnded } from './face-options.js';
import { Sessions } from './sessions.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

const asB = { Authorization: 'Bearer agent-b' };
const ping = (headers: Headers = {}) => legacy({ id: 2, method: 'ping' }, headers);

async function initialize(): Promise<string> {
  return String((await sessionWith(gateway))['Mcp-Session-Id']);
}

describe('a session', () => {
  test('of somebody else does not exist, and survives their DELETE', async () => {
    await start();
    const headers = { 'Mcp-Session-Id': await initialize() };
    const stolen = await send(gateway, ping({ ...headers, ...asB }));
    const invented = await send(gateway, ping({ 'Mcp-Session-Id': 'attacker-chosen-0001' }));
    expect([stolen.status, stolen.text]).toEqual([404, invented.text]);
    expect(
      (await send(gateway, { ...ping({ ...headers, ...asB }), method: 'DELETE', body: '' })).status,
    ).toBe(404);
    expect((await send(gateway, ping(headers))).status).toBe(200);
  });

  test('of one endpoint does not exist at another', async () => {
    await start();
    const headers = { 'Mcp-Session-Id': await initialize() };
    expect((await send(gateway, { ...ping(headers), path: '/mcp/one' })).status).toBe(404);
  });

  test('ends after its idle time, which every use begins anew', async () => {
    await start({ sessions: { idleMs: 1000 } });
    const headers = { 'Mcp-Session-Id': await initialize() };
    gateway.clock.turn(900);
    expect((await send(gateway, ping(headers))).status).toBe(200);
    gateway.clock.turn(900);
    expect((await send(gateway, ping(headers))).status).toBe(200);
    gateway.clock.turn(1001);
    expect((await send(gateway, ping(headers))).status).toBe(404);
  });

  test('beyond a principal’s own limit ends the one it used longest ago', async () => {
    await start({ sessions: { perPrincipal: 2 } });
    const [first, second] = [await initialize(), await initialize()];
    await send(gateway, ping({ 'Mcp-Session-Id': first }));
    await initialize();
    expect((await send(gateway, ping({ 'Mcp-Session-Id': first }))).status).toBe(200);
    expect((await send(gateway, ping({ 'Mcp-Session-Id': second }))).status).toBe(404);
  });

  test('beyond that limit is rather one that nobody listens to', async () => {
    await start({ sessions: { perPrincipal: 2 } });
    const [listening, idle] = [await sessionWith(gateway), await sessionWith(gateway)];
    const stream = new EventClient(gateway, get(listening));
    await stream.head;
    await send(gateway, ping(idle));
    await initialize();
    expect((await send(gateway, ping(idle))).status).toBe(404);
    expect((await send(gateway, ping(listening))).status).toBe(200);
  });

  test('beyond that limit is none with a call under way', async () => {
    const ended = deferred();
    await start({
      sessions: { perPrincipal: 2 },
      govern: async (call) => {
        await ended.promise;
        return completed(call, '{"isError":false}');
      },
    });
    const [busy, idle] = [await sessionWith(gateway), await sessionWith(gateway)];
    const answer = send(gateway, callOf(1, busy));
    await vi.waitUntil(() => gateway.calls.length > 0);
    await send(gateway, ping(idle));
    await initialize();
    expect(gateway.calls[0]?.signal.aborted).toBe(false);
    ended.resolve();
    expect((await answer).message.result).toEqual({ isError: false });
    expect((await send(gateway, ping(idle))).status).toBe(404);
  });

  test('belongs to one principal, whatever is in its name and in that of its tenant', () => {
    const sessions = new Sessions({ clock: new TurnedClock(), onEnd() {}, isBusy: () => false });
    const owner = { ...agentA, tenant: 'a\nb', id: 'c' };
    const id = sessions.open({ principal: owner }, new Conversation(new TurnedClock()))?.id ?? '';
    expect(sessions.find(id, { principal: { ...owner, tenant: 'a', id: 'b\nc' } })).toBeUndefined();
    expect(sessions.find(id, { principal: { ...owner } })).toBeDefined();
  });

  test('with a call under way is not idle', async () => {
    const ended = deferred();
    await start({
      sessions: { idleMs: 1000 },
      govern: async (call) => {
        await ended.promise;
        return completed(call, '{}');
      },
    });
    const session = await sessionWith(gateway);
    const answer = new EventClient(gateway, callOf(1, session));
    await vi.waitUntil(() => gateway.calls.length > 0);
    gateway.clock.turn(120_000);
    ended.resolve();
    await answer.ended;
    expect((await send(gateway, ping(session))).status).toBe(200);
  });

  test('that ends is told once, whether the client ends it, another takes its place or time does', async () => {
    const told: SessionEnded[] = [];
    const ended = (session: Headers) =>
      told.filter((event) => event.session === session['Mcp-Session-Id']).length;
    await start({ sessions: { perPrincipal: 1, idleMs: 1000 }, sessionEnded: (event) => told.push(event) });
    const first = await sessionWith(gateway);
    const second = await sessionWith(gateway, { roots: {} });
    expect([ended(first), ended(second)]).toEqual([1, 0]);
    await send(gateway, { ...ping(second), method: 'DELETE', body: '' });
    await send(gateway, { ...ping(second), method: 'DELETE', body: '' });
    const third = await sessionWith(gateway);
    gateway.clock.turn(60_000);
    expect([ended(first), ended(second), ended(third)]).toEqual([1, 1, 1]);
    expect(told[1]).toMatchObject({
      principal: { id: 'agent-a' },
      client: { capabilities: '{"roots":{}}', asker: second['Mcp-Session-Id'] },
      followed: [],
    });
  });

  test('tells of new roots, unless it has none', async () => {
    const told: unknown[] = [];
    await start({ rootsChanged: ({ session }) => told.push(session) });
    const changed = (headers: Headers) =>
      send(gateway, legacy({ method: 'notifications/roots/list_changed' }, headers));
    const session = await sessionWith(gateway, { roots: { listChanged: true } });
    for (const headers of [{}, await sessionWith(gateway, {}), session]) await changed(headers);
    expect(told).toEqual([session['Mcp-Session-Id']]);
  });

  test('beyond the limit of all is refused until others are idle', async () => {
    await start({ sessions: { total: 1, idleMs: 1000 } });
    await initialize();
    const params = { protocolVersion: '2025-11-25' };
    const again = legacy({ id: 1, method: 'initialize', params }, asB);
    const { status, headers, message } = await send(gateway, again);
    expect([status, headers['retry-after'], message.id]).toEqual([503, '30', 1]);
    gateway.clock.turn(1001);
    expect((await send(gateway, again)).status).toBe(200);
  });
});
