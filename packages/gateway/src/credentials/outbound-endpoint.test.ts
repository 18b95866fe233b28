import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { Broker } from './broker.js';
import { type OutboundDestination, openEndpoint } from './outbound-endpoint.js';

const clock = new ManualClock();
const sources = [{ scheme: 'env', read: async (name: string) => `secret-of-${name}` }];
const open = (destination: OutboundDestination) =>
  openEndpoint(destination, { broker: new Broker({ sources, clock }), now: () => 1_700_000_000_999 });

test('puts secrets into headers and signs time and body, and nobody can set the type', async () => {
  let seen: IncomingHttpHeaders = {};
  const server = createServer((request, response) => {
    seen = request.headers;
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  const headers = { Authorization: `Bearer \${env:TOKEN}`, 'Content-Type': 'text/plain' };
  const endpoint = open({ url, headers, signWith: 'env:KEY' });
  await endpoint.post('{"a":1}', { timeoutMs: 2000, maxBytes: 100 });
  server.close();
  const mac = createHmac('sha256', 'secret-of-KEY').update('1700000000.{"a":1}').digest('hex');
  expect(seen).toMatchObject({
    authorization: 'Bearer secret-of-TOKEN',
    'content-type': 'application/json',
    'x-sallyport-timestamp': '1700000000',
    'x-sallyport-signature': `v1=${mac}`,
  });
});

test.each([
  [{ url: 'http://opa.internal:8181/' }, 'must begin with https://'],
  [{ url: 'https://10.1.2.3/' }, 'private'],
  [{ url: 'https://10.1.2.3/', addresses: ['10.2.0.0/16'] }, 'private'],
  [{ url: 'http://127.0.0.1.example/' }, 'must begin with https://'],
  [{ url: 'https://[fd00::1]/' }, 'unique local'],
])('does not go to %j', (destination, words) => {
  expect(() => open(destination)).toThrow(words);
});

test.each([
  { url: 'http://opa.internal:8181/', plainHttp: true },
  { url: 'https://10.1.2.3/', addresses: ['10.0.0.0/8'] },
  { url: 'http://localhost:8181/' },
  { url: 'http://[::1]:8181/' },
  { url: 'https://judge.example/' },
])('may go to %j', (destination) => {
  expect(() => open(destination)).not.toThrow();
});
