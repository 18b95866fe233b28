import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../../test/fixtures/upstreams/deps.js';
import { call, closeAll, onCall, started } from '../../../../../test/fixtures/upstreams/http-house.js';
import { events, type Handler, json } from '../../../../../test/fixtures/upstreams/http-server.js';

afterEach(closeAll);

describe('answers over HTTP that are none', () => {
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
});
