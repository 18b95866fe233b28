import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Call } from '../model/call.js';
import { callOf, EventClient, sessionWith } from './event-client-fixture.js';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  legacy,
  modern,
  modernMeta,
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

const withToken = (progressToken: unknown) =>
  modern('tools/call', { name: 'slow', _meta: { ...modernMeta, progressToken } });

const reportTwice = async (call: Call) => {
  call.onProgress?.('{"progressToken":"upstream-1","progress":1,\n"total":2.0}');
  call.onProgress?.('{"progress":2,"progressToken":"upstream-1","message":"\u2028"}');
  return completed(call, '{"content":[\n]}');
};

test('progress comes under the caller’s token before the answer, each on a line of its own', async () => {
  await start({ govern: reportTwice });
  const { headers, text } = await send(gateway, withToken('mine'));
  expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  const notification = (rest: string) =>
    `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine",${rest}}}\n\n`;
  expect(text).toBe(
    notification('"progress":1,"total":2.0') +
      notification('"progress":2,"message":"\\u2028"') +
      'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[ ]}}\n\n',
  );
});

test('a call without progress is answered as plain JSON', async () => {
  await start({ govern: async (call) => completed(call, '{}') });
  const { headers } = await send(gateway, withToken(12345));
  expect(headers['content-type']).toBe('application/json');
});

test('a client that takes no event stream gets the answer alone', async () => {
  await start({ govern: reportTwice });
  const asked = withToken(1);
  const { headers, text } = await send(gateway, {
    ...asked,
    headers: { ...asked.headers, Accept: 'application/json' },
  });
  expect(headers['content-type']).toBe('application/json');
  expect(text).not.toContain('progress');
  expect(gateway.calls[0]?.onProgress).toBeUndefined();
});

test('after ten silent seconds the stream opens and says that it lives', async () => {
  const begun = deferred();
  const ended = deferred();
  await start({
    govern: async (call) => {
      begun.resolve();
      await ended.promise;
      return completed(call, '{}');
    },
  });
  const answer = send(gateway, modern('tools/call', { name: 'slow' }));
  await begun.promise;
  gateway.clock.turn(25_000);
  ended.resolve();
  const { headers, text } = await answer;
  expect(headers['content-type']).toBe('text/event-stream');
  expect(text.match(/^: keep-alive$/gm)).toHaveLength(2);
  expect((await answer).message.result).toEqual({ resultType: 'complete' });
});

test.each([
  ['2025-06-18', 0],
  ['2025-11-25', 1],
])(
  'a silent call in a session of %s becomes a stream that its client can come back to',
  async (revision, primings) => {
    const begun = deferred();
    const ended = deferred();
    await start({
      govern: async (call) => {
        begun.resolve();
        await ended.promise;
        return completed(call, '{}');
      },
    });
    const session = await sessionWith(gateway, {}, revision);
    const answer = new EventClient(gateway, callOf(1, session, { _meta: { progressToken: 't' } }));
    await begun.promise;
    gateway.clock.turn(30_000);
    ended.resolve();
    await answer.ended;
    expect(answer.text.match(/^: keep-alive$/gm)).toHaveLength(3);
    expect(answer.text.match(/^id: [\w-]{12}\.0\nretry: 1000\ndata: \n/gm) ?? []).toHaveLength(primings);
    const [progress, reply] = await answer.messages(2);
    expect(progress.params).toMatchObject({
      progressToken: 't',
      message: expect.stringMatching(/30 seconds/),
    });
    expect(reply).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  },
);

/** Sends a request and hangs up once the call has begun; says whether the call was aborted by then. */
async function hangUp(sent: Sent): Promise<boolean> {
  const aborted = deferred();
  const begun = deferred();
  const ended = deferred();
  let wasAborted = false;
  await start({
    govern: async (call) => {
      call.signal.addEventListener('abort', () => {
        wasAborted = true;
        aborted.resolve();
      });
      call.onProgress?.('{"progress":1}');
      begun.resolve();
      await ended.promise;
      call.onProgress?.('{"progress":2}');
      return completed(call, '{}');
    },
  });
  const closed = deferred();
  gateway.server.on('connection', (socket) => socket.once('close', () => setImmediate(closed.resolve)));
  const outgoing = request({
    port: gateway.port,
    method: 'POST',
    path: '/mcp',
    headers: sent.headers as NodeJS.Dict<string>,
  });
  outgoing.on('error', () => {});
  outgoing.end(sent.body);
  await begun.promise;
  outgoing.destroy();
  await closed.promise;
  const seen = wasAborted;
  ended.resolve();
  return seen;
}

test('a modern client cancels by hanging up', async () => {
  expect(await hangUp(modern('tools/call', { name: 'slow' }))).toBe(true);
});

test('a legacy client that hangs up has not cancelled', async () => {
  expect(await hangUp(legacy({ id: 1, method: 'tools/call', params: { name: 'slow' } }))).toBe(false);
});

test.each([
  withToken(1),
  legacy({ id: 1, method: 'tools/call', params: { name: 's', _meta: { progressToken: 1 } } }),
])('an answer that nobody hears any more does no harm', async (sent) => {
  await hangUp(sent);
  expect((await send(gateway, { method: 'GET', path: '/livez' })).text).toBe('control');
});
