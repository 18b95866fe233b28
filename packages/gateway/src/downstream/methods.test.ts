import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../model/call.js';
import {
  completed,
  type FakeGateway,
  type FakeOptions,
  type Headers,
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

/** A modern request with the headers that its body asks for. */
function modernly(method: string, params: Record<string, unknown> = {}) {
  const request = modern(method, params);
  const { uri } = params;
  return typeof uri === 'string' ? { ...request, headers: { ...request.headers, 'Mcp-Name': uri } } : request;
}

async function session(revision = '2025-11-25'): Promise<Headers> {
  const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const { headers } = await send(gateway, legacy({ id: 1, method: 'initialize', params }));
  return { 'Mcp-Session-Id': String(headers['mcp-session-id']) };
}

describe('what a request is about', () => {
  const cases: [string, Record<string, unknown>, Partial<Call>][] = [
    ['tools/call', { name: 'echo', arguments: { a: 1 } }, { kind: 'tool', target: 'echo' }],
    ['prompts/get', { name: 'review', arguments: { a: 'b' } }, { kind: 'prompt', target: 'review' }],
    ['resources/read', { uri: 'file:///a' }, { kind: 'resource', target: 'file:///a', args: undefined }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'review' }, argument: { name: 'a', value: 'b' } },
      { kind: 'prompt', target: 'review' },
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'file:///{path}' }, argument: { name: 'path', value: '' } },
      { kind: 'template', target: 'file:///{path}' },
    ],
  ];

  test.each(cases)('%s is governed in both eras', async (method, params, expected) => {
    await start();
    await send(gateway, legacy({ id: 1, method, params }));
    await send(gateway, modernly(method, params));
    expect(gateway.calls).toMatchObject([
      { method, ...expected },
      { method, ...expected },
    ]);
  });

  test('policy sees of a completion what was typed and what is there already, byte for byte', async () => {
    await start();
    const argument = { name: 'a', value: 'b' };
    const context = { arguments: { n: 'x' } };
    const ref = { type: 'ref/prompt', name: 'p' };
    await send(gateway, legacy({ id: 1, method: 'completion/complete', params: { context, ref, argument } }));
    expect(gateway.calls[0]?.args).toEqual({
      text: `{"argument":${JSON.stringify(argument)},"context":${JSON.stringify(context)}}`,
      value: { argument, context },
    });
  });
});

test.each<[string, Record<string, unknown>]>([
  ['prompts/get', {}],
  ['prompts/get', { name: 'p', arguments: [] }],
  ['prompts/get', { name: 'p', Arguments: {} }],
  ['prompts/get', { name: 'p', requestState: 'x' }],
  ['resources/read', {}],
  ['resources/read', { uri: 7 }],
  ['resources/read', { uri: 'file:///a', arguments: {} }],
  ['resources/subscribe', { uri: ['file:///a'] }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' } }],
  ['completion/complete', { ref: { type: 'ref/tool', name: 'p' }, argument: { name: 'a', value: 'b' } }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'p', uri: 'u' }, argument: { name: 'a', value: 'b' } },
  ],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 1 } }],
  ['prompts/list', { cursor: 'nobody gave it out' }],
  ['tools/list', { filter: 'x' }],
  ['logging/setLevel', { level: 'loud' }],
])('%s with %j is refused and recorded', async (method, params) => {
  await start();
  const headers = await session();
  const { status, message } = await send(gateway, legacy({ id: 2, method, params }, headers));
  expect([status, message.error.code, gateway.calls]).toEqual([200, -32602, []]);
  expect(gateway.invalid).toHaveLength(1);
});

describe('what is told about the gateway', () => {
  const announced: FakeOptions = {
    instructions: (endpoint) => `Welcome to ${endpoint ?? 'all'}.`,
    extensions: () => ({ 'com.example/x': { v: 1 } }),
  };

  test('is everything that it routes, and the extensions that it relays', async () => {
    await start(announced);
    const { message } = await send(gateway, modern('server/discover'));
    expect(message.result).toMatchObject({
      instructions: 'Welcome to all.',
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
        extensions: { 'com.example/x': { v: 1 } },
      },
    });
  });

  test('has nothing in it that the revision does not know', async () => {
    await start();
    const params = {
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: { name: 'c', version: '1' },
    };
    const { message } = await send(gateway, legacy({ id: 1, method: 'initialize', params }));
    expect(Object.keys(message.result.capabilities)).toEqual(['tools', 'prompts', 'resources', 'logging']);
    expect(message.result).not.toHaveProperty('instructions');
  });

  test('is said for the endpoint that is asked', async () => {
    await start(announced);
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'c', version: '1' },
    };
    const request = { ...legacy({ id: 1, method: 'initialize', params }), path: '/mcp/one' };
    expect((await send(gateway, request)).message.result.instructions).toBe('Welcome to one.');
  });
});

describe('what a client declares', () => {
  const capabilities = {
    extensions: { 'com.example/x': { v: 1 }, 'com.example/y': {} },
    tasks: {},
    roots: {},
  };
  const relayed = { roots: {}, extensions: { 'com.example/x': { v: 1 } } };

  test.each([
    ['the extensions that are relayed', ['com.example/x'], relayed],
    ['no extension where none is relayed', [], { roots: {} }],
  ])('goes upstream with %s', async (_what, names, expected) => {
    const extensions = () => Object.fromEntries(names.map((name) => [name, {}]));
    await start({ extensions });
    const _meta = { ...modernMeta, 'io.modelcontextprotocol/clientCapabilities': capabilities };
    await send(gateway, modern('tools/call', { name: 'echo', _meta }));
    const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } };
    const { headers } = await send(gateway, legacy({ id: 1, method: 'initialize', params }));
    const session = { 'Mcp-Session-Id': String(headers['mcp-session-id']) };
    await send(gateway, legacy({ id: 2, method: 'tools/call', params: { name: 'echo' } }, session));
    const declared = gateway.calls.map(({ client }): unknown => JSON.parse(client.capabilities));
    expect(declared).toEqual([expected, expected]);
  });
});

describe('a method that the protocol does not have', () => {
  test('is unknown, in the way of each era, and recorded', async () => {
    await start();
    const old = await send(gateway, legacy({ id: 1, method: 'x/y' }));
    expect([old.status, old.message.error.code]).toEqual([200, -32601]);
    const young = await send(gateway, modern('x/y'));
    expect([young.status, young.message.error.code]).toEqual([404, -32601]);
    expect([gateway.calls.length, gateway.invalid.length]).toEqual([0, 2]);
  });

  test('is a call where it is relayed, and policy sees its params', async () => {
    await start({
      relays: (method) => method === 'x/y',
      govern: async (call) => completed(call, '{"n":1.0}'),
    });
    const params = { b: 1, a: { _meta: 1 }, _meta: { traceparent: '00' } };
    const { text } = await send(gateway, legacy({ id: 1, method: 'x/y', params }));
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{"n":1.0}}');
    expect(gateway.calls[0]).toMatchObject({ kind: 'method', method: 'x/y', target: 'x/y' });
    expect(gateway.calls[0]?.args).toEqual({
      text: '{"b":1,"a":{"_meta":1}}',
      value: { b: 1, a: { _meta: 1 } },
    });
    expect([...(gateway.calls[0]?.meta ?? [])]).toEqual([['traceparent', '"00"']]);
  });

  test('that is hidden answers exactly as one that is not relayed', async () => {
    await start({ relays: () => true, govern: async (call) => ({ kind: 'unknown', callId: call.id }) });
    const hidden = await send(gateway, modern('x/y'));
    stop(gateway);
    await start();
    const absent = await send(gateway, modern('x/y'));
    expect([hidden.status, hidden.text]).toEqual([absent.status, absent.text]);
  });
});

describe('following a resource', () => {
  const subscribe = (method: string, headers: Headers) =>
    send(gateway, legacy({ id: 2, method, params: { uri: 'file:///a' } }, headers));

  test('is a call, and taking it back tells the upstream', async () => {
    const unfollowed: unknown[] = [];
    await start({ unsubscribe: (event) => unfollowed.push(event) });
    const headers = await session();
    expect((await subscribe('resources/subscribe', headers)).message.result).toEqual({ content: [] });
    expect(gateway.calls).toMatchObject([
      { method: 'resources/subscribe', kind: 'resource', target: 'file:///a' },
    ]);
    expect((await subscribe('resources/unsubscribe', headers)).message.result).toEqual({});
    const own = headers['Mcp-Session-Id'];
    expect(unfollowed).toMatchObject([{ uri: 'file:///a', session: own, principal: { id: 'agent-a' } }]);
  });

  test('needs a session in which news could be heard', async () => {
    await start();
    const { message } = await subscribe('resources/subscribe', {});
    expect([message.error.code, gateway.calls]).toEqual([-32600, []]);
  });
});

describe('log messages of a call', () => {
  const logging: FakeOptions = {
    govern: async (call) => {
      for (const level of ['debug', 'error']) {
        call.onNotification?.('notifications/message', JSON.stringify({ level, data: 'x' }));
      }
      call.onNotification?.('notifications/vendor', '{}');
      return completed(call, '{"content":[]}');
    },
  };
  const levels = (text: string) => [...text.matchAll(/"level":"(\w+)"/g)].map(([, level]) => level);
  const echo = { method: 'tools/call', params: { name: 'echo' } };

  test('reach a session from the level it set, and nothing else does', async () => {
    await start(logging);
    const headers = await session();
    const before = await send(gateway, legacy({ id: 2, ...echo }, headers));
    expect(levels(before.text)).toEqual(['debug', 'error']);
    await send(gateway, legacy({ id: 3, method: 'logging/setLevel', params: { level: 'error' } }, headers));
    const after = await send(gateway, legacy({ id: 4, ...echo }, headers));
    expect(levels(after.text)).toEqual(['error']);
    expect(after.text).not.toContain('vendor');
  });

  test('reach a modern caller that asks for them, from the level it names', async () => {
    await start(logging);
    const quiet = await send(gateway, modern('tools/call', { name: 'echo' }));
    expect(levels(quiet.text)).toEqual([]);
    const _meta = { ...modernMeta, 'io.modelcontextprotocol/logLevel': 'warning' };
    const loud = await send(gateway, modern('tools/call', { name: 'echo', _meta }));
    expect(levels(loud.text)).toEqual(['error']);
  });
});
