import { afterEach, describe, expect, test } from 'vitest';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Principal } from '../model/principal.js';
import {
  agentA,
  basicHeaders,
  completed,
  type FakeGateway,
  type FakeOptions,
  legacy,
  modern,
  send,
  sendRaw,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

const call = (more: object = {}) => modern('tools/call', { name: 'echo', arguments: {}, ...more });

describe('who calls', () => {
  test('is asked for with a challenge when no credential came, before the body is read', async () => {
    await start();
    const answer = await sendRaw(
      gateway,
      `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nContent-Length: 9\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('WWW-Authenticate: Bearer realm="sallyport"\r\n');
    expect(gateway.authFailed).toEqual([{ source: '127.0.0.1', reason: 'missing' }]);
  });

  test('is told that a wrong credential is invalid', async () => {
    await start();
    const answer = await send(gateway, { headers: { ...call().headers, Authorization: 'Bearer x' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="sallyport", error="invalid_token"');
  });

  test('never comes from the query or from proxy headers', async () => {
    await start();
    const headers = { ...call().headers, Authorization: undefined, 'X-Forwarded-User': 'agent-a' };
    const answer = await send(gateway, { ...call(), headers, path: '/mcp?api_key=agent-a' });
    expect(answer.status).toBe(401);
  });

  test('is slowed down visibly after too many failures', async () => {
    await start({
      identify: () => {
        throw new AuthenticationFailure('throttled', { retryAfterSeconds: 7, underlying: 'revoked' });
      },
    });
    const answer = await send(gateway, call());
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7']);
    expect(gateway.authFailed).toEqual([{ source: '127.0.0.1', reason: 'throttled', underlying: 'revoked' }]);
  });

  test('is nobody when the authenticator breaks', async () => {
    await start({
      identify: () => {
        throw new TypeError('broken');
      },
    });
    expect((await send(gateway, call())).status).toBe(503);
    expect(gateway.calls).toEqual([]);
  });
});

describe('a caller', () => {
  const roles = (...given: Principal['roles'][number][]) => ({ ...agentA, roles: given });

  test.each([[['auditor', 'operator'] as const], [[]]])(
    'with the roles %j is told which one is missing, without a challenge, and it is recorded',
    async (given) => {
      await start({ identify: () => roles(...given) });
      const { status, headers, message } = await send(gateway, call());
      expect([status, headers['www-authenticate']]).toEqual([403, undefined]);
      expect(message.error.message).toContain('needs the role "agent"');
      expect(message.error.message).toContain(given.join(', ') || 'none');
      expect(gateway.authFailed).toEqual([
        { source: '127.0.0.1', reason: 'role_missing', principal: roles(...given) },
      ]);
      expect(gateway.calls).toEqual([]);
    },
  );

  test.each(['agent', 'admin'] as const)('with the role %s may call tools', async (role) => {
    await start({ identify: () => roles('auditor', role) });
    expect((await send(gateway, call())).status).toBe(200);
  });
});

describe('the endpoint', () => {
  test('answers only GET, POST and DELETE, and GET only in sessions', async () => {
    await start();
    const answer = await send(gateway, { method: 'GET', headers: basicHeaders });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST, DELETE']);
    const other = await send(gateway, { method: 'PUT', headers: basicHeaders });
    expect([other.status, other.headers.allow]).toEqual([405, 'GET, POST, DELETE']);
  });

  test.each([
    ['/mcp/one', 'one'],
    ['/mcp/t', 't'],
    ['/mcp/t/dev', 't/dev'],
    ['/mcp/t/dev?x=1', 't/dev'],
  ])('%s is known as %s', async (path, endpoint) => {
    await start({ knowsEndpoint: () => true });
    expect((await send(gateway, { ...call(), path })).status).toBe(200);
    expect(gateway.calls[0]?.endpoint).toBe(endpoint);
  });

  test.each(['/mcp/t/', '/mcp/t/a/b', '/mcp/one/two', '/mcp/t/a%20b', '/ssee', '/messagesx'])(
    '%s is none',
    async (path) => {
      await start({ knowsEndpoint: () => true });
      const { status, text } = await send(gateway, { ...call(), path });
      expect(status === 404 || text === 'control').toBe(true);
      expect(gateway.calls).toEqual([]);
    },
  );

  test('of one upstream passes its name on, an unknown one is 404', async () => {
    await start();
    await send(gateway, { ...call(), path: '/mcp/one' });
    expect(gateway.calls[0]?.endpoint).toBe('one');
    expect((await send(gateway, { ...call(), path: '/mcp/two' })).status).toBe(404);
    expect((await send(gateway, { ...call(), path: '/mcp/' })).status).toBe(404);
  });

  test.each(['text/plain', 'application/json; charset=latin1', 'application/json, text/plain', undefined])(
    'refuses the content type %s',
    async (type) => {
      await start();
      const answer = await send(gateway, { ...call(), headers: { ...call().headers, 'Content-Type': type } });
      expect(answer.status).toBe(415);
    },
  );

  test('accepts JSON that says it is UTF-8', async () => {
    await start();
    const headers = { ...call().headers, 'Content-Type': 'application/json; charset=utf-8' };
    expect((await send(gateway, { ...call(), headers })).status).toBe(200);
  });

  test('refuses encoded bodies', async () => {
    await start();
    const headers = { ...call().headers, 'Content-Encoding': 'gzip' };
    expect((await send(gateway, { ...call(), headers })).status).toBe(415);
  });

  test('refuses a body over the limit from its length, or as soon as it is passed', async () => {
    await start({ maxBodyBytes: 1000 });
    const head = `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nAuthorization: Bearer agent-a\r\nContent-Type: application/json\r\n`;
    expect(await sendRaw(gateway, `${head}Content-Length: 10737418240\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`;
    expect(await sendRaw(gateway, chunked)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('refuses a body whose first piece alone is over the limit', async () => {
    await start({ maxBodyBytes: 999 });
    const head = `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nAuthorization: Bearer agent-a\r\nContent-Type: application/json\r\n`;
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const answer = await sendRaw(gateway, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('answers 503 to requests while the gateway does not accept', async () => {
    await start({ accepting: () => false });
    const { status, headers, message } = await send(gateway, call());
    expect([status, headers['retry-after'], headers.connection]).toEqual([503, '1', 'close']);
    expect(message).toMatchObject({ id: 1, error: { code: -32603 } });
    expect(gateway.calls).toEqual([]);
  });

  test('answers a fault of its own as an error without its cause, under the id of the request', async () => {
    await start({
      locate: () => {
        throw new TypeError('broken');
      },
    });
    const { status, text } = await send(gateway, call());
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}}';
    expect([status, text]).toEqual([200, error]);
  });

  test('gives every reply to its asker, in whatever order a hundred calls end', async () => {
    const waiting: (() => void)[] = [];
    await start({
      govern: (asked) =>
        new Promise((resolve) => {
          const tag = JSON.stringify(asked.principal.id + asked.target);
          waiting.push(() => resolve(completed(asked, `{"content":[],"tag":${tag}}`)));
          if (waiting.length === 100) for (const end of waiting.reverse()) end();
        }),
    });
    const asks = Array.from({ length: 100 }, async (_, index) => {
      const who = index % 2 === 0 ? 'agent-a' : 'agent-b';
      const request = modern('tools/call', { name: `t${index}` });
      const { message } = await send(gateway, {
        ...request,
        headers: { ...request.headers, Authorization: `Bearer ${who}` },
      });
      return message.result.tag === `${who}t${index}`;
    });
    expect(await Promise.all(asks)).toEqual(asks.map(() => true));
  });
});

describe('a message', () => {
  const refusedBodies: [string, string, number][] = [
    ['a duplicate name', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', -32700],
    ['a second document', '{"jsonrpc":"2.0","id":1,"method":"ping"}{}', -32700],
    ['an empty batch', '[]', -32600],
    ['a member "Method"', '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', -32600],
    ['an object as id', '{"jsonrpc":"2.0","id":{"toString":"x"},"method":"ping"}', -32600],
    ['null as id', '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600],
    ['an array as method', '{"jsonrpc":"2.0","id":1,"method":["ping"]}', -32600],
    ['an array as params', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["x",{}]}', -32600],
    ['another JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
    ['no body', '', -32700],
  ];

  test.each(refusedBodies)(
    'with %s is refused, recorded, and the connection ends',
    async (_what, body, code) => {
      await start();
      const answer = await send(gateway, { headers: basicHeaders, body });
      expect([answer.status, answer.message.error.code, answer.headers.connection]).toEqual([
        400,
        code,
        'close',
      ]);
      expect(gateway.invalid).toMatchObject([{ reason: 'invalid_message', principal: { id: 'agent-a' } }]);
    },
  );

  test('in bytes that are not UTF-8, or with a byte order mark, is refused', async () => {
    await start();
    const body = String(legacy({ id: 1, method: 'ping' }).body);
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]);
    const broken = Buffer.from(body.replace('ping', 'p\u00ff'), 'latin1');
    for (const bytes of [marked, broken]) {
      expect((await send(gateway, { headers: basicHeaders, body: bytes })).message.error.code).toBe(-32700);
    }
  });

  test.each(['"req-1"', '-5', '9007199254740991', '12345678901234567890', '"__proto__"', '"\\u0041"'])(
    'with the id %s gets the same id back, byte for byte',
    async (id) => {
      await start();
      const body = `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;
      const answer = await send(gateway, { headers: basicHeaders, body });
      expect(answer.text).toBe(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
    },
  );

  test('that calls a tool without an id is dropped and recorded', async () => {
    await start();
    const answer = await send(gateway, legacy({ method: 'tools/call', params: { name: 'echo' } }));
    expect([answer.status, answer.text, gateway.calls]).toEqual([202, '', []]);
    expect(gateway.invalid).toMatchObject([{ method: 'tools/call' }]);
  });

  test('that answers something is taken and has no effect for legacy clients, is refused for modern ones', async () => {
    await start();
    const response = { id: 1, result: { action: 'accept' } };
    expect((await send(gateway, legacy(response))).status).toBe(202);
    const modernHeader = { 'MCP-Protocol-Version': '2026-07-28' };
    expect((await send(gateway, legacy(response, modernHeader))).status).toBe(400);
  });
});
