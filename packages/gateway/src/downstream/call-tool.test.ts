import { afterEach, expect, test } from 'vitest';
import {
  type FakeGateway,
  type FakeOptions,
  legacy,
  modern,
  modernMeta,
  send,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

test('hands the arguments on byte for byte, with the value that the same bytes mean', async () => {
  await start();
  const args = '{ "id" : 12345678901234567890, "b":1.0,"a":"\\u00e9" }';
  const request = modern('tools/call', { name: 'echo', arguments: 0 });
  await send(gateway, {
    ...request,
    body: String(request.body).replace('"arguments":0', `"arguments":${args}`),
  });
  expect(gateway.calls[0]?.args).toEqual({ text: args, value: { id: 12345678901234567890n, b: 1, a: 'é' } });
});

test('leaves out arguments that did not come', async () => {
  await start();
  await send(gateway, modern('tools/call', { name: 'echo' }));
  expect(gateway.calls.map(({ args }) => args)).toEqual([undefined]);
});

test('hands on trace context and vendor keys, and nothing that belongs to this hop', async () => {
  await start();
  const meta = {
    ...modernMeta,
    'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
    progressToken: 7,
    traceparent: '00-x-y-01',
    'com.example/tag': { deep: [1] },
  };
  await send(gateway, modern('tools/call', { name: 'echo', _meta: meta }));
  expect([...(gateway.calls[0]?.meta ?? [])]).toEqual([
    ['traceparent', '"00-x-y-01"'],
    ['com.example/tag', '{"deep":[1]}'],
  ]);
});

test.each<[string, object]>([
  ['no name', {}],
  ['a name in an array', { name: ['delete_file'] }],
  ['arguments that are no object', { name: 'echo', arguments: [] }],
  ['arguments of null', { name: 'echo', arguments: null }],
  ['an unknown member', { name: 'echo', Arguments: {} }],
  ['answers nobody asked for', { name: 'echo', inputResponses: {} }],
  ['state nobody gave', { name: 'echo', requestState: 'x' }],
  ['a progress token that is no id', { name: 'echo', _meta: { progressToken: 1.5 } }],
])('refuses a call with %s', async (_what, params) => {
  await start();
  const { status, message } = await send(gateway, legacy({ id: 1, method: 'tools/call', params }));
  expect([status, message.error.code, gateway.calls]).toEqual([200, -32602, []]);
  expect(gateway.invalid).toHaveLength(1);
});

test('takes a call that offers to be a task as a plain one', async () => {
  await start();
  await send(gateway, legacy({ id: 1, method: 'tools/call', params: { name: 'echo', task: { ttl: 1 } } }));
  expect(gateway.calls).toHaveLength(1);
});

test.each(['', 'a'.repeat(129)])('does not know a tool whose name no tool can have', async (name) => {
  await start();
  const { message } = await send(gateway, legacy({ id: 1, method: 'tools/call', params: { name } }));
  expect([message.error.code, gateway.calls]).toEqual([-32602, []]);
  expect(message.error.message.length).toBeLessThan(200);
  expect(gateway.invalid).toMatchObject([{ reason: 'invalid_tool_name' }]);
});

test('says a name as long as a body in few words', async () => {
  await start();
  const request = modern('tools/call', { name: 'a'.repeat(100_000) });
  const answer = await send(gateway, { ...request, headers: { ...request.headers, 'Mcp-Name': 'x' } });
  expect([answer.status, answer.message.error.code]).toEqual([400, -32020]);
  expect(answer.text.length).toBeLessThan(1000);
});

test('says nothing of what broke inside', async () => {
  await start({ govern: () => Promise.reject(new Error('secret path /etc')) });
  const { status, text } = await send(gateway, modern('tools/call', { name: 'echo' }));
  expect(status).toBe(200);
  expect(text).toBe('{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}}');
});
