import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, sallyport, scratchFolder, startGateway, until } from './gateway-process.js';
import { legacyClient, modernClient } from './raw-client.js';

const folder = scratchFolder();
let gateway: GatewayProcess;
let key = '';
let keyId = '';

const annotated = (name: string, annotations: object) => ({
  name,
  annotations,
  inputSchema: { type: 'object' },
});

/** A 2026-07-28 server whose tools read, write and cost something. */
const upstream = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id, method } = JSON.parse(body) as { id: number; method: string };
    const cache = { ttlMs: 0, cacheScope: 'private' };
    const tools = [
      annotated('look', { readOnlyHint: true }),
      annotated('change', { readOnlyHint: false }),
      annotated('buy', {}),
    ];
    const results: Record<string, object> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...cache },
      'tools/list': { tools, ...cache },
      'tools/call': { content: [{ type: 'text', text: 'done' }] },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...results[method] } }),
    );
  });
});

async function cli(...args: string[]): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await sallyport(folder.path, [...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

const create = (...args: string[]) => cli('sessions', 'create', '--agent', 'bot', '--key', keyId, ...args);

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  gateway = await startGateway(folder.path, {
    upstreams: { shop: { url: `http://127.0.0.1:${port}/mcp` } },
    policy: { default: 'allow' },
    prices: [{ tools: ['buy'], cost: '2' }],
    auth: { mode: 'none' },
  });
  const made = await cli('keys', 'create', '--principal', 'agent-a');
  key = made.key ?? '';
  keyId = made.id ?? '';
});

afterAll(async () => {
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
  folder.remove();
});

const headersOf = (token?: string) => ({
  Authorization: `Bearer ${key}`,
  ...(token === undefined ? {} : { 'Sallyport-Session': token }),
});

async function call(token: string | undefined, name: string): Promise<string> {
  const client = modernClient(`${gateway.baseUrl}/mcp`, headersOf(token));
  const result = await client.request('tools/call', { name, arguments: {} });
  const meta = result._meta as Record<string, { code?: string }>;
  return meta?.['io.github.sallyport/refusal']?.code ?? (result.isError === true ? 'error' : 'done');
}

describe('a session on the MCP face', () => {
  test('named in the header limits what its key may do, in calls and in lists', async () => {
    const { session_id: token } = await create('--scopes', 'read');
    expect([await call(token, 'look'), await call(token, 'change'), await call(token, 'buy')]).toEqual([
      'done',
      'scope_missing',
      'done',
    ]);
    expect(await call(undefined, 'change')).toBe('done');
    const listed = await modernClient(`${gateway.baseUrl}/mcp`, headersOf(token)).request('tools/list');
    expect((listed.tools as { name: string }[]).map(({ name }) => name)).toEqual(['buy', 'look']);
  });

  test('has a budget, and the command line shows what is left of it', async () => {
    const { session_id: token, id = '' } = await create('--scopes', 'execute,spend:5');
    expect([await call(token, 'buy'), await call(token, 'buy'), await call(token, 'buy')]).toEqual([
      'done',
      'done',
      'budget_exhausted',
    ]);
    await until('the records to be in the database', async () => {
      return (await cli('sessions', 'show', id)).spent === '4';
    });
    expect(await cli('sessions', 'show', id)).toMatchObject({ remaining_budget: '1', spend_limit: '5' });
  });

  test('of another key, revoked or invented is refused alike', async () => {
    const other = await cli('keys', 'create', '--principal', 'agent-a');
    const foreign = await cli('sessions', 'create', '--agent', 'x', '--key', other.id ?? '');
    const { session_id: token, id = '' } = await create();
    expect(await call(token, 'look')).toBe('done');
    await cli('sessions', 'revoke', id);
    await until(
      'the gateway to hear of it',
      async () => (await call(token, 'look')) === 'session_invalid',
      5000,
    );
    for (const shown of [foreign.session_id, `ses_${'A'.repeat(32)}`, 'x', ''])
      expect(await call(shown, 'look')).toBe('session_invalid');
    const names = (await cli('sessions', 'list')) as unknown as { sessions: { id: string }[] };
    expect(names.sessions.map((session) => session.id)).not.toContain(id);
    expect(JSON.stringify(names)).not.toMatch(/ses_[\w-]{32}/);
  });

  test('that is revoked ends its open streams within five seconds', async () => {
    const { session_id: token = '', id = '' } = await create();
    const url = `${gateway.baseUrl}/mcp`;
    const opened = await fetch(url, {
      method: 'POST',
      headers: {
        ...headersOf(token),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      }),
    });
    await opened.text();
    const stream = await fetch(url, {
      headers: {
        ...headersOf(token),
        Accept: 'text/event-stream',
        'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '',
        'MCP-Protocol-Version': '2025-11-25',
      },
    });
    expect(stream.status).toBe(200);
    const ended = stream.text().then(() => Date.now());
    await cli('sessions', 'revoke', id);
    const revokedAt = Date.now();
    expect((await ended) - revokedAt).toBeLessThan(5000);
  });
});

test('the command line works with a running gateway as with the store', async () => {
  const at = async (...args: string[]) => {
    const command = ['sessions', ...args, '--gateway', gateway.baseUrl, '--json'];
    const { code, stdout, stderr } = await sallyport(folder.path, command, { SALLYPORT_KEY: key });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const made = await at('create', '--agent', 'far', '--scopes', 'read,spend:3', '--label', 'team=red');
  expect(await call(String(made.session_id), 'look')).toBe('done');
  const shown = await at('show', String(made.id));
  expect(shown).toMatchObject({ agent_id: 'far', remaining_budget: '3', labels: { team: 'red' } });
  expect(JSON.stringify(await at('list'))).toContain(String(made.id));
  await at('revoke', String(made.session_id));
  expect(await call(String(made.session_id), 'look')).toBe('session_invalid');
  await expect(at('show', String(made.session_id))).rejects.toThrow('404');
  await expect(at('create', '--agent', 'x', '--key', keyId)).rejects.toThrow('belongs to the key that asks');
});

test('the gateway makes sessions by itself where it is told to', async () => {
  const own = scratchFolder();
  const { port } = upstream.address() as AddressInfo;
  const automatic = await startGateway(own.path, {
    upstreams: { shop: { url: `http://127.0.0.1:${port}/mcp` } },
    policy: { default: 'allow' },
    prices: [{ tools: ['buy'], cost: '2' }],
    auth: { mode: 'none' },
    sessions: { required: true, automatic: { per: 'connection', scopes: ['read'], budget: '3' } },
  });
  try {
    const buy = async (client: { request: Awaited<ReturnType<typeof legacyClient>>['request'] }) => {
      const result = await client.request('tools/call', { name: 'buy', arguments: {} });
      return result.isError === true;
    };
    const [one, other] = [
      await legacyClient(`${automatic.baseUrl}/mcp`),
      await legacyClient(`${automatic.baseUrl}/mcp`),
    ];
    expect([await buy(one), await buy(one), await buy(other)]).toEqual([false, true, false]);
    const modern = modernClient(`${automatic.baseUrl}/mcp`);
    expect([await buy(modern), await buy(modern)]).toEqual([false, true]);
  } finally {
    await automatic.stop();
    own.remove();
  }
});
