import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  call,
  closeAll,
  connection,
  onCall,
  upstream,
} from '../../../../../test/fixtures/upstreams/http-house.js';
import { events } from '../../../../../test/fixtures/upstreams/http-server.js';
import { closeAll as closeWires, raw } from '../../../../../test/fixtures/upstreams/wire-house.js';

afterEach(async () => {
  await closeAll();
  await closeWires();
});

interface Asked {
  readonly id?: number;
  readonly method: string;
}

const response = (status: string, body: object | '', more = '') => {
  const text = body === '' ? '' : JSON.stringify({ jsonrpc: '2.0', ...body });
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${more}content-length: ${text.length}\r\n\r\n${text}`;
};

function answerTo({ id, method }: Asked): string {
  if (method.startsWith('notifications/')) return 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n';
  if (method !== 'initialize') return response('200 OK', { id, result: { content: [] } });
  const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} } };
  return response('200 OK', { id, result }, 'mcp-session-id: s1\r\n');
}

/** Its `nth` request is answered with something else first, so that its socket is one answer late from then on. */
async function late(nth: number, stray: (asked: Asked) => string) {
  const seen: Asked[] = [];
  const owed = new Map<Socket, string>();
  const { url, sockets } = await raw((socket, _, text) => {
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    if (body === '') return;
    const asked = JSON.parse(body) as Asked;
    seen.push(asked);
    const due = seen.length === nth ? stray(asked) : owed.get(socket);
    if (due !== undefined) owed.set(socket, answerTo(asked));
    socket.write(due ?? answerTo(asked));
  });
  const made = await connection(url, { spec: { revision: '2025-11-25' } });
  await made.start();
  const ids = () => seen.filter(({ method }) => method === 'tools/call').map(({ id }) => id);
  const count = (wanted: string) => seen.filter(({ method }) => method === wanted).length;
  return { made, sockets, ids, count };
}

describe('a socket that is out of step', () => {
  const strays: [string, (asked: Asked) => string][] = [
    ['nothing', () => response('200 OK', '')],
    ['the answer to an earlier call', ({ id = 0 }) => response('200 OK', { id: id - 1, result: {} })],
    [
      'a 404 for an earlier call',
      ({ id = 0 }) => response('404 Not Found', { id: id - 1, error: { code: -32001, message: 'x' } }),
    ],
    [
      'an unreadable 404 for an earlier call',
      ({ id = 0 }) => response('404 Not Found', { id: id - 1, error: { code: 1, code2: '\ud800' } }),
    ],
  ];
  for (const [name, stray] of strays) {
    it(`fails one call with ${name}, which ran once and is said to be sent, and no other`, async () => {
      const { made, ids, count } = await late(4, stray);
      await made.request(call());
      await expect(made.request(call())).rejects.toMatchObject({ sent: true });
      for (let round = 0; round < 3; round++) await made.request(call());
      expect(new Set(ids()).size).toBe(5);
      expect(ids()).toHaveLength(5);
      expect(count('initialize')).toBe(1);
    });
  }

  it('fails no call when a notification got the answer to something else', async () => {
    const { made, sockets } = await late(2, () => response('200 OK', { id: 1, result: {} }));
    for (let round = 0; round < 3; round++) await made.request(call());
    expect(sockets).toHaveLength(2);
  });

  it('carries nothing more after a lost session, told without an id or with one that no request has', async () => {
    const error = { code: -32600, message: 'Session not found' };
    for (const body of ['', { id: null, error }, { id: 'server-error', error }] as const) {
      const { made, sockets, ids, count } = await late(4, () => response('404 Not Found', body));
      await made.request(call());
      await made.request(call());
      expect(ids()).toHaveLength(3);
      expect(count('initialize')).toBe(2);
      // What is told beside calls has a socket of its own.
      expect(sockets).toHaveLength(3);
    }
  });
});

describe('a second answer', () => {
  it('to a call that has ended changes nothing', async () => {
    const down: string[] = [];
    const handle = onCall(({ body }, stream) => {
      const tell = events(stream);
      tell({ id: body.id, result: { content: [] } });
      tell({ id: body.id, error: { code: -32022, message: 'Unsupported protocol version' } });
      stream.end();
    });
    const { url } = await upstream('modern', handle);
    const made = await connection(url, { context: { onDown: (reason) => down.push(reason) } });
    await made.start();
    for (let round = 0; round < 2; round++) expect((await made.request(call())).kind).toBe('result');
    await made.close();
    expect(down).toEqual([]);
  });
});
