import { afterEach, describe, expect, test } from 'vitest';
import {
  basicHeaders,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  modern,
  modernMeta,
  type Sent,
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

function call(headers: Headers = {}, params: Record<string, unknown> = {}): Sent {
  const request = modern('tools/call', { name: 'echo', arguments: {}, ...params });
  return { ...request, headers: { ...request.headers, ...headers } };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('headers of a modern request', () => {
  test.each<[string, Sent]>([
    ['another method', call({ 'Mcp-Method': 'tools/list' })],
    ['the method in another case', call({ 'Mcp-Method': 'TOOLS/CALL' })],
    ['no method', call({ 'Mcp-Method': undefined })],
    ['another name', call({ 'Mcp-Name': 'delete_file' })],
    ['no name', call({ 'Mcp-Name': undefined })],
    ['a sentinel in upper case', call({ 'Mcp-Name': `=?BASE64?${base64('echo')}?=` })],
    ['a sentinel with garbage', call({ 'Mcp-Name': `=?base64?${base64('echo')}!!!!?=` })],
    ['a sentinel that is not canonical', call({ 'Mcp-Name': '=?base64?ZWNobx==?=' })],
    ['a raw name that is not ASCII', call({ 'Mcp-Name': 'é' }, { name: 'é' })],
    ['another version', call({ 'MCP-Protocol-Version': '2025-11-25' })],
    ['no version', call({ 'MCP-Protocol-Version': undefined })],
  ])('are refused when they say %s', async (_what, request) => {
    await start();
    const { status, message } = await send(gateway, request);
    expect([status, message.error.code, message.id]).toEqual([400, -32020, 1]);
    expect(gateway.calls).toEqual([]);
    expect(gateway.invalid).toHaveLength(1);
  });

  test('may name the tool in Base64, and then are decoded before they are compared', async () => {
    await start();
    const named = call({ 'Mcp-Name': `=?base64?${base64('größe')}?=` }, { name: 'größe' });
    expect((await send(gateway, named)).status).toBe(200);
    expect(gateway.calls[0]?.target).toBe('größe');
  });

  test('that are unknown, also ones that look alike, change nothing', async () => {
    await start();
    const answer = await send(gateway, call({ Mcp_Name: 'delete_file', 'Mcp-Session-Id': 'x' }));
    expect([answer.status, gateway.calls.length]).toEqual([200, 1]);
  });
});

describe('the envelope of a modern request', () => {
  const bodies: [string, object | undefined, number][] = [
    ['no _meta', undefined, -32602],
    ['no capabilities', { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }, -32602],
    ['a version that is no string', { ...modernMeta, 'io.modelcontextprotocol/protocolVersion': 1 }, -32602],
    [
      'client information that is no object',
      { ...modernMeta, 'io.modelcontextprotocol/clientInfo': 'x' },
      -32602,
    ],
  ];

  test.each(bodies)('with %s is refused', async (_what, meta, code) => {
    await start();
    const { status, message } = await send(gateway, call({}, { _meta: meta }));
    expect([status, message.error.code]).toEqual([400, code]);
  });

  test('of a revision that nobody knows is told which ones there are', async () => {
    await start();
    const future = { ...modernMeta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    const { status, message } = await send(
      gateway,
      call({ 'MCP-Protocol-Version': '2031-01-01' }, { _meta: future }),
    );
    expect([status, message.error.code]).toEqual([400, -32022]);
    expect(message.error.data).toEqual({ supported: ['2026-07-28'], requested: '2031-01-01' });
  });
});

describe('methods of the modern era', () => {
  test.each([
    'ping',
    'initialize',
    'sampling/createMessage',
    'elicitation/create',
    'TOOLS/CALL',
    'logging/setLevel',
  ])('do not include %s', async (method) => {
    await start();
    const { status, message } = await send(gateway, modern(method));
    expect([status, message.error.code, message.id]).toEqual([404, -32601, 1]);
  });

  test('are discovered without a session', async () => {
    await start({ instructions: () => 'Read first.' });
    const { headers, message } = await send(gateway, modern('server/discover'));
    expect(headers['mcp-session-id']).toBeUndefined();
    expect(message.result).toEqual({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      supportedVersions: ['2026-07-28'],
      capabilities: expect.objectContaining({ tools: { listChanged: true } }),
      instructions: 'Read first.',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'sallyport', version: '0.0.0' } },
    });
  });

  test('list tools as the upstream defines them, under their exposed names', async () => {
    const plain = toolOf('{"name": "a","inputSchema":{"type":"object"},"x":1.0}');
    const renamed = toolOf('{"name":"b","n":12345678901234567890}', { exposedName: 'two__b' });
    await start({ tools: [plain, renamed] });
    const { text, message } = await send(gateway, modern('tools/list'));
    expect(text).toContain(
      '[{"name": "a","inputSchema":{"type":"object"},"x":1.0},{"name":"two__b","n":12345678901234567890}]',
    );
    expect(message.result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  });

  test('refuse a cursor, since none was handed out', async () => {
    await start();
    const { status, message } = await send(gateway, modern('tools/list', { cursor: '' }));
    expect([status, message.error.code]).toEqual([200, -32602]);
  });

  test('take notifications without effect and without a method header', async () => {
    await start();
    const params = { requestId: 1, _meta: modernMeta };
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    const headers = { ...basicHeaders, 'MCP-Protocol-Version': '2026-07-28' };
    expect((await send(gateway, { headers, body })).status).toBe(202);
  });
});

describe('a mirrored parameter', () => {
  const run = toolOf(
    JSON.stringify({
      name: 'run',
      inputSchema: {
        type: 'object',
        properties: {
          region: { type: 'string', 'x-mcp-header': 'Region' },
          limit: { type: 'integer', 'x-mcp-header': 'Limit' },
          dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
          deep: { type: 'object', properties: { id: { type: 'integer', 'x-mcp-header': 'Deep-Id' } } },
          sql: { type: 'string' },
        },
      },
    }),
  );
  const runCall = (args: string, headers: Headers): Sent => {
    const request = modern('tools/call', { name: 'run', arguments: 0 });
    return {
      headers: { ...request.headers, ...headers },
      body: String(request.body).replace('"arguments":0', `"arguments":${args}`),
    };
  };

  test.each<[string, Headers]>([
    ['{"region":"us"}', { 'Mcp-Param-Region': 'us' }],
    ['{"region":"us-é"}', { 'Mcp-Param-Region': `=?base64?${base64('us-é')}?=` }],
    ['{"limit":42}', { 'Mcp-Param-Limit': '42.0' }],
    ['{"limit":12345678901234567890}', { 'Mcp-Param-Limit': '12345678901234567890' }],
    ['{"dry":true}', { 'Mcp-Param-Dry': 'true' }],
    ['{"deep":{"id":7}}', { 'Mcp-Param-Deep-Id': '7' }],
    ['{"region":null}', {}],
    ['{}', {}],
    ['{"sql":"x"}', { 'Mcp-Param-Sql': 'nobody annotated this' }],
  ])('passes for %s with %j', async (args, headers) => {
    await start({ tools: [run] });
    expect((await send(gateway, runCall(args, headers))).status).toBe(200);
    expect(gateway.calls).toHaveLength(1);
  });

  test.each<[string, Headers]>([
    ['{"region":"us"}', {}],
    ['{"region":"us"}', { 'Mcp-Param-Region': 'eu' }],
    ['{}', { 'Mcp-Param-Region': 'us' }],
    ['{"limit":42}', { 'Mcp-Param-Limit': '0x2a' }],
    ['{"limit":12345678901234567890}', { 'Mcp-Param-Limit': '12345678901234567891' }],
    ['{"dry":true}', { 'Mcp-Param-Dry': 'TRUE' }],
    ['{"deep":{"id":7}}', {}],
  ])('is refused for %s with %j', async (args, headers) => {
    await start({ tools: [run] });
    const { status, message } = await send(gateway, runCall(args, headers));
    expect([status, message.error.code]).toEqual([400, -32020]);
    expect(gateway.calls).toEqual([]);
  });

  test('of a hidden tool is not looked at, so that the tool stays unknown', async () => {
    await start({
      tools: [run],
      isVisible: () => false,
      govern: async (asked) => ({ kind: 'unknown', callId: asked.id }),
    });
    const { status, message } = await send(gateway, runCall('{"region":"us"}', {}));
    expect([status, message.error]).toEqual([200, { code: -32602, message: 'Unknown tool: run' }]);
  });
});
