import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressRules } from './address-rules.js';
import { openGuardedSocket } from './guarded-socket.js';

let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.end();
});
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** `arrived`, or why not. */
async function open(url: string, allowed: readonly string[]): Promise<string> {
  const [socket, arrived] = openGuardedSocket(new URL(url), addressRules(allowed));
  try {
    await once(socket, arrived);
    return 'arrived';
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  } finally {
    socket.destroy();
  }
}

test('a connection goes to addresses that are allowed, however they are written', async () => {
  expect(await open(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe('arrived');
  expect(await open(`http://localhost:${port}/`, ['127.0.0.0/8', '::1'])).toBe('arrived');
  expect(await open(`http://2130706433:${port}/`, ['127.0.0.1'])).toBe('arrived');
});

test.each([
  '127.0.0.1',
  'localhost',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '169.254.169.254',
  '10.0.0.1',
  '0.0.0.0',
])('no connection is even begun to %s where it is not allowed, with TLS or without', async (host) => {
  const before = connections;
  for (const scheme of ['http', 'https'])
    expect(await open(`${scheme}://${host}:${port}/`, [])).toMatch(/connections are not allowed/);
  expect(connections).toBe(before);
});

test('a name of which one address is not allowed is not reached by the others either', async () => {
  expect(await open(`http://localhost:${port}/`, ['192.0.2.1'])).toMatch(/^localhost: .* not allowed$/);
});
