import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../../test/fixtures/upstreams/deps.js';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { closeAll, http, post, raw, send, sized } from '../../../../../test/fixtures/upstreams/wire-house.js';

afterEach(closeAll);

describe('the wire to an HTTP upstream', () => {
  it('writes a request as it should be, in characters of any kind', async () => {
    let seen = '';
    const { wire, url } = await raw((socket, _, text) => {
      seen = text;
      socket.write(sized('1'));
    });
    expect(await send(wire).ended).toEqual({ texts: ['1'], status: 200, sent: true });
    expect(seen).toBe(
      `POST /mcp?a=b HTTP/1.1\r\nhost: ${new URL(url).host}\r\nconnection: keep-alive\r\n` +
        'content-type: application/json\r\ncontent-length: 14\r\n\r\n{"a":"\u00e4\ud83d\ude00"}',
    );
    await send(wire, { method: 'GET', headers: [] }).ended;
    expect(seen).toMatch(/^GET .*\r\n\r\n$/s);
    expect(seen).not.toContain('content-length');
  });

  const unspeakable = ['a\r\nb: c', 'a\nb', 'a\0', '\u00e4', '\u2028', 'a\tb', '\x7f'];
  for (const value of unspeakable) {
    it(`sends nothing with ${JSON.stringify(value)} in a header, and does not say the value`, async () => {
      const { wire, sockets } = await raw(() => undefined);
      for (const headers of [
        ['x', value],
        [value, 'x'],
        ['', 'x'],
      ]) {
        const { fault, sent } = await send(wire, { ...post, headers }).ended;
        expect(fault).toMatchObject({ kind: 'unavailable', unreachable: false });
        expect(fault?.message).not.toContain(value);
        expect(sent).toBe(false);
      }
      expect(sockets).toHaveLength(0);
    });
  }

  it('reaches a server by its IPv6 address', async () => {
    const { wire } = await http((_, response) => void response.end(), { host: '[::1]' });
    expect(await send(wire).ended).toMatchObject({ status: 200 });
  });

  it('uses one socket for one request after another, however they are framed', async () => {
    let count = 0;
    const { wire, sockets } = await http((_, response) => {
      response.setHeader('content-type', 'application/json');
      if (++count % 2 === 0) response.end('2');
      else {
        response.write('[1');
        setImmediate(() => response.end(']'));
      }
    });
    for (let round = 0; round < 6; round++) {
      expect(await send(wire).ended).toMatchObject({ texts: [round % 2 === 0 ? '[1]' : '2'], status: 200 });
    }
    expect(sockets).toHaveLength(1);
  });

  it('opens a socket of its own for each request under way, up to 64, and then in order', async () => {
    const waiting: (() => void)[] = [];
    const { wire, sockets } = await http((_, response) => {
      waiting.push(() => response.setHeader('content-type', 'application/json').end(`${sockets.length}`));
    });
    const order: number[] = [];
    const all = Array.from({ length: 200 }, async (_, index) => {
      const heard = await send(wire).ended;
      order.push(index);
      return heard;
    });
    await until(() => waiting.length === 64);
    while (order.length < 200) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const heard of await Promise.all(all)) expect(heard.status).toBe(200);
    expect(sockets).toHaveLength(64);
    expect(order.slice(64)).toEqual(order.slice(64).toSorted((a, b) => a - b));
  });

  it('closes a socket on which anything follows a response, and opens another', async () => {
    const answers = [`${sized('1')}garbage`, sized('1') + sized('2'), `${sized('1')}\r\n`, sized('1')];
    const { wire, sockets } = await raw((socket, nth) => socket.write(answers[nth - 1] ?? ''));
    for (const _ of answers) expect((await send(wire).ended).texts).toEqual(['1']);
    expect(sockets).toHaveLength(4);
    await until(() => sockets.filter(({ destroyed }) => destroyed).length === 3);
  });

  it('closes an idle socket on which anything comes', async () => {
    const { wire, sockets } = await raw((socket) => socket.write(sized('1')));
    await send(wire).ended;
    sockets[0]?.write(sized('2'));
    await until(() => sockets[0]?.destroyed === true);
    expect((await send(wire).ended).texts).toEqual(['1']);
    expect(sockets).toHaveLength(2);
  });

  for (const [name, more] of [
    ['says that it closes', 'connection: close\r\n'],
    ['keeps sockets for a second only', 'keep-alive: timeout=1\r\n'],
  ]) {
    it(`does not use a socket again when the server ${name}`, async () => {
      const { wire, sockets } = await raw((socket) => socket.write(sized('1', more)));
      await send(wire).ended;
      await send(wire).ended;
      expect(sockets).toHaveLength(2);
    });
  }

  it('closes an idle socket before the server does', async () => {
    const clock = new ManualClock();
    for (const [more, ms] of [
      ['', 4000],
      ['keep-alive: timeout=8, max=5\r\n', 7000],
      ['keep-alive: max=5, timeout=999\r\n', 30_000],
    ] as const) {
      const { wire, sockets } = await raw((socket) => socket.write(sized('1', more)), { clock });
      await send(wire).ended;
      await clock.advance(ms - 1);
      await send(wire).ended;
      expect(sockets).toHaveLength(1);
      await clock.advance(ms + 1000);
      await until(() => sockets[0]?.destroyed === true);
    }
  });

  it('keeps the process alive while a request is under way, and not with idle sockets', async () => {
    const alive = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const { wire } = await raw((socket, nth) => void (nth < 3 && socket.write(sized('1'))));
    for (let round = 0; round < 2; round++) await send(wire).ended;
    const idle = alive();
    send(wire);
    expect(alive()).toBe(idle + 1);
  });

  const broken: [string, (socket: Socket) => void, RegExp][] = [
    ['is closed without an answer', (socket) => socket.end(), /before the end/],
    ['is reset', (socket) => socket.resetAndDestroy(), /ECONNRESET/],
    ['ends in the middle of a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncont'), /before the end/],
    ['ends in the middle of a body', (socket) => socket.end(sized('123').slice(0, -1)), /before the end/],
    [
      'ends in the middle of a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab'),
      /before the end/,
    ],
    ['carries another protocol', (socket) => socket.write('hello\r\n\r\n'), /not readable as HTTP/],
  ];
  for (const [name, answer, words] of broken) {
    it(`fails a request once when its socket ${name}, and sends it once`, async () => {
      let requests = 0;
      const { wire, sockets } = await raw((socket, nth) => {
        requests++;
        if (nth === 1) socket.write(sized('1'));
        else answer(socket);
      });
      await send(wire).ended;
      const { fault, sent, texts } = await send(wire).ended;
      expect(fault).toMatchObject({ kind: 'unavailable', unreachable: false });
      expect(fault?.message).toMatch(words);
      expect({ sent, texts, requests }).toEqual({ sent: true, texts: [], requests: 2 });
      await until(() => sockets[0]?.destroyed === true);
    });
  }

  it('takes a body that ends with the connection, and no further request on it', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';
    const { wire, sockets } = await raw((socket) => socket.end(`${head}[1]`));
    for (let round = 0; round < 2; round++) expect((await send(wire).ended).texts).toEqual(['[1]']);
    expect(sockets).toHaveLength(2);
  });

  it('reads an answer that comes byte by byte, with interim ones before it', async () => {
    const { wire } = await raw((socket) => {
      const bytes = `HTTP/1.1 100 Continue\r\n\r\n${sized('[1]')}`.split('');
      const drip = () => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(byte, () => setImmediate(drip));
      };
      drip();
    });
    expect(await send(wire).ended).toMatchObject({ texts: ['[1]'], status: 200 });
  });

  it('puts together a body of a million chunks', async () => {
    const { wire } = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let round = 0; round < 100; round++) socket.write('1\r\n7\r\n'.repeat(10_000));
      socket.write('0\r\n\r\n');
    });
    const { texts } = await send(wire).ended;
    expect(texts).toEqual(['7'.repeat(1_000_000)]);
  });

  it('hands on the events of a stream as they come', async () => {
    let write: (text?: string) => void = () => undefined;
    const { wire, sockets } = await http((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write = (text) => void (text === undefined ? response.end() : response.write(text));
      write('data: 1\n\n');
    });
    const { texts, ended } = send(wire);
    await until(() => texts.length === 1);
    write('data: 2\n\ndata: ');
    await until(() => texts.length === 2);
    write('3\n\n');
    write();
    expect((await ended).texts).toEqual(['1', '2', '3']);
    const again = send(wire);
    await until(() => again.texts.length === 1);
    expect(sockets).toHaveLength(1);
  });

  it('leaves a server that has answered before it took the request', async () => {
    const { wire, sockets } = await raw((socket, nth) => {
      if (nth > 1) return;
      socket.pause();
      socket.write(sized('1'));
    });
    const long = { ...post, body: JSON.stringify('x'.repeat(30_000_000)) };
    expect((await send(wire, long).ended).texts).toEqual(['1']);
    expect(sockets).toHaveLength(1);
    sockets[0]?.resume();
    await until(() => sockets[0]?.destroyed === true);
  });
});
