import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf, until } from '../../../../../test/fixtures/upstreams/deps.js';
import {
  call,
  closeAll,
  connection,
  onCall,
  started,
  upstream,
} from '../../../../../test/fixtures/upstreams/http-house.js';
import { events, type Handler, json, type Seen } from '../../../../../test/fixtures/upstreams/http-server.js';
import type { Ask } from '../../model/client.js';
import type { RelayedMethod } from '../../model/target.js';

afterEach(closeAll);

const done = (id: number | undefined) => ({ id, result: { content: [{ type: 'text', text: 'done' }] } });

/** Begins a stream, and tells of one event with an id. */
function begin(response: ServerResponse, ...fields: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`${['id: e-1', ...fields].join('\n')}\ndata: \n\n`);
}

describe('a stream that breaks before the answer', () => {
  /** Calls whose stream breaks off, and what the server does when asked for the rest. */
  function breaking(rest: (seen: Seen, response: ServerResponse, id: number | undefined) => void): Handler {
    let id: number | undefined;
    let calls = 0;
    return (seen, response) => {
      if (seen.method === 'GET' && seen.headers['last-event-id'] !== undefined) rest(seen, response, id);
      else if (seen.body.method === 'tools/call') {
        id = seen.body.id;
        calls += 1;
        begin(response, `id: e-${calls}`, 'retry: 60');
        setTimeout(() => response.socket?.destroy(), 5);
      } else return false;
      return true;
    };
  }

  it('is taken up again behind its last event, and the call is not sent again', async () => {
    const { server, made } = await started(
      'sessions',
      breaking((_, response, id) => {
        events(response)(done(id));
        response.end();
      }),
    );
    expect(textOf(await made.request(call()))).toBe('done');
    expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(1);
    const resumed = server.seen.find(({ method }) => method === 'GET');
    expect(resumed?.headers).toMatchObject({
      'last-event-id': 'e-1',
      'mcp-session-id': 'session-1',
      accept: expect.stringContaining('text/event-stream'),
    });
  });

  it.each([404, 405, 400, 500])(
    'ends the call as possibly run when the rest is refused with %i',
    async (status) => {
      const { server, made } = await started(
        'sessions',
        breaking((_, response) => void response.writeHead(status).end()),
      );
      await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable', sent: true });
      expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(1);
      expect(server.methods().filter((method) => method === 'initialize')).toHaveLength(1);
    },
  );

  it('is asked for again as long as the call may take, and not after that', async () => {
    const { server, made } = await started(
      'sessions',
      breaking(({ headers }, response) => {
        begin(response, `id: ${String(headers['last-event-id'])}`, 'retry: 60');
        response.end();
      }),
    );
    const askedFor = (event: string) =>
      server.seen.filter(({ method, headers }) => method === 'GET' && headers['last-event-id'] === event)
        .length;
    const late = { kind: 'timeout' };
    await expect(made.request(call('{}', { timeoutMs: 400 }))).rejects.toMatchObject(late);
    const asked = askedFor('e-1');
    expect(asked).toBeGreaterThan(1);
    // The next call waits as long before it asks, from a later moment: by then the first one would have asked again.
    const next = expect(made.request(call('{}', { timeoutMs: 400 }))).rejects.toMatchObject(late);
    await until(() => askedFor('e-2') > 0);
    expect(askedFor('e-1')).toBe(asked);
    await next;
  });

  it('ends the call where the server gave its events no ids, and where it is modern', async () => {
    for (const [era, fields] of [
      ['sessions', ''],
      ['modern', 'id: e-1\n'],
    ] as const) {
      const { server, made } = await started(
        era,
        onCall((_, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(`${fields}data: {"jsonrpc":"2.0","method":"notifications/x"}\n\n`);
        }),
      );
      await expect(made.request(call())).rejects.toMatchObject({ kind: 'malformed', sent: true });
      expect(server.methods()).not.toContain('GET');
    }
  });
});

describe('the stream of news', () => {
  const capabilities = { tools: { listChanged: true }, resources: { subscribe: true } };

  it('is taken up again behind its last event, after the time that the server asks for', async () => {
    const streams: { at: number; last: unknown }[] = [];
    const { url } = await upstream('legacy', ({ method, headers, body }, response) => {
      if (method === 'GET') {
        streams.push({ at: performance.now(), last: headers['last-event-id'] });
        begin(response, 'retry: 300');
        if (streams.length < 3) response.end();
      } else if (body.method === 'initialize') {
        json(response, { id: body.id, result: { protocolVersion: '2025-11-25', capabilities } });
      } else return false;
      return true;
    });
    let gaps = 0;
    const made = await connection(url, { context: { onListChanged: () => gaps++ } });
    await made.start();
    await until(() => streams.length === 3);
    expect(streams.map(({ last }) => last)).toEqual([undefined, 'e-1', 'e-1']);
    const [first, second] = streams;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(290);
    expect(gaps).toBe(0);
  });

  it('is opened for a client that can be asked, though nothing ever changes', async () => {
    const { server, url } = await upstream('legacy');
    const made = await connection(url, { context: { capabilities: '{"sampling":{}}' } });
    await made.start();
    await until(() => server.methods().includes('GET'));
    const initialize = server.seen.find(({ body }) => body.method === 'initialize');
    expect(initialize?.text).toContain('"capabilities":{"sampling":{}}');
  });

  it('of a modern server is opened anew for each set of resources, and the former one closed then', async () => {
    const listens: Seen[] = [];
    const { url } = await upstream('modern', (seen, response) => {
      const { body } = seen;
      if (body.method === 'server/discover') {
        json(response, { id: body.id, result: { supportedVersions: ['2026-07-28'], capabilities } });
      } else if (body.method === 'subscriptions/listen') {
        listens.push(seen);
        events(response)({ method: 'notifications/subscriptions/acknowledged', params: {} });
      } else return false;
      return true;
    });
    const made = await connection(url);
    await made.start();
    await until(() => listens.length === 1);
    await made.follow(['x://1']);
    await until(() => listens[0]?.closed === true);
    expect(listens[1]?.closed).toBe(false);
    await made.follow([]);
    await until(() => listens[1]?.closed === true);
    expect(listens.map(({ text }) => JSON.parse(text).params.notifications)).toEqual([
      { toolsListChanged: true },
      { toolsListChanged: true, resourceSubscriptions: ['x://1'] },
      { toolsListChanged: true },
    ]);
  });

  it('is refused in words when a modern server does not agree', async () => {
    const { url } = await upstream('modern');
    const made = await connection(url);
    await made.start();
    await expect(made.follow(['x://1'])).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('HTTP 404'),
    });
    await made.follow([]);
  });
});

describe('what a server asks over HTTP', () => {
  const accept: Ask = async () => ({
    kind: 'result',
    result: { text: '{"action":"accept"}', value: { action: 'accept' } },
  });

  it('is not heard from a modern server, which asks in its results', async () => {
    const { server, made } = await started(
      'modern',
      onCall(({ body }, response) => {
        const send = events(response);
        send({ id: 5, method: 'elicitation/create', params: {} });
        send(done(body.id));
        response.end();
      }),
    );
    expect(textOf(await made.request(call('{}', { ask: accept })))).toBe('done');
    expect(server.seen.some(({ text }) => text.includes('"action"'))).toBe(false);
  });

  it('is answered in the next request of the same call, whose headers are made anew', async () => {
    const { server, made } = await started(
      'modern',
      onCall(({ body, text }, response) => {
        if (text.includes('inputResponses')) json(response, done(body.id));
        else {
          const inputRequests = { q: { method: 'elicitation/create', params: {} } };
          const result = { resultType: 'input_required', inputRequests, requestState: 's' };
          json(response, { id: body.id, result });
        }
      }),
    );
    expect(textOf(await made.request(call('{"a":1.0}', { ask: accept })))).toBe('done');
    const last = server.seen.at(-1);
    expect(last?.text).toContain(
      '"arguments":{"a":1.0},"inputResponses":{"q":{"action":"accept"}},"requestState":"s"',
    );
    expect(last?.headers).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'echo' });
    expect(server.seen.at(-2)?.body.id).not.toBe(last?.body.id);
  });
});

it('names the task in the header of a request about a task, and nothing where a method is about nothing', async () => {
  const { server, made } = await started('modern');
  const target = (name: string): RelayedMethod => ({
    kind: 'method',
    exposedName: name,
    upstream: 'x',
    name,
  });
  const args = { text: '{"taskId":"t-1"}', value: { taskId: 't-1' } };
  for (const method of ['tasks/get', 'x/y']) {
    await made.request({ ...call(), method, target: target(method), args }).catch(() => undefined);
  }
  const [get, other] = server.seen.slice(-2);
  expect(get?.headers).toMatchObject({ 'mcp-method': 'tasks/get', 'mcp-name': 't-1' });
  expect(other?.headers).not.toHaveProperty('mcp-name');
});
