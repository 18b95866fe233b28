import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeGateway, modern, send, sendRaw, startGateway, stop } from './face-fixture.js';

let gateway: FakeGateway;
let host: string;

beforeAll(async () => {
  gateway = await startGateway({
    listener: { allow: { hosts: ['gate.example'], origins: ['https://gate.example'] } },
  });
  host = `127.0.0.1:${gateway.port}`;
});

afterAll(() => stop(gateway));

const call = () => modern('tools/call', { name: 'echo', arguments: {} });

function rawCall(lines: string[], body = call().body ?? ''): string {
  const headers = Object.entries(call().headers).map(([name, value]) => `${name}: ${String(value)}`);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return `POST /mcp HTTP/1.1\r\n${[...lines, ...headers, length].join('\r\n')}\r\n\r\n${String(body)}`;
}

describe('the guard', () => {
  test.each([
    ['a Host of another name', ['Host: 127.0.0.1.nip.io'], 403],
    ['a Host with a trailing dot', ['Host: localhost.:1'], 403],
    ['a Host with a path', ['Host: localhost/x'], 400],
    ['a Host with a fragment', ['Host: localhost#'], 400],
    ['no Host', [], 400],
    ['two Hosts', ['Host: localhost', 'Host: evil.example'], 400],
    ['two Authorizations', ['Host: HOST', 'authorization: Bearer agent-b'], 400],
    ['two MCP headers', ['Host: HOST', 'mcp-method: tools/list'], 400],
    ['two parameter headers', ['Host: HOST', 'Mcp-Param-X: 1', 'mcp-param-x: 1'], 400],
    ['two Origins', ['Host: HOST', 'Origin: https://gate.example', 'Origin: https://evil.example'], 403],
    ['an Origin of null', ['Host: HOST', 'Origin: null'], 403],
    ['an Origin of another scheme', ['Host: HOST', 'Origin: http://gate.example'], 403],
    ['an Origin that ends like ours', ['Host: HOST', 'Origin: https://evilgate.example'], 403],
    ['an upgrade', ['Host: HOST', 'Connection: Upgrade', 'Upgrade: h2c'], 400],
    ['an expectation', ['Host: HOST', 'Expect: 100-continue'], 417],
    ['a trailer', ['Host: HOST', 'Trailer: Authorization'], 400],
    ['101 headers', ['Host: HOST', ...Array.from({ length: 101 }, (_, i) => `X-${i}: v`)], 431],
  ])('refuses %s and closes', async (_what, lines, status) => {
    const own = lines.map((line) => line.replace('HOST', host));
    const answer = await sendRaw(gateway, rawCall(own));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer.toLowerCase()).not.toContain('access-control');
    expect(gateway.calls).toEqual([]);
  });

  test.each([
    ['an absolute target', 'GET http://evil.example/mcp HTTP/1.1', 400],
    ['a double slash', 'GET //mcp HTTP/1.1', 400],
    ['a dot segment', 'GET /x/../mcp HTTP/1.1', 400],
    ['an encoded slash', 'GET /mcp%2fone HTTP/1.1', 400],
    ['a fragment', 'GET /mcp#x HTTP/1.1', 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1', 400],
    ['HTTP/1.0', 'GET /mcp HTTP/1.0', 505],
  ])('refuses %s', async (_what, line, status) => {
    const answer = await sendRaw(gateway, `${line}\r\nHost: ${host}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('refuses HTTP/0.9', async () => {
    expect(await sendRaw(gateway, 'GET /v1/callers\r\n\r\n')).toMatch(/^HTTP\/1\.1 (505|400) /);
  });

  test('refuses a GET with a body', async () => {
    const answer = await sendRaw(
      gateway,
      `GET /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\n\r\nabc`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('refuses trailers that were not announced', async () => {
    const body = String(call().body);
    const head = rawCall([`Host: ${host}`], '').replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    const chunked = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\nAuthorization: x\r\n\r\n`;
    expect(await sendRaw(gateway, head + chunked)).toMatch(/^HTTP\/1\.1 400 /);
    expect(gateway.calls).toEqual([]);
  });

  test('reads nothing that follows a refused request', async () => {
    const second = rawCall([`Host: ${host}`]);
    const answer = await sendRaw(gateway, `GET //x HTTP/1.1\r\nHost: ${host}\r\n\r\n${second}`);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(gateway.calls).toEqual([]);
  });

  test('answers malformed HTTP with a bare 400', async () => {
    const both = rawCall([`Host: ${host}`, 'Transfer-Encoding: chunked']);
    expect(await sendRaw(gateway, both)).toMatch(/^HTTP\/1\.1 400 .*\r\nConnection: close/);
    expect(await sendRaw(gateway, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('refuses headers beyond 16 KiB', async () => {
    const answer = await sendRaw(
      gateway,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('guards the paths of the control face as well', async () => {
    const answer = await sendRaw(gateway, 'GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('lets the configured Host and Origin and the loopback forms through', async () => {
    const own = await send(gateway, {
      method: 'GET',
      path: '/livez',
      headers: { Origin: 'https://gate.example' },
    });
    const named = await send(gateway, { method: 'GET', path: '/livez', headers: { Host: 'gate.example' } });
    const local = await send(gateway, {
      method: 'GET',
      path: '/livez',
      headers: { Host: `LOCALHOST:${gateway.port}`, Origin: `http://localhost:${gateway.port}` },
    });
    expect([own.text, named.text, local.text]).toEqual(['control', 'control', 'control']);
  });

  test('lets repeated headers through that are lists', async () => {
    const answer = await sendRaw(
      gateway,
      `GET /livez HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: a\r\nX-Forwarded-For: b\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('control');
  });
});
