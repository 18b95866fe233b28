import { afterEach, describe, expect, it } from 'vitest';
import { silentLog, until } from '../../../../../test/fixtures/upstreams/deps.js';
import { call, closeAll, connection, upstream } from '../../../../../test/fixtures/upstreams/http-house.js';
import { events, json } from '../../../../../test/fixtures/upstreams/http-server.js';
import { closeAll as closeWires, http, send } from '../../../../../test/fixtures/upstreams/wire-house.js';
import { HttpExchange } from './http-exchange.js';

afterEach(async () => {
  await closeAll();
  await closeWires();
});

describe('a server that floods', () => {
  it('with requests of its own gets 16 answers at a time, and calls still get through', async () => {
    const capabilities = { tools: { listChanged: true } };
    const answers: (() => void)[] = [];
    let tell: (message: object) => void = () => undefined;
    const { url } = await upstream('legacy', ({ method, body, text }, response) => {
      if (method === 'GET') {
        tell = events(response);
        for (let id = 0; id < 500; id++) tell({ id, method: 'ping' });
      } else if (body.method === 'initialize') {
        json(response, { id: body.id, result: { protocolVersion: '2025-11-25', capabilities } });
      } else if (text.endsWith('"result":{}}')) answers.push(() => response.writeHead(202).end());
      else return false;
      return true;
    });
    const told: string[] = [];
    const log = { ...silentLog, debug: (_: object, message: string) => told.push(message) };
    const made = await connection(url, { deps: { log } });
    await made.start();
    await until(() => answers.length === 16 && told.length === 1);
    await made.request(call());
    expect(answers).toHaveLength(16);
    for (const answer of answers) answer();
    await until(() => {
      tell({ id: 1000, method: 'ping' });
      return answers.length > 16;
    });
    expect(told).toHaveLength(1);
  });

  it('with comments or unfinished events is left after 32 MiB without a message', () => {
    for (const line of [':\n', 'event: x\n', 'event: x\ndata: y\n\n']) {
      const faults: string[] = [];
      let messages = 0;
      const exchange = new HttpExchange({
        onSent: () => undefined,
        onMessage: () => messages++,
        onEnd: () => undefined,
        onFault: ({ message }) => faults.push(message),
      });
      exchange.onHead({ status: 200, type: 'text/event-stream' } as Parameters<typeof exchange.onHead>[0]);
      const piece = Buffer.from(line.repeat(Math.floor((4 * 1024 * 1024) / line.length)));
      for (let round = 0; round < 3; round++) {
        for (let nth = 0; nth < 7; nth++) exchange.onBody(piece);
        exchange.onBody(Buffer.from('\n\nevent: message\ndata: 1\n\n'));
      }
      expect([messages, faults]).toEqual([3, []]);
      for (let nth = 0; nth < 9; nth++) exchange.onBody(piece);
      expect(faults).toEqual([expect.stringContaining('without a message')]);
    }
  }, 30_000);
});

describe('the queue for a socket', () => {
  it('takes 1,024 requests, and refuses what comes then as not sent', async () => {
    const { wire } = await http(() => undefined);
    for (let nth = 0; nth < 64 + 1024; nth++) send(wire);
    const { fault, sent } = await send(wire).ended;
    expect(fault).toMatchObject({ kind: 'unavailable', unreachable: false });
    expect(sent).toBe(false);
  });
});
