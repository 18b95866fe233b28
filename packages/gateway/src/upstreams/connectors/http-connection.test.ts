import { afterEach, describe, expect, it } from 'vitest';
import { resultOf, textOf, until } from '../../../../../test/fixtures/upstreams/deps.js';
import {
  call,
  closeAll,
  closers,
  connection,
  onCall,
  started,
  upstream,
} from '../../../../../test/fixtures/upstreams/http-house.js';
import { events, json } from '../../../../../test/fixtures/upstreams/http-server.js';
import { Secret } from '../../model/secret.js';
import type { Tool } from '../../model/tool.js';

afterEach(closeAll);

describe('requests over HTTP', () => {
  it('builds every header from nothing and gives the credential its one place', async () => {
    const { server, made } = await started('modern');
    await made.request(call('{}', { credential: new Map([['Authorization', new Secret('Bearer abc')]]) }));
    const names = server.seen.at(-1)?.rawHeaders.filter((_, index) => index % 2 === 0);
    expect(names?.map((name) => name.toLowerCase()).toSorted()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'mcp-method',
      'mcp-name',
      'mcp-protocol-version',
      'user-agent',
    ]);
    expect(server.seen.at(-1)?.headers).toMatchObject({ authorization: 'Bearer abc', 'mcp-name': 'echo' });
  });

  it('sends a configured User-Agent instead of its own, and a header once whose name is configured twice', async () => {
    const { server, made } = await started('modern');
    const values = { 'User-Agent': 'mine/1', 'X-Tenant': 'a', 'x-tenant': 'b', Host: 'elsewhere' };
    const credential = new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
    await made.request(call('{}', { credential }));
    const { headers, rawHeaders = [] } = server.seen.at(-1) ?? {};
    expect(headers).toMatchObject({ 'user-agent': 'mine/1', 'x-tenant': 'b' });
    expect(headers?.host).not.toBe('elsewhere');
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('mirrors annotated arguments in headers, encoded where they are no plain ASCII', async () => {
    const { server, made } = await started('modern');
    const inputSchema = {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        size: { type: 'integer', 'x-mcp-header': 'Size' },
        absent: { type: 'boolean', 'x-mcp-header': 'Absent' },
      },
    };
    const target = { kind: 'tool', name: 'echo', inputSchema } as unknown as Tool;
    await made.request(call('{"region":"us-w\u00e9st","size":9007199254740993}', { target }));
    const headers = server.seen.at(-1)?.headers ?? {};
    expect(headers['mcp-param-region']).toBe('=?base64?dXMtd8Opc3Q=?=');
    expect(headers['mcp-param-size']).toBe('9007199254740993');
    expect(headers).not.toHaveProperty('mcp-param-absent');
  });

  it('refuses to start when a configured header belongs to the protocol', async () => {
    const { server, url } = await upstream('modern');
    const made = await connection(url, { spec: { headers: { 'MCP-Session-Id': { parts: ['x'] } } } });
    await expect(made.start()).rejects.toThrow('belongs to the protocol');
    expect(server.seen).toHaveLength(0);
  });

  it('relays arguments and results byte for byte, from JSON and from a stream', async () => {
    const result = '{"big":9007199254740993, "one":1.0,"z":1,"a":[ 2 ],"content":[]}';
    const args = '{"id":9007199254740993,"one":1.0,"z":1,"a":{"y":1e2}}';
    for (const streamed of [false, true]) {
      const { server, made } = await started(
        'modern',
        onCall(({ body }, response) => {
          const text = `{"result":${result},"jsonrpc":"2.0","id":${body.id}}`;
          if (streamed) {
            events(response)(text);
            response.end();
          } else response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text);
        }),
      );
      expect(resultOf(await made.request(call(args))).text).toBe(result);
      expect(server.seen.at(-1)?.text).toContain(`"arguments":${args}`);
    }
  });

  it('gives each of 100 interleaved calls of different latency its own reply', async () => {
    const { made } = await started(
      'modern',
      onCall(async ({ body }, response) => {
        const label = String(body.params?.arguments?.label);
        await new Promise((resolve) => setTimeout(resolve, (Number(label) * 37) % 50));
        const answer = { id: body.id, result: { content: [{ type: 'text', text: label }] } };
        if (Number(label) % 2 === 0) json(response, answer);
        else {
          events(response)(answer);
          response.end();
        }
      }),
    );
    const labels = Array.from({ length: 100 }, (_, index) => String(index));
    const replies = await Promise.all(labels.map((label) => made.request(call(`{"label":"${label}"}`))));
    expect(replies.map(textOf)).toEqual(labels);
  });

  it('uses sockets again instead of opening one for each call', async () => {
    const { server, made } = await started('modern');
    for (let round = 0; round < 20; round++) await made.request(call());
    expect(server.sockets.size).toBeLessThanOrEqual(2);
  });

  it('hands on progress of a stream, in the characters it came in, split anywhere', async () => {
    const { made } = await started(
      'modern',
      onCall(async ({ body }, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const params = `{"progressToken":${JSON.stringify(body.params?._meta?.progressToken)},"progress":1.0,"message":"h\u00e4lf"}`;
        const bytes = Buffer.from(
          `: keep-alive\n\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":${params}}\n\n` +
            `data: {"jsonrpc":"2.0","id":${body.id},"result":{"content":[]}}\n\n`,
        );
        for (const byte of bytes) response.write(Buffer.of(byte));
        response.end();
      }),
    );
    const heard: string[] = [];
    await made.request(call('{}', { onProgress: (params) => heard.push(params) }));
    expect(heard).toEqual([expect.stringContaining('"progress":1.0,"message":"h\u00e4lf"')]);
  });

  it('returns the errors of the upstream as they are', async () => {
    const { made } = await started(
      'modern',
      onCall(({ body }, response) =>
        json(response, { id: body.id, error: { code: 4711, message: 'no', data: { one: 1 } } }, 400),
      ),
    );
    const reply = await made.request(call());
    expect(reply).toMatchObject({
      kind: 'error',
      error: { code: 4711, message: 'no', data: { text: '{"one":1}' } },
    });
  });

  it('lists again when the headers were refused, without repeating the call', async () => {
    let changed = 0;
    const { server, url } = await upstream(
      'modern',
      onCall(({ body }, response) =>
        json(response, { id: body.id, error: { code: -32020, message: 'x' } }, 400),
      ),
    );
    const made = await connection(url, { context: { onListChanged: () => changed++ } });
    await made.start();
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'malformed' });
    expect(changed).toBe(1);
    expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(1);
  });

  it('closes the stream of a modern call when the caller cancels or the deadline passes', async () => {
    const { server, made } = await started(
      'modern',
      onCall(() => undefined),
    );
    const aborter = new AbortController();
    const left = made.request(call('{}', { signal: aborter.signal }));
    await until(() => server.seen.at(-1)?.body.method === 'tools/call');
    aborter.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    await until(() => server.seen.at(-1)?.closed === true);
    await expect(made.request(call('{}', { timeoutMs: 20 }))).rejects.toMatchObject({
      kind: 'timeout',
      sent: true,
    });
    await until(() => server.seen.at(-1)?.closed === true);
    expect(server.methods()).not.toContain('notifications/cancelled');
  });

  it('reports the upstream as down when no connection can be made any more', async () => {
    const { server, url } = await upstream('modern');
    const reasons: string[] = [];
    const made = await connection(url, { context: { onDown: (reason) => reasons.push(reason) } });
    await made.start();
    await server.close();
    closers.pop();
    await until(() => server.sockets.size === 0);
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable' });
    await made.request(call()).catch(() => undefined);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^cannot connect: /);
  });

  it('lets calls in flight finish when a server takes no new connections', async () => {
    const down: unknown[] = [];
    let finish: () => void = () => undefined;
    const { server, url } = await upstream(
      'modern',
      onCall(({ body }, response) => {
        finish = () => json(response, { id: body.id, result: { content: [{ type: 'text', text: 'done' }] } });
      }),
    );
    const made = await connection(url, { context: { onDown: (_, mayFinish) => down.push(mayFinish) } });
    await made.start();
    const slow = made.request(call());
    await until(() => server.methods().includes('tools/call'));
    server.stopListening();
    await until(() => server.sockets.size === 1);
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable', sent: false });
    expect(down).toEqual([true]);
    finish();
    expect(textOf(await slow)).toBe('done');
  });

  it('is down with the reason when its own requests have no credential any more, and calls may finish', async () => {
    let lost = false;
    const down: unknown[] = [];
    const { url } = await upstream('modern');
    const made = await connection(url, {
      context: { onDown: (...how) => down.push(how) },
      deps: {
        resolve: async () => {
          if (lost) throw new Error('"env:TOKEN" is not set');
          return new Map();
        },
      },
    });
    await made.start();
    lost = true;
    const own = { method: 'tools/list', members: '', timeoutMs: 1000 };
    await expect(made.request(own)).rejects.toThrow('is not set');
    await expect(made.request(own)).rejects.toThrow('is not set');
    expect(down).toEqual([['"env:TOKEN" is not set', true]]);
    expect(textOf(await made.request(call()))).toContain('tools/call');
  });
});
