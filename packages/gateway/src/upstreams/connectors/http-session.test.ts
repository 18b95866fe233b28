import { afterEach, describe, expect, it, vi } from 'vitest';
import { textOf, until } from '../../../../../test/fixtures/upstreams/deps.js';
import {
  call,
  closeAll,
  closers,
  connection,
  onCall,
  started,
  upstream,
} from '../../../../../test/fixtures/upstreams/http-house.js';
import { events, type Handler, json } from '../../../../../test/fixtures/upstreams/http-server.js';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';

afterEach(closeAll);

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

  /** A server that was started again: it answers a session that it does not know in its own way, until there is a new one. */
  async function restarted(refuse: Handler) {
    const house = await started('sessions', (seen, response) =>
      seen.body.method === 'tools/call' && seen.headers['mcp-session-id'] === 'session-1'
        ? refuse(seen, response)
        : false,
    );
    return house;
  }

  const refusals: [string, boolean, Handler][] = [
    [
      "the SDK's error without an id",
      false,
      (_, response) =>
        json(
          response,
          { id: null, error: { code: -32000, message: 'Bad Request: No valid session ID' } },
          400,
        ),
    ],
    [
      "the gateway's error with the id",
      false,
      ({ body }, response) =>
        json(response, { id: body.id, error: { code: -32001, message: 'Session not found' } }, 400),
    ],
    [
      'another error',
      true,
      ({ body }, response) => json(response, { id: body.id, error: { code: -32602, message: 'bad' } }, 400),
    ],
    ['no JSON', true, (_, response) => void response.writeHead(400).end('Invalid session')],
    [
      'an empty JSON answer',
      true,
      (_, response) => void response.writeHead(400, { 'content-type': 'application/json' }).end(),
    ],
  ];
  for (const [name, sent, refuse] of refusals) {
    it(`makes a new session after 400 with ${name}, and sends the call itself only once`, async () => {
      const { server, made } = await restarted(refuse);
      await expect(made.request(call())).rejects.toMatchObject({ kind: 'unavailable', sent });
      expect(textOf(await made.request(call()))).toContain('"method":"tools/call"');
      const calls = server.seen.filter(({ body }) => body.method === 'tools/call');
      expect(calls.map(({ headers }) => headers['mcp-session-id'])).toEqual(['session-1', 'session-2']);
    });
  }

  it('makes one new session for all calls that are refused with 400', async () => {
    const { server, made } = await restarted((_, response) => void response.writeHead(400).end());
    await Promise.allSettled(Array.from({ length: 10 }, () => made.request(call())));
    await made.request(call());
    expect(server.methods().filter((method) => method === 'initialize')).toHaveLength(2);
  });

  it('lists and listens again when a server lost its sessions', async () => {
    let changes = 0;
    const { server, url } = await upstream('sessions', ({ method, body }, response) => {
      if (method === 'GET') events(response);
      else if (body.method === 'initialize') {
        const session = `session-${server.seen.length}`;
        server.sessions.add(session);
        response.setHeader('mcp-session-id', session);
        const capabilities = { tools: { listChanged: true } };
        json(response, { id: body.id, result: { protocolVersion: '2025-11-25', capabilities } });
      } else return false;
      return true;
    });
    const made = await connection(url, { context: { onListChanged: () => changes++ } });
    await made.start();
    await until(() => server.methods().includes('GET'));
    server.sessions.clear();
    await made.request(call());
    expect(changes).toBe(1);
    const streams = () => server.seen.filter(({ method }) => method === 'GET');
    await until(() => streams().length === 2);
    const [first, second] = streams().map(({ headers }) => headers['mcp-session-id']);
    expect(first).not.toBe(second);
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
      connection(url, { context: { onListChanged: () => resolve() } }).then((made) => made.start(), reject);
    });
  });

  it('end with a server that is gone, though nobody calls it', async () => {
    const { server, url } = await upstream('modern', ({ body }, response) => {
      if (body.method === 'server/discover') {
        json(response, { id: body.id, result: { supportedVersions: ['2026-07-28'], capabilities } });
      } else if (body.method === 'subscriptions/listen') events(response)(news);
      else return false;
      return true;
    });
    const clock = new ManualClock();
    const down: string[] = [];
    const made = await connection(url, {
      context: { onDown: (reason) => down.push(reason) },
      deps: { clock },
    });
    await made.start();
    await until(() => server.methods().includes('subscriptions/listen'));
    await server.close();
    closers.pop();
    await until(() => server.sockets.size === 0);
    await vi.waitFor(async () => {
      await clock.advance(5000);
      expect(down).toHaveLength(1);
    });
    expect(down[0]).toMatch(/^cannot connect: /);
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
      connection(url, { context: { onListChanged: () => resolve() } }).then((made) => made.start(), reject);
    });
  });
});
