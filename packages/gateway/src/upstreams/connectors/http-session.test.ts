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
import { events, json } from '../../../../../test/fixtures/upstreams/http-server.js';

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
