import { afterEach, describe, expect, it } from 'vitest';
import {
  connectionDeps,
  context,
  httpSpec,
  resultOf,
  textOf,
  until,
} from '../../../../../test/fixtures/upstreams/deps.js';
import {
  events,
  type Handler,
  HttpUpstream,
  json,
} from '../../../../../test/fixtures/upstreams/http-server.js';
import { parseJson } from '../../lib/json/parse-json.js';
import type { JsonObjectText } from '../../model/json.js';
import { Secret } from '../../model/secret.js';
import type { Tool } from '../../model/tool.js';
import type { Connection, OutgoingRequest } from '../connection.js';
import { createHttpConnect } from './http.js';

const connect = createHttpConnect();
const closers: (() => Promise<void>)[] = [];

type Era = ConstructorParameters<typeof HttpUpstream>[0];

async function upstream(
  era: Era,
  handle: Handler = () => false,
): Promise<{ server: HttpUpstream; url: string }> {
  const server = new HttpUpstream(era);
  server.handle = handle;
  const url = await server.listen();
  closers.push(() => server.close());
  return { server, url };
}

async function connection(
  url: string,
  more: { spec?: Parameters<typeof httpSpec>[1]; context?: Parameters<typeof context>[0] } = {},
): Promise<Connection> {
  const made = await connect(httpSpec(url, more.spec), connectionDeps, context(more.context));
  closers.unshift(() => made.close());
  return made;
}

async function started(era: Era, handle?: Handler) {
  const { server, url } = await upstream(era, handle);
  const made = await connection(url);
  await made.start();
  return { server, made };
}

const echo = { name: 'echo', inputSchema: { type: 'object' } } as unknown as Tool;

function call(args = '{}', more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    method: 'tools/call',
    members: `"name":"echo","arguments":${args}`,
    tool: echo,
    args: parseJson(args) as JsonObjectText,
    credential: new Map(),
    timeoutMs: 5000,
    ...more,
  };
}

/** Takes over tools/call and leaves the rest to the server. */
function onCall(answer: Handler): Handler {
  return (seen, response) => (seen.body.method === 'tools/call' ? answer(seen, response) : false);
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('era detection over HTTP', () => {
  it('finds a modern server', async () => {
    const { server, url } = await upstream('modern');
    expect((await (await connection(url)).start()).revision).toBe('2026-07-28');
    expect(server.methods()).toEqual(['server/discover']);
    expect(server.seen[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'server/discover',
      accept: 'application/json, text/event-stream',
    });
  });

  const legacyAnswers: [string, Handler][] = [
    [
      '400 with a JSON-RPC error',
      (_, response) => json(response, { id: null, error: { code: -32000, message: 'x' } }, 400),
    ],
    [
      '404 with a web page',
      (_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>'),
    ],
    ['405 without a body', (_, response) => void response.writeHead(405).end()],
    [
      '200 with an error',
      ({ body }, response) => json(response, { id: body.id, error: { code: -32601, message: 'x' } }),
    ],
    [
      '200 with a web page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      '-32022 that names legacy revisions only',
      ({ body }, response) =>
        json(
          response,
          { id: body.id, error: { code: -32022, message: 'x', data: { supported: ['2025-06-18'] } } },
          400,
        ),
    ],
  ];
  for (const [name, answer] of legacyAnswers) {
    it(`takes ${name} for a legacy server`, async () => {
      const { server, url } = await upstream('legacy', (seen, response) =>
        seen.body.method === 'server/discover' ? answer(seen, response) : false,
      );
      expect((await (await connection(url)).start()).revision).toBe('2025-11-25');
      expect(server.methods()).toEqual(['server/discover', 'initialize', 'notifications/initialized']);
    });
  }

  for (const status of [401, 403, 429, 500, 503]) {
    it(`takes ${status} for a failure and not for an era`, async () => {
      const { server, url } = await upstream(
        'legacy',
        (_, response) => void response.writeHead(status).end(),
      );
      await expect((await connection(url)).start()).rejects.toThrow(`HTTP ${status}`);
      expect(server.methods()).toEqual(['server/discover']);
    });
  }

  it('reports a server that is not there', async () => {
    await expect((await connection('http://127.0.0.1:9/mcp')).start()).rejects.toMatchObject({
      kind: 'unavailable',
      sent: false,
    });
  });

  it('asks no legacy question where the modern revision is pinned, and no modern one where a legacy is', async () => {
    const modern = await upstream('legacy');
    const refused = (await connection(modern.url, { spec: { revision: '2026-07-28' } })).start();
    await expect(refused).rejects.toThrow('pinned revision');
    expect(modern.server.methods()).toEqual(['server/discover']);
    const legacy = await upstream('legacy');
    await (await connection(legacy.url, { spec: { revision: '2025-03-26' } })).start();
    expect(legacy.server.methods()[0]).toBe('initialize');
  });
});

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
    const tool = { name: 'echo', inputSchema } as unknown as Tool;
    await made.request(call('{"region":"us-w\u00e9st","size":9007199254740993}', { tool }));
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
    const made = await connection(url, { context: { onToolsChanged: () => changed++ } });
    await made.start();
    await expect(made.request(call())).rejects.toMatchObject({ kind: 'malformed' });
    expect(changed).toBe(1);
    expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(1);
  });

  const unreadable: [string, Handler][] = [
    ['follows no redirect', (_, response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    [
      'relays no challenge',
      ({ body }, response) => json(response, { id: body.id, error: { code: 1, message: 'x' } }, 401),
    ],
    [
      'takes no web page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
    ],
    [
      'takes no compressed answer',
      (_, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end('{}'),
    ],
    ['takes no answer to another request', (_, response) => json(response, { id: 123456, result: {} })],
    [
      'takes no answer that two parsers could read differently',
      ({ body }, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`{"jsonrpc":"2.0","id":${body.id},"result":{"a":1,"a":2}}`),
    ],
    [
      'takes no bytes that are not UTF-8',
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.of(0x22, 0xff, 0x22)),
    ],
    [
      'takes no stream that ends without an answer',
      (_, response) => {
        events(response)({ method: 'notifications/message', params: {} });
        response.end();
      },
    ],
    [
      'takes no interim result',
      ({ body }, response) => json(response, { id: body.id, result: { resultType: 'input_required' } }),
    ],
    [
      'takes no half of an answer',
      (_, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
          .write('{"js');
        setImmediate(() => response.destroy());
      },
    ],
  ];
  for (const [title, answer] of unreadable) {
    it(`${title}, and says that the call may have run`, async () => {
      const { server, made } = await started('modern', onCall(answer));
      await expect(made.request(call())).rejects.toMatchObject({
        name: expect.stringMatching(/Failure$/),
        sent: true,
      });
      expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(1);
      expect(server.methods()).not.toContain('GET');
    });
  }

  it('stops reading an answer without end', async () => {
    const { server, made } = await started(
      'modern',
      onCall((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const block = Buffer.alloc(1024 * 1024, 0x20);
        const more = () => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', more);
        more();
      }),
    );
    await expect(made.request(call())).rejects.toThrow('longer than');
    await until(() => server.seen.at(-1)?.closed === true);
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
});

describe('legacy sessions over HTTP', () => {
  it('carries session and revision in every request after initialize, and ends the session', async () => {
    const { server, made } = await started('sessions');
    await made.request(call());
    await made.close();
    const after = server.seen.slice(2);
    expect(server.methods().slice(2)).toEqual(['notifications/initialized', 'tools/call', 'DELETE']);
    for (const { headers } of after) {
      expect(headers).toMatchObject({ 'mcp-session-id': 'session-1', 'mcp-protocol-version': '2025-11-25' });
      expect(headers).not.toHaveProperty('mcp-method');
    }
    expect(server.seen[3]?.body.params).not.toHaveProperty('_meta');
  });

  it('makes one new session for all calls that find the old one gone, and each of them runs once', async () => {
    const { server, made } = await started('sessions');
    server.sessions.clear();
    const labels = Array.from({ length: 10 }, (_, index) => `"label":"${index}"`);
    const replies = await Promise.all(labels.map((label) => made.request(call(`{${label}}`))));
    replies.forEach((reply, index) => {
      expect(textOf(reply)).toContain(labels[index]);
    });
    expect(server.methods().filter((method) => method === 'initialize')).toHaveLength(2);
  });

  it('tries a lost session once and not for ever', async () => {
    const { server, made } = await started('sessions', (seen, response) => {
      if (seen.body.method !== 'tools/call') return false;
      json(response, { id: null, error: { code: -32001, message: 'Session not found' } }, 404);
      return true;
    });
    await made.request(call()).catch(() => undefined);
    expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(2);
  });

  it('tells a legacy server that a call was cancelled', async () => {
    const { server, made } = await started(
      'sessions',
      onCall(() => undefined),
    );
    await expect(made.request(call('{}', { timeoutMs: 20 }))).rejects.toMatchObject({ kind: 'timeout' });
    const sent = server.seen.find(({ body }) => body.method === 'tools/call');
    await until(() => server.methods().includes('notifications/cancelled'));
    expect(server.seen.at(-1)?.body.params?.requestId).toBe(sent?.body.id);
  });

  it('answers a ping on the stream of a call', async () => {
    const { server, made } = await started(
      'legacy',
      onCall(async ({ body }, response) => {
        const send = events(response);
        send({ id: 'ping-1', method: 'ping' });
        await until(() => server.seen.some(({ text }) => text.includes('ping-1')));
        send({ id: body.id, result: { content: [] } });
        response.end();
      }),
    );
    await made.request(call());
    expect(server.seen.some(({ text }) => text === '{"jsonrpc":"2.0","id":"ping-1","result":{}}')).toBe(true);
  });
});

describe('changes told over HTTP', () => {
  const capabilities = { tools: { listChanged: true } };
  const news = { method: 'notifications/tools/list_changed' };

  it('hears them from a legacy server on its own stream', async () => {
    const { url } = await upstream('legacy', ({ method, body }, response) => {
      if (method === 'GET') {
        events(response)(news);
        return true;
      }
      if (body.method !== 'initialize') return false;
      json(response, { id: body.id, result: { protocolVersion: '2025-11-25', capabilities } });
      return true;
    });
    await new Promise<void>((resolve, reject) => {
      connection(url, { context: { onToolsChanged: resolve } }).then((made) => made.start(), reject);
    });
  });

  it('hears them from a modern server to which it subscribes', async () => {
    const { url } = await upstream('modern', ({ body }, response) => {
      if (body.method === 'server/discover') {
        json(response, { id: body.id, result: { supportedVersions: ['2026-07-28'], capabilities } });
      } else if (body.method === 'subscriptions/listen') events(response)(news);
      else return false;
      return true;
    });
    await new Promise<void>((resolve, reject) => {
      connection(url, { context: { onToolsChanged: resolve } }).then((made) => made.start(), reject);
    });
  });
});
