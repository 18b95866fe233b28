import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { addressRules } from './address-rules.js';
import { GuardedClient, type OutboundRequest } from './guarded-client.js';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const limits = { method: 'GET', timeoutMs: 2000, maxBytes: 1000 } as const;
const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  ...limits,
  url,
  ...more,
});

function clientFor(origin: string): GuardedClient {
  return new GuardedClient({ addresses: addressRules(['127.0.0.1']), plainOrigins: [origin] });
}

describe('the guarded client', () => {
  test('sends what it is given and returns the answer, redirects too', async () => {
    const seen: string[] = [];
    const origin = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host} ${String(request.headers['x-a'])}`);
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () =>
        response.writeHead(302, { location: '/other', 'content-type': 'text/plain' }).end('go'),
      );
    });
    const reply = await clientFor(origin).request(
      get(`${origin}/path?q=1`, { method: 'POST', body: 'é', headers: { 'x-a': 'b' } }),
    );
    expect(reply).toMatchObject({ status: 302, contentType: 'text/plain' });
    expect(String(reply.body)).toBe('go');
    expect(seen).toEqual([`POST /path?q=1 ${new URL(origin).host} b`, 'é']);
  });

  test.each([
    ['http://example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['ftp://example.com/', 'must begin with https://'],
    ['https://user:pw@example.com/', 'user name or password'],
    ['https://2130706433/', 'loopback'],
    ['https://0x7f000001/', 'loopback'],
    ['https://127.1/', 'loopback'],
    ['https://[::ffff:127.0.0.1]/', 'loopback'],
    ['https://[64:ff9b::7f00:1]/', 'not allowed'],
    ['https://169.254.169.254/latest', 'link local'],
    ['not a url', 'no URL'],
  ])('does not go to %s', async (url, words) => {
    const client = new GuardedClient({ addresses: addressRules([]) });
    await expect(client.request(get(url))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.request(get(url))).rejects.toThrow(words);
    expect(client.whyNot(url)).toContain(words);
  });

  test('resolves a name once and goes nowhere if any of its addresses is not allowed', async () => {
    let asked = 0;
    const client = new GuardedClient({
      addresses: addressRules([]),
      async resolve() {
        asked += 1;
        return ['93.184.216.34', '127.0.0.1'];
      },
    });
    await expect(client.request(get('https://mixed.example/'))).rejects.toThrow(
      'mixed.example: 127.0.0.1 is a loopback',
    );
    expect(asked).toBe(1);
  });

  test('connects to the address that was checked, whatever the name says later', async () => {
    const origin = await serve((request, response) => response.end(request.headers.host));
    const { port } = new URL(origin);
    const named = `http://rebind.example:${port}`;
    const client = new GuardedClient({
      addresses: addressRules(['127.0.0.1']),
      plainOrigins: [named],
      resolve: async () => ['127.0.0.1'],
    });
    expect(String((await client.request(get(`${named}/`))).body)).toBe(`rebind.example:${port}`);
  });

  test('stops reading an answer that is too long', async () => {
    const origin = await serve((_request, response) => response.end('x'.repeat(100_000)));
    await expect(clientFor(origin).request(get(origin))).rejects.toMatchObject({ kind: 'too_large' });
  });

  test('waits no longer than it may, and leaves the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      void serve((request) => request.on('close', resolve)).then((origin) =>
        expect(clientFor(origin).request(get(origin, { timeoutMs: 50 }))).rejects.toMatchObject({
          kind: 'timeout',
        }),
      );
    });
    await closed;
  });

  test('says of a place that is not there that it cannot be reached', async () => {
    const origin = await serve(() => undefined);
    servers[0]?.close();
    await expect(clientFor(origin).request(get(origin))).rejects.toThrow('cannot be reached (ECONNREFUSED)');
    const nameless = new GuardedClient({
      addresses: addressRules([]),
      resolve: () => Promise.reject(new Error('SERVFAIL with details')),
    });
    await expect(nameless.request(get('https://nowhere.example/'))).rejects.toThrow(
      /^nowhere.example cannot be resolved$/,
    );
  });
});
