import { afterEach, describe, expect, test } from 'vitest';
import {
  batch,
  call,
  cancel,
  codesIn,
  initialized,
  ping,
  raw,
  response,
  sessionOf,
  v2025March,
} from './batch-fixture.js';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  legacy,
  type Message,
  type Sent,
  send,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

describe('a batch of revision 2025-03-26', () => {
  test.each<[string, Headers]>([
    ['no version', {}],
    ['its version', v2025March],
  ])('is answered as one JSON array without a session and with %s', async (_what, headers) => {
    await start();
    const answer = await send(gateway, batch([ping('a'), ping(2)], headers));
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(answer.text).toBe('[{"jsonrpc":"2.0","id":"a","result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]');
  });

  test('is accepted in a session that agreed on it, and its calls carry the session', async () => {
    await start();
    const session = await sessionOf(gateway, '2025-03-26');
    expect((await send(gateway, batch([call(1)], { ...session, ...v2025March }))).status).toBe(200);
    expect((await send(gateway, { ...batch([call(1)], session), path: '/mcp/one' })).status).toBe(404);
    const arrival = {
      transport: 'http',
      revision: '2025-03-26',
      source: '127.0.0.1',
      session: session['Mcp-Session-Id'],
    };
    expect(gateway.calls.map((made) => made.arrival)).toEqual([arrival]);
  });

  test('has each call governed by itself, with the exact bytes of its arguments', async () => {
    await start();
    const args = '{ "n": 12345678901234567890, "f": 1.0, "b": "],[" }';
    const one = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":${args}}}`;
    const sent = raw(` \r\n\t[ ${one} ,\n${JSON.stringify(call(2, 'y'))} ]`);
    expect((await send(gateway, { ...sent, path: '/mcp/one' })).status).toBe(200);
    expect(gateway.calls.map(({ target, endpoint }) => [target, endpoint])).toEqual([
      ['x', 'one'],
      ['y', 'one'],
    ]);
    expect(gateway.calls[0]?.args?.text).toBe(args);
    expect(new Set(gateway.calls.map(({ id }) => id)).size).toBe(2);
  });

  test('is answered in the order of its requests, in whatever order they end', async () => {
    const last = deferred();
    await start({
      govern: async (asked) => {
        if (asked.target === 'last') last.resolve();
        else await last.promise;
        return completed(asked, `{"was":"${asked.target}"}`);
      },
    });
    const { text } = await send(
      gateway,
      batch([call(3, 'first'), initialized, call(1, 'mid'), call(2, 'last')]),
    );
    expect((JSON.parse(text) as Message[]).map(({ id, result }) => [id, result.was])).toEqual([
      [3, 'first'],
      [1, 'mid'],
      [2, 'last'],
    ]);
  });

  test('of notifications and responses alone is answered 202 without a body', async () => {
    await start();
    const answer = await send(gateway, batch([initialized, response, response, cancel(7)]));
    expect([answer.status, answer.text]).toEqual([202, '']);
  });

  test('has the fault of one message answered in its place and recorded, and the others go on', async () => {
    await start();
    const { status, text } = await send(
      gateway,
      batch([
        call(1, 'echo', { arguments: [] }),
        { ...ping(2), method: 'tasks/list' },
        { ...ping(3), params: { _meta: 'x' } },
        { ...ping(4), Method: 'tools/call' },
        { ...initialized, params: [] },
        ping(null),
        'ping',
        7,
        { ...call(undefined), id: undefined },
        call(5),
      ]),
    );
    expect(status).toBe(200);
    expect(codesIn(text)).toEqual([
      [1, -32602],
      [2, -32601],
      [3, -32602],
      [4, -32600],
      [null, -32600],
      [null, -32600],
      [null, -32600],
      [null, -32600],
      [5, undefined],
    ]);
    expect([gateway.calls.length, gateway.invalid.length]).toEqual([1, 9]);
  });

  test('has a fault of ours answered without its cause, and the others go on', async () => {
    await start({
      govern: async (asked) => {
        if (asked.target === 'broken') throw new TypeError('secret');
        return completed(asked, '{}');
      },
    });
    const { text } = await send(gateway, batch([call(1, 'broken'), call(2)]));
    expect(text).not.toContain('secret');
    expect(codesIn(text)).toEqual([
      [1, -32603],
      [2, undefined],
    ]);
  });

  test('of responses that answer nothing has each recorded', async () => {
    await start();
    expect((await send(gateway, batch([response, { ...response, id: 'x' }]))).status).toBe(202);
    expect(gateway.invalid).toHaveLength(2);
  });

  test('may have fifty messages', async () => {
    await start();
    const { text } = await send(gateway, batch(Array.from({ length: 50 }, (_, id) => ping(id))));
    expect(codesIn(text)).toHaveLength(50);
  });

  test('is answered 503 as a whole while the gateway does not accept, unless it asks nothing', async () => {
    await start({ accepting: () => false });
    const { status, headers, message } = await send(gateway, batch([initialized, call(1)]));
    expect([status, headers['retry-after'], message.id, gateway.calls]).toEqual([503, '1', null, []]);
    expect((await send(gateway, batch([cancel(1)]))).status).toBe(202);
  });
});

describe('a request of a batch', () => {
  const endsIn = (text: string) => (JSON.parse(text) as Message[]).map(({ id, result }) => [id, result.was]);

  /** Calls end when they are aborted, or when the test says so; `begun` once both are under way. */
  async function startSlow(): Promise<{ begun: Promise<void>; end: () => void }> {
    const begun = deferred();
    const ended = deferred();
    await start({
      govern: (asked) =>
        new Promise((resolve) => {
          const say = (was: string) => resolve(completed(asked, `{"was":"${was}"}`));
          asked.signal.addEventListener('abort', () => say('aborted'));
          void ended.promise.then(() => say('done'));
          if (gateway.calls.length === 2) begun.resolve();
        }),
    });
    return { begun: begun.promise, end: ended.resolve };
  }

  test.each<[string, (id: unknown) => Sent]>([
    ['a message', (id) => legacy(cancel(id))],
    ['another batch', (id) => batch([initialized, cancel(id)])],
  ])('is cancelled by its id in %s, and the others go on', async (_what, cancelling) => {
    const { begun, end } = await startSlow();
    const answer = send(gateway, batch([call(1), call('1')]));
    await begun;
    expect((await send(gateway, cancelling('1'))).status).toBe(202);
    end();
    expect(endsIn((await answer).text)).toEqual([
      [1, 'done'],
      ['1', 'aborted'],
    ]);
  });

  test('is cancelled from within its batch', async () => {
    const { end, begun } = await startSlow();
    const answer = send(gateway, batch([call(1), call(2), cancel(1)]));
    await begun;
    expect(gateway.calls.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    end();
    expect(endsIn((await answer).text)).toEqual([
      [1, 'aborted'],
      [2, 'done'],
    ]);
  });

  test('ends with its session, and cannot be cancelled from outside of it', async () => {
    const { begun } = await startSlow();
    const session = await sessionOf(gateway, '2025-03-26');
    const answer = send(gateway, batch([call(1), call(2)], session));
    await begun;
    await send(gateway, batch([cancel(1)]));
    expect(gateway.calls[0]?.signal.aborted).toBe(false);
    await send(gateway, { ...batch([], session), method: 'DELETE', body: '' });
    expect(endsIn((await answer).text)).toEqual([
      [1, 'aborted'],
      [2, 'aborted'],
    ]);
  });

  test('can be cancelled no more once the batch is answered', async () => {
    await start();
    await send(gateway, batch([call(1)]));
    await send(gateway, legacy(cancel(1)));
    expect(gateway.calls[0]?.signal.aborted).toBe(false);
  });
});
