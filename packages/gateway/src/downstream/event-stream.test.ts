import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Call } from '../model/call.js';
import { callOf, EventClient, get, sessionWith } from './event-client-fixture.js';
import {
  agentA,
  completed,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  send,
  startGateway,
  stop,
} from './face-fixture.js';
import type { HubListener } from './face-options.js';

let gateway: FakeGateway;
let listeners: HubListener[] = [];
const crashes: unknown[] = [];
const crash = (cause: unknown) => crashes.push(cause);

async function start(options: FakeOptions = {}): Promise<void> {
  listeners = [];
  const hub = {
    join(listener: HubListener) {
      listeners.push(listener);
      return () => undefined;
    },
  };
  gateway = await startGateway({ hub, ...options });
}

beforeEach(() => {
  crashes.length = 0;
  process.on('uncaughtException', crash);
});

afterEach(() => {
  process.off('uncaughtException', crash);
  stop(gateway);
});

const listChanged = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

/** A stream whose client has read the head and the first event, and reads no more of all that it is told. */
async function stuckStream(session: Headers): Promise<{ firstId: string; isCutOff: Promise<void> }> {
  const socket = connect(gateway.port, '127.0.0.1');
  const { headers } = get(session);
  const lines = Object.entries({ Host: `127.0.0.1:${gateway.port}`, ...headers }).map(
    ([name, value]) => `${name}: ${String(value)}`,
  );
  socket.write(`GET /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const head = await new Promise<string>((resolve) => {
    socket.once('data', (chunk) => {
      socket.pause();
      resolve(chunk.toString());
    });
  });
  const large = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/x', params: { x: 'x'.repeat(1e6) } });
  for (let count = 0; count < 30; count++) {
    listeners[0]?.deliver(large);
    await new Promise(setImmediate);
  }
  const [theirs] = [...gateway.sockets].filter(({ remotePort }) => remotePort === socket.localPort);
  const isCutOff = new Promise<void>((resolve) => theirs?.once('close', () => resolve()));
  return { firstId: /id: (\S+)/.exec(head)?.[1] ?? '', isCutOff };
}

/** Much longer than the time between two signs of life. */
async function aWhile(): Promise<void> {
  for (let time = 0; time < 6; time++) {
    gateway.clock.turn(5000);
    await new Promise(setImmediate);
  }
}

describe('a stream that its client does not read', () => {
  test('is cut off, and recorded once, where a caller whose credential was revoked reads nothing', async () => {
    let isRevoked = false;
    await start({
      identify: () => {
        if (isRevoked) throw new AuthenticationFailure('revoked');
        return agentA;
      },
    });
    const stuck = await stuckStream(await sessionWith(gateway));
    isRevoked = true;
    for (let time = 0; time < 3; time++) gateway.clock.turn(15_000);
    await stuck.isCutOff;
    expect(gateway.authFailed).toHaveLength(1);
  });

  test('goes on for who took it over with another credential, when the first one is revoked', async () => {
    let revoked = 'none';
    await start({
      events: { eventsPerStream: 1 },
      identify: ({ authorization = '' }) => {
        if (authorization === revoked) throw new AuthenticationFailure('revoked');
        return agentA;
      },
    });
    const session = await sessionWith(gateway);
    const stuck = await stuckStream({ ...session, Authorization: 'Bearer old' });
    const headers = { ...session, Authorization: 'Bearer new', 'Last-Event-ID': stuck.firstId };
    const second = new EventClient(gateway, get(headers));
    await second.messages(1);
    revoked = 'Bearer old';
    gateway.clock.turn(15_000);
    listeners[0]?.deliver(listChanged);
    expect((await second.messages(2))[1]).toEqual(JSON.parse(listChanged));
  });

  test('harms nobody when its session ends', async () => {
    await start();
    const session = await sessionWith(gateway);
    await stuckStream(session);
    await send(gateway, { ...get(session), method: 'DELETE' });
    await aWhile();
    expect(crashes).toEqual([]);
  });

  test('harms nobody when it is the rest of a call that has ended', async () => {
    const large = JSON.stringify({ content: ['x'.repeat(20_000_000)] });
    let call: Call | undefined;
    let finish = (): void => undefined;
    await start({
      events: { sizePerSession: 50_000_000 },
      govern: (made) => {
        call = made;
        return new Promise((resolve) => {
          finish = () => resolve(completed(made, large));
        });
      },
    });
    const session = await sessionWith(gateway);
    const lost = new EventClient(gateway, callOf(1, session, { _meta: { progressToken: 't' } }));
    while (call === undefined) await new Promise(setImmediate);
    call.onProgress?.('{"progress":1}');
    await lost.messages(1);
    await lost.hangUp(gateway);
    finish();
    await new Promise(setImmediate);
    await stuckStream({ ...session, 'Last-Event-ID': lost.lastId });
    await aWhile();
    expect(crashes).toEqual([]);
  });
});
