import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { agentA, completed, deferred, fakeFace, modernMeta, toolOf } from './face-fixture.js';
import { serveStdio } from './stdio-face.js';
import { startStdio as start } from './stdio-fixture.js';

const discover = { id: 'probe', method: 'server/discover', params: { _meta: modernMeta } };
const initialize = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {} },
};
const callOf = (id: unknown, name = 'echo', meta?: object) => ({
  id,
  method: 'tools/call',
  params: { name, ...(meta && { _meta: meta }) },
});

test('a client that gives up probing and initializes is served all the same', async () => {
  const client = start();
  client.say(discover, initialize, { method: 'notifications/initialized' }, callOf(1));
  await client.heard(3);
  expect(client.messages().map(({ id }) => id)).toEqual(['probe', 0, 1]);
  expect(client.messages()[0]?.result.supportedVersions).toEqual(['2026-07-28']);
  expect(client.messages()[1]?.result.protocolVersion).toBe('2025-06-18');
  expect(client.calls[0]?.arrival).toEqual({
    transport: 'stdio',
    revision: '2025-06-18',
    session: 'stdio',
  });
});

test('both eras are served at once, also after a modern call', async () => {
  const client = start();
  client.say(callOf(1, 'echo', modernMeta), initialize, callOf(2));
  await client.heard(3);
  expect(client.calls.map(({ arrival }) => arrival.revision)).toEqual(['2026-07-28', '2025-06-18']);
});

test('a modern request without capabilities is refused', async () => {
  const client = start();
  client.say(callOf(1, 'echo', { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }));
  await client.heard(1);
  expect(client.messages()[0]?.error.code).toBe(-32602);
});

test('requests are answered as they end, not as they came', async () => {
  const slow = deferred();
  const client = start({
    govern: async (call) => {
      if (call.target === 'slow') await slow.promise;
      return completed(call, '{}');
    },
  });
  client.say(callOf(1, 'slow'), callOf(2, 'fast'));
  await client.heard(1);
  slow.resolve();
  await client.heard(2);
  expect(client.messages().map(({ id }) => id)).toEqual([2, 1]);
});

test('a cancelled request is aborted and gets no answer', async () => {
  const client = start({
    govern: (call) =>
      new Promise((resolve) => call.signal.addEventListener('abort', () => resolve(completed(call, '{}')))),
  });
  client.say(
    callOf(1),
    { method: 'notifications/cancelled', params: { requestId: 1 } },
    { id: 2, method: 'ping' },
  );
  client.input.end();
  await client.done;
  expect(client.messages().map(({ id }) => id)).toEqual([2]);
});

test('every message is one line, whatever the upstream sent', async () => {
  const client = start({ govern: async (call) => completed(call, '{\r\n"a": "\u2028\u2029"\n}') });
  client.say(callOf(1));
  await client.heard(1);
  expect(client.lines()).toEqual(['{"jsonrpc":"2.0","id":1,"result":{  "a": "\\u2028\\u2029" }}']);
});

test('the end of the input lets requests under way finish, the last line included', async () => {
  const ended = deferred();
  const client = start({
    govern: async (call) => {
      await ended.promise;
      return completed(call, '{}');
    },
  });
  client.input.end(JSON.stringify({ jsonrpc: '2.0', ...callOf(1) }));
  const order: string[] = [];
  const done = client.done.then(() => order.push('done'));
  client.input.once('close', () => {
    order.push('closed');
    ended.resolve();
  });
  await done;
  expect(order).toEqual(['closed', 'done']);
  expect(client.messages().map(({ id }) => id)).toEqual([1]);
});

test('ends and aborts what is under way when nobody reads any more', async () => {
  const begun = deferred();
  const client = start({
    govern: (call) =>
      new Promise((resolve) => {
        call.signal.addEventListener('abort', () => resolve(completed(call, '{}')));
        begun.resolve();
      }),
  });
  client.say(callOf(1));
  await begun.promise;
  client.output.destroy(new Error('EPIPE'));
  await client.done;
  expect(client.calls[0]?.signal.aborted).toBe(true);
});

test('progress is written under the caller’s token', async () => {
  const client = start({
    govern: async (call) => {
      call.onProgress?.('{"progress":1}');
      return completed(call, '{}');
    },
  });
  client.say(callOf(1, 'echo', { progressToken: 'p' }));
  await client.heard(2);
  expect(client.lines()[0]).toBe(
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}',
  );
});

test('progress for a client that does not read is dropped beyond a megabyte, and the answer still comes', async () => {
  const written: string[] = [];
  let most = 0;
  let read = (): void => {};
  const output = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      written.push(line);
      if (written.length > 1) done();
      else read = done;
    },
  });
  const { face } = fakeFace({
    govern: async (call) => {
      for (let index = 0; index < 5000; index++) call.onProgress?.(`{"message":"${'x'.repeat(1000)}"}`);
      most = output.writableLength;
      read();
      return completed(call, '{}');
    },
  });
  const input = new PassThrough();
  const done = serveStdio({ ...face, input, output, principal: agentA });
  input.end(JSON.stringify({ jsonrpc: '2.0', ...callOf(1, 'echo', { progressToken: 'p' }) }));
  await done;
  expect(most).toBeGreaterThan(1_000_000);
  expect(most).toBeLessThan(1_100_000);
  expect(written.filter((line) => line !== '').at(-1)).toBe('{"jsonrpc":"2.0","id":1,"result":{}}\n');
});

test('what is no message is answered, recorded and does not disturb the next', async () => {
  const client = start({ maxLineBytes: 100 });
  client.input.write(`nonsense\n\n \r\n[]\n${'x'.repeat(1000)}\n`);
  client.input.write(Buffer.from([0xff, 0x0a]));
  client.say({ id: 1, result: {} }, { method: 'tools/call', params: {} }, { id: 2, method: 'ping' });
  await client.heard(5);
  expect(client.messages().map(({ id, error }) => [id, error?.code])).toEqual([
    [null, -32700],
    [null, -32600],
    [null, -32700],
    [null, -32700],
    [2, undefined],
  ]);
  // The response answers nothing that was asked.
  expect(client.invalid).toHaveLength(6);
});

const batchOf = (...sent: object[]) =>
  `${JSON.stringify(sent.map((message) => ({ jsonrpc: '2.0', ...message })))}\n`;

test('a batch is answered by one line, without what was cancelled, where 2025-03-26 was agreed', async () => {
  const client = start({
    govern: (call) =>
      new Promise((resolve) => {
        call.onProgress?.('{"progress":1}');
        if (call.target === 'fast') resolve(completed(call, '{\n}'));
        else call.signal.addEventListener('abort', () => resolve(completed(call, '{}')));
      }),
  });
  client.say({ ...initialize, params: { ...initialize.params, protocolVersion: '2025-03-26' } });
  const cancel = (requestId: number) => ({ method: 'notifications/cancelled', params: { requestId } });
  client.input.write(batchOf(callOf(1, 'slow'), cancel(1)));
  client.input.end(
    batchOf(callOf(2, 'slow'), cancel(2), callOf(3, 'fast', { progressToken: 1 }), { id: 4, method: 'ping' }),
  );
  await client.done;
  expect(client.lines().slice(1)).toEqual([
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}',
    '[{"jsonrpc":"2.0","id":3,"result":{ }},{"jsonrpc":"2.0","id":4,"result":{}}]',
  ]);
  expect(client.calls[2]?.arrival).toEqual({
    transport: 'stdio',
    revision: '2025-03-26',
    session: 'stdio',
  });
});

test('a batch is refused before anything, or anything but 2025-03-26, was agreed', async () => {
  const client = start();
  client.input.write(batchOf(callOf(1)));
  client.say(initialize);
  client.input.end(batchOf(callOf(2)));
  await client.done;
  const refused = [null, -32600];
  expect(client.messages().map(({ id, error }) => [id, error?.code])).toEqual([
    refused,
    [0, undefined],
    refused,
  ]);
  expect([client.calls.length, client.invalid.length]).toEqual([0, 2]);
});

test('serves one upstream where it is told to', async () => {
  const client = start({ endpoint: 'one', tools: [toolOf('{"name":"a"}')] });
  client.say({ id: 1, method: 'tools/list' }, callOf(2, 'a'));
  await client.heard(2);
  expect(client.messages()[0]?.result.tools).toEqual([{ name: 'a' }]);
  expect(client.calls[0]?.endpoint).toBe('one');
});
