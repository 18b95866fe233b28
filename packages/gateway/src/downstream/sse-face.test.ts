import { afterEach, describe, expect, test } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import { EventClient, question, said } from './event-client-fixture.js';
import {
  agentA,
  basicHeaders,
  completed,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  send,
  startGateway,
  stop,
} from './face-fixture.js';
import type { HubListener, SessionEnded } from './face-options.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

const asB = { Authorization: 'Bearer agent-b' };
const { 'Content-Type': _none, ...readHeaders } = basicHeaders;

interface OpenSse {
  readonly stream: EventClient;
  /** Where messages go. */
  readonly path: string;
  readonly say: (message: object, headers?: Headers) => ReturnType<typeof send>;
}

async function open(path = '/sse'): Promise<OpenSse> {
  const stream = new EventClient(gateway, { method: 'GET', path, headers: readHeaders });
  await stream.messages(1);
  const address = stream.events[0]?.data ?? '';
  const say = (message: object, headers: Headers = {}) =>
    send(gateway, {
      path: address,
      headers: { ...basicHeaders, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
  return { stream, path: address, say };
}

const initialize = (protocolVersion = '2024-11-05', capabilities: object = { roots: {} }) => ({
  id: 0,
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo: { name: 'c', version: '1' } },
});
const call = (id: unknown, more: object = {}) => ({
  id,
  method: 'tools/call',
  params: { name: 'x', ...more },
});

describe('a stream of HTTP+SSE', () => {
  test('begins with the address for messages, and carries every answer', async () => {
    await start();
    const { stream, path, say } = await open();
    expect((await stream.head).headers['content-type']).toBe('text/event-stream');
    expect(path).toMatch(/^\/messages\?sessionId=[\w-]{32}$/);
    expect(stream.events[0]?.event).toBe('endpoint');
    const answer = await say(initialize());
    expect([answer.status, answer.text]).toEqual([202, '']);
    expect((await stream.messages(2))[1].result.protocolVersion).toBe('2024-11-05');
    await say({ method: 'notifications/initialized' });
    await say(call('a'));
    expect((await stream.messages(3))[2]).toMatchObject({ id: 'a', result: { content: [] } });
    expect(gateway.calls[0]?.arrival).toEqual({
      transport: 'sse',
      revision: '2024-11-05',
      source: '127.0.0.1',
      session: path.split('=')[1],
    });
  });

  test.each([
    ['/sse', undefined],
    ['/sse/one', 'one'],
    ['/sse/t/dev', 't/dev'],
  ])('at %s serves the endpoint %s', async (path, endpoint) => {
    await start({ knowsEndpoint: (name) => ['one', 't/dev'].includes(name) });
    const { stream, say } = await open(path);
    await say(call(1));
    await stream.messages(2);
    expect(gateway.calls[0]?.endpoint).toBe(endpoint);
    expect((await send(gateway, { method: 'GET', path: '/sse/two', headers: readHeaders })).status).toBe(404);
  });

  test('carries progress, faults and what belongs to no request', async () => {
    let listener: HubListener | undefined;
    const join = (joined: HubListener) => {
      listener = joined;
      return () => undefined;
    };
    await start({
      hub: { join },
      govern: async (asked) => {
        asked.onProgress?.('{"progress":1}');
        return completed(asked, '{}');
      },
    });
    const { stream, say } = await open();
    await say(call(1, { _meta: { progressToken: 'p' } }));
    expect((await stream.messages(3))[1].params).toEqual({ progressToken: 'p', progress: 1 });
    await say({ id: 2, method: 'nonsense' });
    expect((await stream.messages(4))[3]).toMatchObject({ id: 2, error: { code: -32601 } });
    await say(initialize());
    listener?.deliver('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    expect((await stream.messages(6))[5].method).toBe('notifications/tools/list_changed');
  });

  test('puts questions to the client, and cancels what the client cancels', async () => {
    await start({
      govern: async (asked) => {
        const answer = await asked.ask?.(question('roots/list', '{}', asked.signal));
        return completed(asked, JSON.stringify({ said: said(answer) }));
      },
    });
    const { stream, say } = await open();
    await say(initialize());
    await say(call(1));
    expect((await stream.messages(3))[2]).toMatchObject({ id: 1, method: 'roots/list' });
    await say({ id: 1, result: { roots: [] } });
    expect((await stream.messages(4))[3].result.said).toBe('{"roots":[]}');
    await say(call(2));
    await stream.messages(5);
    await say({ method: 'notifications/cancelled', params: { requestId: 2 } });
    expect((await stream.messages(6))[5]).toMatchObject({ params: { requestId: 2 } });
    expect(gateway.calls[1]?.signal.aborted).toBe(true);
  });

  test('is the session: with its end calls are aborted, messages refused, and that is told once', async () => {
    const ended: SessionEnded[] = [];
    await start({
      sessionEnded: (event) => ended.push(event),
      govern: (asked) =>
        new Promise((resolve) =>
          asked.signal.addEventListener('abort', () => resolve(completed(asked, '{}'))),
        ),
    });
    const { stream, path, say } = await open();
    await say(initialize());
    await say(call(1));
    await stream.hangUp(gateway);
    expect(gateway.calls[0]?.signal.aborted).toBe(true);
    expect((await say(call(2))).status).toBe(404);
    expect(ended).toMatchObject([{ session: path.split('=')[1], principal: { id: 'agent-a' } }]);
  });

  test('is kept alive, is never idle, and ends when the gateway stops', async () => {
    const stopping = new Cancellation();
    await start({ stopping, sessions: { idleMs: 1000 } });
    const { stream, say } = await open();
    gateway.clock.turn(100_000);
    expect((await say({ id: 1, method: 'ping' })).status).toBe(202);
    await stream.messages(2);
    expect(stream.text.match(/^: keep-alive$/gm)).toHaveLength(10);
    stopping.abort();
    await stream.ended;
  });

  test('knows its client as it is known when a message comes, not as when the stream began', async () => {
    let labels: Record<string, string> = { team: 'red' };
    await start({ identify: () => ({ ...agentA, labels }) });
    const { stream, say } = await open();
    labels = { team: 'blue' };
    await say(call(1));
    await stream.messages(2);
    expect(gateway.calls[0]?.principal.labels).toEqual({ team: 'blue' });
  });

  test('is refused while the gateway does not accept, and its requests are answered so', async () => {
    let isAccepting = true;
    await start({ accepting: () => isAccepting });
    const { stream, say } = await open();
    isAccepting = false;
    expect((await send(gateway, { method: 'GET', path: '/sse', headers: readHeaders })).status).toBe(503);
    expect((await say({ id: 1, method: 'ping' })).status).toBe(202);
    expect((await stream.messages(2))[1].error.message).toContain('accepts no requests');
  });

  test('is one of so many that a principal may have open', async () => {
    await start({ streams: { perPrincipal: 1 } });
    await open();
    expect((await send(gateway, { method: 'GET', path: '/sse', headers: readHeaders })).status).toBe(429);
  });
});

describe('a message to a stream of HTTP+SSE', () => {
  test.each<[string, (path: string) => string, Headers]>([
    ['of somebody else', (path) => path, asB],
    ['that never was', () => '/messages?sessionId=attacker-chosen-0001', {}],
    ['that is named twice', (path) => `${path}&sessionId=x`, {}],
    ['that is not named', () => '/messages', {}],
  ])('%s is answered 404', async (_what, pathFor, headers) => {
    await start();
    const { path } = await open();
    const body = JSON.stringify({ jsonrpc: '2.0', ...call(1) });
    const sent = { path: pathFor(path), headers: { ...basicHeaders, ...headers }, body };
    expect((await send(gateway, sent)).status).toBe(404);
    expect(gateway.calls).toEqual([]);
  });

  test('needs a credential, a JSON body and a known Host like any other', async () => {
    await start();
    const { say } = await open();
    expect((await say(call(1), { Authorization: undefined })).status).toBe(401);
    expect((await say(call(1), { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await say(call(1), { Host: 'evil.example' })).status).toBe(403);
    expect((await say(call(1), { Origin: 'https://evil.example' })).status).toBe(403);
    const foreign = { ...readHeaders, Origin: 'https://evil.example' };
    expect((await send(gateway, { method: 'GET', path: '/sse', headers: foreign })).status).toBe(403);
    expect(gateway.calls).toEqual([]);
  });

  test('that is no message is refused where it came from', async () => {
    await start();
    const { path, say } = await open();
    const answer = await send(gateway, { path, headers: basicHeaders, body: '{"jsonrpc":' });
    expect([answer.status, answer.message.error.code]).toEqual([400, -32700]);
    expect((await say({ id: 1, method: 7 })).status).toBe(400);
    expect(gateway.invalid).toHaveLength(2);
  });

  test('cannot use the session of another transport, nor the other way round', async () => {
    await start();
    const { path, say } = await open();
    const { stream: _stream } = await open();
    await say(initialize());
    const asHeader = { ...basicHeaders, 'Mcp-Session-Id': path.split('=')[1] };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect((await send(gateway, { headers: asHeader, body })).status).toBe(404);
    const { headers } = await send(gateway, {
      headers: basicHeaders,
      body: JSON.stringify({ jsonrpc: '2.0', ...initialize() }),
    });
    const other = `/messages?sessionId=${String(headers['mcp-session-id'])}`;
    expect((await send(gateway, { path: other, headers: basicHeaders, body })).status).toBe(404);
  });

  test('in a modern revision is told where to go', async () => {
    await start();
    const { stream, say } = await open();
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    await say({ id: 1, method: 'tools/list', params: { _meta: meta } });
    expect((await stream.messages(2))[1].error.message).toContain('POST to /mcp');
  });

  test.each([
    ['POST', '/sse', 'GET'],
    ['DELETE', '/sse', 'GET'],
    ['GET', '/messages', 'POST'],
  ])('with %s to %s is answered 405', async (method, path, allowed) => {
    await start();
    const { status, headers } = await send(gateway, { method, path, headers: readHeaders });
    expect([status, headers.allow]).toEqual([405, allowed]);
  });
});
