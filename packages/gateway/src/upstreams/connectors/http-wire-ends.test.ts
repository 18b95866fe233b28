import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../../test/fixtures/upstreams/deps.js';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { closeAll, house, http, raw, send } from '../../../../../test/fixtures/upstreams/wire-house.js';
import { systemClock } from '../../lib/clock.js';
import { HttpWire } from './http-wire.js';

afterEach(closeAll);

describe('a server that cannot be reached', () => {
  it('is told from one that breaks off', async () => {
    for (const host of ['127.0.0.1:9', 'localhost:9', '[::1]:9']) {
      const wire = new HttpWire(new URL(`http://${host}/`), systemClock);
      const { fault, sent } = await send(wire).ended;
      expect(fault).toMatchObject({ kind: 'unavailable', unreachable: true });
      expect(fault?.message).toMatch(/^cannot connect: .*ECONNREFUSED/);
      expect(sent).toBe(false);
    }
  });

  it('is given up after ten seconds', async () => {
    const clock = new ManualClock();
    // Nobody at that server ever answers the handshake.
    const { url } = await raw(() => undefined);
    const wire = new HttpWire(new URL(url.replace('http:', 'https:')), clock);
    const { ended } = send(wire);
    await clock.advance(10_000);
    const { fault, sent } = await ended;
    expect(fault).toMatchObject({ unreachable: true, message: expect.stringContaining('10000 ms') });
    expect(sent).toBe(false);
  });

  it('fails a request whose handshake is broken off', async () => {
    const { url } = await raw((socket) => void socket.end());
    const wire = new HttpWire(new URL(url.replace('http:', 'https:')), systemClock);
    const { fault, sent } = await send(wire).ended;
    expect(fault).toMatchObject({ kind: 'unavailable', unreachable: true });
    expect(sent).toBe(false);
  });
});

describe('TLS', () => {
  const pem = readFileSync(
    new URL('../../../../../test/fixtures/upstreams/tls-localhost.pem', import.meta.url),
    'utf8',
  );
  const secure = (more = {}) =>
    house(
      createHttpsServer({ key: pem, cert: pem }, (_, response) => void response.end()),
      {
        scheme: 'https',
        ...more,
      },
    );

  it('sends nothing to a server whose certificate nobody vouches for', async () => {
    const { wire } = await secure({ host: 'localhost' });
    const { fault, sent } = await send(wire).ended;
    expect(fault).toMatchObject({ kind: 'unavailable', unreachable: true });
    expect(fault?.message).toMatch(/self-signed certificate/);
    expect(sent).toBe(false);
  });

  it('carries requests over a connection that it uses again', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const { wire, sockets } = await secure();
      for (let round = 0; round < 3; round++) expect((await send(wire).ended).status).toBe(200);
      expect(sockets).toHaveLength(1);
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });
});

describe('leaving', () => {
  it('closes the socket of that request and of no other', async () => {
    const { wire, sockets } = await http((_, response) => void response.writeHead(200).write('x'));
    const left = send(wire);
    send(wire);
    await until(() => sockets.length === 2);
    left.exchange.abort();
    await until(() => sockets.filter(({ destroyed }) => destroyed).length === 1);
    left.exchange.abort();
  });

  it('touches no socket when the answer was there', async () => {
    const { wire, sockets } = await http((_, response) => void response.end());
    const done = send(wire);
    await done.ended;
    done.exchange.abort();
    await send(wire).ended;
    expect(sockets).toHaveLength(1);
  });

  it('sends nothing of what was left before there was a socket', async () => {
    let requests = 0;
    const { wire } = await http(() => requests++);
    const unconnected = send(wire);
    unconnected.exchange.abort();
    const busy = Array.from({ length: 64 }, () => send(wire));
    const queued = send(wire);
    await until(() => requests === 64);
    queued.exchange.abort();
    for (const { exchange } of busy) exchange.abort();
    const never = send(wire);
    await until(() => requests === 65);
    never.exchange.abort();
  });

  it('gives a place that was left to the next in the queue', async () => {
    let requests = 0;
    const { wire } = await http((_, response) => void (++requests > 64 && response.end()));
    const busy = Array.from({ length: 64 }, () => send(wire));
    const queued = send(wire);
    await until(() => requests === 64);
    busy[9]?.exchange.abort();
    expect((await queued.ended).status).toBe(200);
  });

  it('ends every request with a fault when the wire is closed, and takes no more', async () => {
    let requests = 0;
    const { wire, sockets } = await http(() => requests++);
    const all = Array.from({ length: 100 }, () => send(wire).ended);
    await until(() => requests === 64);
    await wire.close();
    const heard = [...(await Promise.all(all)), await send(wire).ended];
    for (const { fault } of heard) expect(fault).toMatchObject({ kind: 'unavailable', unreachable: false });
    expect(heard.filter(({ sent }) => sent)).toHaveLength(64);
    await until(() => sockets.every(({ destroyed }) => destroyed));
    expect(requests).toBe(64);
  });
});
