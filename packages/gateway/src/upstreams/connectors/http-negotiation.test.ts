import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, connection, upstream } from '../../../../../test/fixtures/upstreams/http-house.js';
import { type Handler, json } from '../../../../../test/fixtures/upstreams/http-server.js';

afterEach(closeAll);

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
