import { afterEach, describe, expect, test } from 'vitest';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  legacy,
  send,
  startGateway,
  stop,
  toolOf,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

const asB = { Authorization: 'Bearer agent-b' };
const ping = (headers: Headers = {}) => legacy({ id: 2, method: 'ping' }, headers);

async function initialize(protocolVersion = '2025-11-25', headers: Headers = {}): Promise<string> {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const answer = await send(gateway, legacy({ id: 1, method: 'initialize', params }, headers));
  expect(answer.status).toBe(200);
  return String(answer.headers['mcp-session-id']);
}

describe('a legacy conversation', () => {
  test.each([
    ['2024-11-05', '2024-11-05'],
    ['2025-03-26', '2025-03-26'],
    ['2025-06-18', '2025-06-18'],
    ['2025-11-25', '2025-11-25'],
    ['2099-01-01', '2025-11-25'],
  ])('that asks for %s agrees on %s', async (asked, agreed) => {
    await start();
    const params = { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const { message } = await send(gateway, legacy({ id: 1, method: 'initialize', params }));
    expect(message.result).toEqual({
      protocolVersion: agreed,
      capabilities: expect.objectContaining({ tools: { listChanged: true } }),
      serverInfo: { name: 'sallyport', version: '0.0.0' },
    });
  });

  test('keeps its session from initialize to DELETE', async () => {
    await start();
    const id = await initialize('2025-06-18');
    const headers = { 'Mcp-Session-Id': id, 'MCP-Protocol-Version': '2025-06-18' };
    expect((await send(gateway, legacy({ method: 'notifications/initialized' }, headers))).status).toBe(202);
    await send(gateway, legacy({ id: 2, method: 'tools/call', params: { name: 'echo' } }, headers));
    expect(gateway.calls[0]?.arrival).toEqual({
      transport: 'http',
      revision: '2025-06-18',
      session: id,
      source: '127.0.0.1',
    });
    expect((await send(gateway, { ...ping(headers), method: 'DELETE', body: '' })).status).toBe(200);
    expect((await send(gateway, ping(headers))).status).toBe(404);
  });

  test('works without a session, and without a version means 2025-03-26', async () => {
    await start();
    const call = { id: 1, method: 'tools/call', params: { name: 'echo' } };
    await send(gateway, legacy(call));
    await send(gateway, legacy(call, { 'MCP-Protocol-Version': '2025-11-25' }));
    expect(gateway.calls.map(({ arrival }) => arrival.revision)).toEqual(['2025-03-26', '2025-11-25']);
  });

  test('answers an unknown method with 200, a removed one of the other era as well', async () => {
    await start();
    for (const method of ['tasks/list', 'subscriptions/listen', 'server/discover']) {
      const { status, message } = await send(gateway, legacy({ id: 1, method }));
      expect([status, message.error.code]).toEqual([200, -32601]);
    }
  });

  test('lists tools without what only modern clients know', async () => {
    await start({ tools: [toolOf('{"name":"a"}')] });
    const { text } = await send(gateway, legacy({ id: 1, method: 'tools/list' }));
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}');
  });

  test('is refused when its header names a revision that nobody knows', async () => {
    await start();
    const { status, message } = await send(gateway, ping({ 'MCP-Protocol-Version': '2019-01-01' }));
    expect([status, message.error.code]).toEqual([400, -32022]);
  });

  test('speaks what its session agreed on, whichever legacy revision its header names', async () => {
    await start();
    const id = await initialize('2025-11-25');
    const headers = { 'Mcp-Session-Id': id, 'MCP-Protocol-Version': '2025-03-26' };
    expect((await send(gateway, ping(headers))).status).toBe(200);
    const batch = { ...ping(headers), body: '[{"jsonrpc":"2.0","id":1,"method":"ping"}]' };
    expect((await send(gateway, batch)).status).toBe(400);
  });
});

describe('cancelling', () => {
  const call = (headers: Headers = {}) =>
    legacy({ id: 42, method: 'tools/call', params: { name: 'slow' } }, headers);
  const cancel = (requestId: unknown, headers: Headers = {}) =>
    legacy({ method: 'notifications/cancelled', params: { requestId } }, headers);

  /** Calls end when they are aborted, or when the test says so; `begun` once so many are under way. */
  async function startSlow(
    options: FakeOptions = {},
    calls = 1,
  ): Promise<{ begun: Promise<void>; end: () => void }> {
    const begun = deferred();
    const ended = deferred();
    await start({
      ...options,
      govern: (asked) =>
        new Promise((resolve) => {
          const say = (tag: string) => resolve(completed(asked, `{"tag":"${tag}"}`));
          asked.signal.addEventListener('abort', () => say('aborted'));
          void ended.promise.then(() => say('mine'));
          if (gateway.calls.length === calls) begun.resolve();
        }),
    });
    return { begun: begun.promise, end: ended.resolve };
  }

  test('ends the caller’s own request of that id', async () => {
    const { begun } = await startSlow();
    const answer = send(gateway, call());
    await begun;
    expect((await send(gateway, cancel(42))).status).toBe(202);
    expect((await answer).message.result.tag).toBe('aborted');
  });

  test.each<[string, unknown, Headers]>([
    ['another caller', 42, asB],
    ['another type of id', '42', {}],
    ['another id', 43, {}],
    ['no id', undefined, {}],
  ])('has no effect with %s', async (_what, id, headers) => {
    const { begun, end } = await startSlow();
    const answer = send(gateway, call());
    await begun;
    expect((await send(gateway, cancel(id, headers))).status).toBe(202);
    end();
    expect((await answer).message.result.tag).toBe('mine');
  });

  test('works while the gateway drains', async () => {
    let draining = false;
    const { begun } = await startSlow({ accepting: () => !draining });
    const answer = send(gateway, call());
    await begun;
    draining = true;
    expect((await send(gateway, call())).status).toBe(503);
    expect((await send(gateway, cancel(42))).status).toBe(202);
    expect((await answer).message.result.tag).toBe('aborted');
  });

  test('is what the end of a session means for its requests, also while the gateway drains', async () => {
    let draining = false;
    const { begun, end } = await startSlow({ accepting: () => !draining }, 2);
    const [mine, other] = [await initialize(), await initialize()];
    const ended = send(gateway, call({ 'Mcp-Session-Id': mine }));
    const kept = send(gateway, call({ 'Mcp-Session-Id': other }));
    await begun;
    draining = true;
    const goodbye = legacy({}, { 'Mcp-Session-Id': mine });
    expect((await send(gateway, { ...goodbye, method: 'DELETE', body: '' })).status).toBe(200);
    expect((await ended).message.result.tag).toBe('aborted');
    end();
    expect((await kept).message.result.tag).toBe('mine');
  });

  test('has no effect once the answer is given', async () => {
    await start();
    await send(gateway, call());
    await send(gateway, cancel(42));
    expect(gateway.calls[0]?.signal.aborted).toBe(false);
  });

  test('has no effect from another session of the same caller', async () => {
    const { begun, end } = await startSlow();
    const session = await initialize();
    const answer = send(gateway, call({ 'Mcp-Session-Id': session }));
    await begun;
    await send(gateway, cancel(42));
    await send(gateway, cancel(42, { 'Mcp-Session-Id': await initialize() }));
    end();
    expect((await answer).message.result.tag).toBe('mine');
  });
});
