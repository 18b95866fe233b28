import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  connectionDeps,
  context,
  httpSpec,
  textOf,
  until,
} from '../../../../../test/fixtures/upstreams/deps.js';
import { call, closeAll, closers, upstream } from '../../../../../test/fixtures/upstreams/http-house.js';
import type { Handler, HttpUpstream } from '../../../../../test/fixtures/upstreams/http-server.js';
import { Secret } from '../../model/secret.js';
import type { Connection } from '../connection.js';
import { createSseConnect } from './sse.js';

const connect = createSseConnect();

interface House {
  readonly server: HttpUpstream;
  readonly made: Connection;
  /** Sends a message on the stream. */
  readonly say: (message: object) => void;
  readonly stream: () => ServerResponse | undefined;
}

/** A server whose stream names an endpoint, and what it does with messages; nothing means that they are taken. */
async function house(
  take: Handler = () => false,
  more: { endpoint?: string; spec?: object; context?: Parameters<typeof context>[0] } = {},
): Promise<House> {
  let stream: ServerResponse | undefined;
  const say = (message: object) =>
    stream?.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
  const { server, url } = await upstream('legacy', async (seen, response) => {
    if (seen.method === 'GET') {
      stream = response;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: endpoint\ndata: ${more.endpoint ?? '/messages?sessionId=1'}\n\n`);
      return;
    }
    if ((await take(seen, response)) === true) return;
    response.writeHead(202).end('Accepted');
    const { id, method } = seen.body;
    if (method === 'initialize') {
      say({ id, result: { protocolVersion: '2024-11-05', capabilities: { tools: {} } } });
    } else if (method === 'tools/call') say({ id, result: { content: [{ type: 'text', text: seen.text }] } });
  });
  const spec = { ...httpSpec(url, more.spec), kind: 'sse' as const };
  const made = await connect(spec, connectionDeps, context(more.context));
  closers.unshift(() => made.close());
  return { server, made, say, stream: () => stream };
}

afterEach(closeAll);

describe('an HTTP+SSE server', () => {
  it('gets each message where it said, with the credential, and answers on its stream', async () => {
    const { server, made } = await house(undefined, { spec: { headers: { 'X-Key': { parts: ['k'] } } } });
    expect(await made.start()).toMatchObject({ revision: '2024-11-05', tools: true });
    const credential = new Map([['X-Key', new Secret('other')]]);
    expect(textOf(await made.request(call('{"n":1.0}', { credential })))).toContain('"arguments":{"n":1.0}');
    expect(server.methods()).toEqual(['GET', 'initialize', 'notifications/initialized', 'tools/call']);
    expect(server.seen.map(({ headers }) => headers['x-key'])).toEqual(['k', 'k', 'k', 'other']);
    for (const { headers } of server.seen) expect(headers).not.toHaveProperty('mcp-protocol-version');
  });

  it.each([
    'http://127.0.0.1:1/messages',
    'https://elsewhere.example/',
    '//elsewhere.example/x',
    'javascript:alert(1)',
    'http://user:pass@',
  ])('is refused when it names an endpoint that is not its own: %s', async (endpoint) => {
    const { server, made } = await house(undefined, { endpoint });
    await expect(made.start()).rejects.toMatchObject({
      message: expect.stringMatching(/not its own/),
      sent: false,
    });
    expect(server.methods()).toEqual(['GET']);
  });

  it('is refused when it offers no stream, or ends it before it named an endpoint', async () => {
    for (const [status, type] of [
      [404, 'text/html'],
      [200, 'application/json'],
      [200, 'text/event-stream'],
    ] as const) {
      const { url } = await upstream('legacy', (_, response) => {
        response.writeHead(status, { 'content-type': type }).end();
        return true;
      });
      const made = await connect({ ...httpSpec(url), kind: 'sse' }, connectionDeps, context());
      await expect(made.start()).rejects.toMatchObject({ kind: 'unavailable', sent: false });
      await made.close();
    }
  });

  it('fails a call at once whose message it refuses', async () => {
    const { made } = await house((seen, response) => {
      if (seen.body.method !== 'tools/call') return false;
      response.writeHead(503).end();
      return true;
    });
    await made.start();
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable', sent: true });
  });

  it('is told of a call that was cancelled, and answered when it pings', async () => {
    const { server, made, say } = await house((seen, response) => {
      if (seen.body.method !== 'tools/call') return false;
      response.writeHead(202).end();
      return true;
    });
    await made.start();
    await expect(made.request(call('{}', { timeoutMs: 30 }))).rejects.toMatchObject({ kind: 'timeout' });
    await until(() => server.methods().includes('notifications/cancelled'));
    say({ id: 'p', method: 'ping' });
    await until(() => server.seen.at(-1)?.text === '{"jsonrpc":"2.0","id":"p","result":{}}');
  });

  it('is down when its stream ends, also when nobody calls', async () => {
    const down: string[] = [];
    const { made, stream } = await house(undefined, { context: { onDown: (reason) => down.push(reason) } });
    await made.start();
    stream()?.end();
    await until(() => down.length === 1);
    expect(down).toEqual(['the server ended the stream']);
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable', sent: false });
  });

  it('is not tried where the configuration says a revision that nobody speaks so', async () => {
    const { server, made } = await house(undefined, { spec: { revision: '2026-07-28' } });
    await expect(made.start()).rejects.toThrow('nobody speaks 2026-07-28 over HTTP+SSE');
    expect(server.seen).toHaveLength(0);
  });
});
