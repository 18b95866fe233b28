import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeGateway, modern, send, startGateway, stop } from './face-fixture.js';

let gateway: FakeGateway;

beforeAll(async () => {
  gateway = await startGateway({ listener: { limits: { maxConnections: 8 } } });
});

afterAll(() => stop(gateway));

test('connections that say nothing keep nobody out: the oldest make room', async () => {
  const silent = Array.from({ length: 4 }, () => connect(gateway.port, '127.0.0.1'));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const [oldest] = silent;
  const ended = oldest && once(oldest.resume(), 'close');
  const more = Array.from({ length: 4 }, () => connect(gateway.port, '127.0.0.1'));
  await ended;
  const answer = await send(gateway, modern('tools/call', { name: 'echo', arguments: {} }));
  expect(answer.status).toBe(200);
  for (const socket of [...silent, ...more]) socket.destroy();
});
