import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AnswerLost,
  ApprovalPending,
  BudgetExhausted,
  PolicyDenied,
  RateLimited,
  Refused,
  SallyportClient,
  SallyportError,
  SessionInvalid,
  Stopped,
} from './index.js';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { id: number; method: string; params: Record<string, unknown> } | undefined;
}
type Answer = (seen: Seen, response: ServerResponse) => void;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A client of a real server that answers with `answer`, and what the server saw. */
async function clientOf(answer: Answer): Promise<{ client: SallyportClient; seen: Seen[]; baseUrl: string }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((content) => {
      const body = content === '' ? undefined : JSON.parse(content);
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/`;
  return { client: new SallyportClient({ baseUrl, token: 'sp_test_x' }), seen, baseUrl };
}

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function reply(seen: Seen, response: ServerResponse, result: object): void {
  json(response, { jsonrpc: '2.0', id: seen.body?.id, result });
}

describe('SallyportClient.call', () => {
  it('sends one self-contained request with the key and gives the result', async () => {
    const { client, seen } = await clientOf((request, response) =>
      reply(request, response, { content: [{ type: 'text', text: 'hello' }] }),
    );
    const result = await client.call({ tool: 'echo', arguments: { message: 'hello' } });
    expect(result).toEqual({ content: [{ type: 'text', text: 'hello' }] });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/mcp' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer sp_test_x',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    });
    expect(seen[0]?.body?.params).toMatchObject({ name: 'echo', arguments: { message: 'hello' } });
  });

  it("uses the upstream's own endpoint when asked to", async () => {
    const { client, seen } = await clientOf((request, response) => reply(request, response, { content: [] }));
    await client.call({ tool: 'read', upstream: 'files' });
    expect(seen[0]?.path).toBe('/mcp/files');
  });

  it('finds its reply in an event stream behind notifications', async () => {
    const { client } = await clientOf((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(
        'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n',
      );
      response.end(
        `data: ${JSON.stringify({ jsonrpc: '2.0', id: request.body?.id, result: { ok: true } })}\n\n`,
      );
    });
    expect(await client.call({ tool: 'slow' })).toEqual({ ok: true });
  });

  it('throws Refused with code, rule, wait and decision when the gateway says no', async () => {
    const { client } = await clientOf((request, response) =>
      reply(request, response, {
        isError: true,
        content: [{ type: 'text', text: 'Deleting is not allowed.' }],
        _meta: {
          'io.github.sallyport/refusal': {
            code: 'denied',
            rule: 'no-delete',
            retryAfterSeconds: 5,
            decisionId: '0193',
          },
        },
      }),
    );
    const failure = await client.call({ tool: 'delete' }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(Refused);
    expect(failure).toMatchObject({
      message: 'Deleting is not allowed.',
      code: 'denied',
      rule: 'no-delete',
      retryAfterSeconds: 5,
      decisionId: '0193',
    });
  });

  it('throws Refused, too, where the no comes as an error', async () => {
    const refusal = { code: 'audit_unavailable', status: 503, retryAfterSeconds: 5 };
    const { client } = await clientOf((request, response) =>
      json(response, {
        jsonrpc: '2.0',
        id: request.body?.id,
        error: { code: 503, message: 'No trail.', data: { 'io.github.sallyport/refusal': refusal } },
      }),
    );
    const failure = await client.call({ tool: 'any' }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(Refused);
    expect(failure).toMatchObject({ message: 'No trail.', code: 'audit_unavailable', retryAfterSeconds: 5 });
  });

  it('gives an error result of the tool itself as a result', async () => {
    const { client } = await clientOf((request, response) =>
      reply(request, response, { isError: true, content: [{ type: 'text', text: 'no such file' }] }),
    );
    expect(await client.call({ tool: 'read' })).toMatchObject({ isError: true });
  });

  it('throws SallyportError with the JSON-RPC code for an unknown tool', async () => {
    const { client } = await clientOf((request, response) =>
      json(response, {
        jsonrpc: '2.0',
        id: request.body?.id,
        error: { code: -32602, message: 'Unknown tool: x' },
      }),
    );
    await expect(client.call({ tool: 'x' })).rejects.toMatchObject({
      name: 'SallyportError',
      status: 200,
      code: -32602,
      detail: 'Unknown tool: x',
    });
  });

  it('learns from the schema which arguments to repeat as headers, and repeats only a call that did not run', async () => {
    const inputSchema = {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
    };
    const { client, seen } = await clientOf((request, response) => {
      if (request.body?.method === 'tools/list') {
        reply(request, response, { tools: [{ name: 'routed', inputSchema }] });
      } else if (request.headers['mcp-param-region'] === 'eu') {
        reply(request, response, { content: [] });
      } else {
        const error = { code: -32020, message: 'Mcp-Param-Region is missing' };
        json(response, { jsonrpc: '2.0', id: request.body?.id, error }, 400);
      }
    });
    await client.call({ tool: 'routed', arguments: { region: 'eu' } });
    expect(seen.map((request) => request.body?.method)).toEqual(['tools/call', 'tools/list', 'tools/call']);
  });

  it('does not repeat a call that its server failed with the code of missing headers', async () => {
    const { client, seen } = await clientOf((request, response) => {
      const error = { code: -32020, message: 'after the effect' };
      json(response, { jsonrpc: '2.0', id: request.body?.id, error });
    });
    await expect(client.call({ tool: 'pay' })).rejects.toMatchObject({ code: -32020 });
    expect(seen).toHaveLength(1);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const { client } = await clientOf(() => stop.abort(new Error('enough')));
    await expect(client.call({ tool: 'endless' }, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('throws SallyportError, not a parser fault, for what no gateway says', async () => {
    const { client } = await clientOf((_, response) =>
      response.writeHead(502).end('<html>Bad gateway</html>'),
    );
    const failure = await client.call({ tool: 'echo' }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(SallyportError);
    expect(failure).toMatchObject({ status: 502, code: 'invalid_reply' });
  });

  it('throws what the problem document says when the key is not accepted', async () => {
    const problem = {
      type: 'about:blank',
      status: 401,
      code: 'not_authenticated',
      detail: 'Send a valid key.',
    };
    const { client } = await clientOf((_, response) => {
      response.writeHead(401, { 'Content-Type': 'application/problem+json', 'X-Request-Id': 'r-1' });
      response.end(JSON.stringify(problem));
    });
    await expect(client.call({ tool: 'echo' })).rejects.toMatchObject({
      status: 401,
      code: 'not_authenticated',
      detail: 'Send a valid key.',
      requestId: 'r-1',
    });
  });
});

describe('SallyportClient.listTools', () => {
  it('follows the pages to the end', async () => {
    const { client } = await clientOf((request, response) => {
      const isSecond = request.body?.params.cursor === 'two';
      const tool = { name: isSecond ? 'b' : 'a', inputSchema: { type: 'object' } };
      reply(request, response, { tools: [tool], ...(isSecond ? {} : { nextCursor: 'two' }) });
    });
    expect((await client.listTools()).map((tool) => tool.name)).toEqual(['a', 'b']);
  });
});

describe('SallyportClient.status', () => {
  it('tells a gateway that is not ready from one that does not answer', async () => {
    const status = { ready: false, checks: { store: { ok: false, reason: 'the disk is full' } } };
    const notReady = await clientOf((_, response) => json(response, status, 503));
    expect(await notReady.client.status()).toEqual(status);
    const broken = await clientOf((_, response) => json(response, { detail: 'no backend' }, 503));
    await expect(broken.client.status()).rejects.toMatchObject({ status: 503, detail: 'no backend' });
  });
});

describe('SallyportClient.audit', () => {
  it('asks for the next page only when the reader gets there, and keeps the filter', async () => {
    const { client, seen } = await clientOf((request, response) => {
      const isSecond = request.path.includes('cursor=2');
      json(
        response,
        isSecond ? { records: [{ id: 1 }] } : { records: [{ id: 3 }, { id: 2 }], next_cursor: '2' },
      );
    });
    const filter = { type: ['call.decided', 'call.outcome'], since: new Date(0), limit: 2 };
    const ids: number[] = [];
    for await (const entry of client.audit(filter)) {
      ids.push(entry.id);
      if (ids.length === 2) expect(seen).toHaveLength(1);
    }
    expect(ids).toEqual([3, 2, 1]);
    const query = new URL(seen[1]?.path ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      type: 'call.decided,call.outcome',
      since: '1970-01-01T00:00:00.000Z',
      limit: '2',
      cursor: '2',
    });
  });

  it('throws what the gateway says about a filter it does not know', async () => {
    const problem = { status: 400, code: 'invalid_query', detail: '"colour" is no filter.' };
    const { client } = await clientOf((_, response) => json(response, problem, 400));
    await expect(client.audit().next()).rejects.toMatchObject({ code: 'invalid_query' });
  });
});

describe('requests of the REST face', () => {
  it('are sent again under the same name while nothing but a broken connection answers', async () => {
    const { client, seen } = await clientOf((_, response) => {
      if (seen.length < 3) response.destroy();
      else json(response, { id: 'search', status: { state: 'up' } }, 201);
    });
    const register = () => client.registerUpstream('search', 'https://search.example/mcp');
    expect(await register()).toEqual({ state: 'up' });
    const names = seen.map(({ headers }) => headers['idempotency-key']);
    expect(names).toEqual([names[0], names[0], names[0]]);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
    await register();
    expect(seen[3]?.headers['idempotency-key']).not.toBe(names[0]);
  });

  it('that call, pay or make keys are not sent again once they may have arrived, all others are', async () => {
    const { client, seen } = await clientOf((_, response) => response.destroy());
    const sent = async (request: () => Promise<unknown>) => {
      const before = seen.length;
      await expect(request()).rejects.toThrow('fetch failed');
      return seen.length - before;
    };
    expect(await sent(() => client.proxyCall({ tool: 'pay' }))).toBe(1);
    expect(await sent(() => client.rest.ask('post', '/v1/payments/authorize', { body: { amount: 1 } }))).toBe(
      1,
    );
    expect(await sent(() => client.keys.create({ principal: 'bot', roles: ['agent'] }))).toBe(1);
    expect(await sent(() => client.keys.rotate('k'))).toBe(1);
    const parts = { id: 'hold_1' };
    expect(await sent(() => client.rest.ask('post', '/v1/approvals/{id}/replay', { parts }))).toBe(1);
    expect(await sent(() => client.keys.revoke('k'))).toBe(3);
  });

  it('that never left are sent again, whatever they do', async () => {
    let tries = 0;
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const client = new SallyportClient({
      baseUrl: 'http://gateway.example',
      fetch: async () => {
        tries += 1;
        if (tries === 1) throw new TypeError('fetch failed', { cause: refused });
        return Response.json({ content: [] });
      },
    });
    expect(await client.proxyCall({ tool: 'pay' })).toEqual({ content: [] });
    expect(tries).toBe(2);
  });

  it('that the gateway has under the same name already are waited for, however long', async () => {
    const { client, seen } = await clientOf((_, response) => {
      response.setHeader('X-Request-Id', 'r1');
      response.setHeader('Retry-After', '0');
      if (seen.length < 6) json(response, { code: 'idempotency_in_progress', detail: 'Under way.' }, 409);
      else json(response, { content: [] });
    });
    expect(await client.proxyCall({ tool: 'pay' }, { idempotencyKey: 'mine' })).toEqual({ content: [] });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['mine']));
  });

  it('whose answer is gone say what was done', async () => {
    const problem = { code: 'idempotency_lost', detail: 'Gone.', decision_id: 'c1', outcome: 'executed' };
    const { client } = await clientOf((_, response) => json(response, problem, 409));
    const failure = await client.proxyCall({ tool: 'pay' }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(AnswerLost);
    expect(failure).toMatchObject({ code: 'idempotency_lost', decisionId: 'c1', outcome: 'executed' });
    expect(failure).toMatchObject({ status: 409, detail: 'Gone.', mayBeDone: true });
  });

  it('that remove something are done when the second try finds nothing, never when the first does', async () => {
    const { client, seen } = await clientOf((_, response) => {
      if (seen.length === 1) response.destroy();
      else json(response, { code: 'not_found', detail: 'There is none.' }, 404);
    });
    await client.policies.remove('p');
    expect(seen).toHaveLength(2);
    const first = client.removeUpstream('u');
    await expect(first).rejects.toMatchObject({ code: 'not_found', mayBeDone: false });
  });

  it('never follow whoever answers with another address', async () => {
    const other = await clientOf((_, response) => json(response, { content: [] }));
    const { client, seen } = await clientOf(({ path }, response) =>
      response.writeHead(307, { Location: new URL(path, other.baseUrl).href }).end(),
    );
    const inSession = client.inSession('ses_secret');
    const asked = [
      () => inSession.proxyCall({ tool: 'pay', arguments: { card: '4111' } }),
      () => inSession.call({ tool: 'pay' }),
      () => inSession.policies.get('p'),
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toMatchObject({ status: 307, code: 'invalid_reply' });
    expect(seen).toHaveLength(3);
    expect(other.seen).toEqual([]);
  });

  it('have names where the page came over plain HTTP, too', async () => {
    const { client, seen } = await clientOf((_, response) => json(response, { session_id: 'ses_t' }, 201));
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    try {
      for (const agent_id of ['a', 'b']) await client.createSession({ agent_id });
    } finally {
      vi.unstubAllGlobals();
    }
    const names = seen.map(({ headers }) => headers['idempotency-key']);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(names[1]).not.toBe(names[0]);
  });

  it('are not sent again once the gateway has answered, nor when they were given up', async () => {
    const { client, seen } = await clientOf((_, response) => {
      response.setHeader('X-Request-Id', 'r1');
      json(response, { code: 'not_ready', detail: 'Not yet.' }, 503);
    });
    await expect(client.policies.check({})).rejects.toMatchObject({ code: 'not_ready', requestId: 'r1' });
    expect(seen).toHaveLength(1);
    const ended = new AbortController();
    const other = await clientOf((_, response) => {
      ended.abort(new Error('enough'));
      response.destroy();
    });
    await expect(other.client.policies.check({}, { signal: ended.signal })).rejects.toThrow();
    expect(other.seen).toHaveLength(1);
  });

  it('carry the ETag and give the next pages as they are asked for', async () => {
    const { client, seen } = await clientOf(({ method, path }, response) => {
      response.setHeader('ETag', '"r1"');
      if (method === 'PUT') json(response, {});
      else if (path === '/v1/policies/a%2Fb') json(response, { name: 'a/b' });
      else if (path === '/v1/policies') json(response, { policies: [{ name: 'a' }], next_cursor: 'c&d' });
      else json(response, { policies: [{ name: 'b' }] });
    });
    const parts = { name: 'a/b' };
    const { value, etag } = await client.rest.find('get', '/v1/policies/{name}', { parts });
    expect([value.name, etag]).toEqual(['a/b', '"r1"']);
    await client.rest.ask('put', '/v1/policies/{name}', { parts, body: { rules: [] }, ifMatch: etag });
    expect(seen[1]?.headers['if-match']).toBe('"r1"');
    const names: string[] = [];
    for await (const { name } of client.rest.each('/v1/policies', 'policies')) names.push(name);
    expect(names).toEqual(['a', 'b']);
    expect(seen.at(-1)?.path).toBe('/v1/policies?cursor=c%26d');
  });

  it('throw what a refusal is, by its code', async () => {
    const { client } = await clientOf(({ path }, response) => {
      const code = path.split('/')[3] ?? '';
      response.setHeader('Retry-After', '7');
      json(response, { code, detail: 'No.', rule: 'r', decision_id: 'd1' }, 403);
    });
    const thrownFor = (code: string) =>
      client.rest
        .ask('get', '/v1/policies/{name}', { parts: { name: code } })
        .catch((cause: unknown) => cause);
    expect(await thrownFor('denied')).toBeInstanceOf(PolicyDenied);
    expect(await thrownFor('budget_exhausted')).toBeInstanceOf(BudgetExhausted);
    expect(await thrownFor('rate_limited')).toBeInstanceOf(RateLimited);
    expect(await thrownFor('kill_switch')).toBeInstanceOf(Stopped);
    const other = await thrownFor('result_blocked');
    expect(other).toMatchObject({ name: 'Refused', rule: 'r', retryAfterSeconds: 7, decisionId: 'd1' });
  });

  it('throw who said no to a payment, too, and how the limit stands', async () => {
    const limit = { id: 'session', max: '5', left: '0.5', unit: 'USD', resetsAt: 1_000 };
    const { client } = await clientOf(({ path }, response) => {
      if (path === '/mcp') return json(response, { jsonrpc: '2.0', id: 1, result: refusedResult });
      if (path === '/v1/sessions') return json(response, { code: 'session_invalid', detail: 'Over.' }, 401);
      response.setHeader('X-Request-Id', 'r1');
      json(response, { code: 'budget_exhausted', detail: 'No money.', authorized: false, limit }, 403);
    });
    const refusal = { code: 'budget_exhausted', limit: { ...limit, resetsAt: '1970-01-01T00:00:01.000Z' } };
    const refusedResult = { isError: true, content: [], _meta: { 'io.github.sallyport/refusal': refusal } };
    const standing = { ...limit, resetsAt: new Date(1_000) };
    const paid = await client.rest
      .ask('post', '/v1/payments/authorize', { body: { amount: 1 } })
      .catch((cause: unknown) => cause);
    expect(paid).toBeInstanceOf(BudgetExhausted);
    expect(paid).toMatchObject({ message: 'No money.', requestId: 'r1', limit: standing });
    const called = await client.call({ tool: 'pay' }).catch((cause: unknown) => cause);
    expect(called).toBeInstanceOf(BudgetExhausted);
    expect(called).toMatchObject({ limit: standing });
    await expect(client.createSession({ agent_id: 'a' })).rejects.toBeInstanceOf(SessionInvalid);
  });
});

it('says that a call waits for a person, and under which name', async () => {
  const hold = { id: 'hold_1', state: 'pending', executed: false, decisionId: 'd1' };
  const { client } = await clientOf((request, response) =>
    reply(request, response, {
      content: [{ type: 'text', text: 'Not executed.' }],
      _meta: { 'io.github.sallyport/hold': hold },
    }),
  );
  const failure = await client.call({ tool: 'pay' }).catch((cause: unknown) => cause);
  expect(failure).toBeInstanceOf(ApprovalPending);
  expect(failure).toMatchObject({ message: 'Not executed.', approvalId: 'hold_1', decisionId: 'd1' });
});

it('opens a session, calls in it, and tells what waits from what was done', async () => {
  const { client, seen } = await clientOf(({ path }, response) => {
    if (path === '/v1/sessions') return json(response, { session_id: 'ses_t', id: 's1' }, 201);
    json(response, { status: 'approval_required', request_id: 'hold_1', message: 'Wait.', content: [] });
  });
  const session = await client.createSession({ agent_id: 'a', scopes: ['read'] });
  const failure = await client
    .inSession(session.session_id)
    .proxyCall({ tool: 'pay' })
    .catch((cause: unknown) => cause);
  expect(failure).toBeInstanceOf(ApprovalPending);
  expect(failure).toMatchObject({ message: 'Wait.', approvalId: 'hold_1', code: 'approval_required' });
  expect(seen.map(({ headers }) => headers['sallyport-session'])).toEqual([undefined, 'ses_t']);
});
