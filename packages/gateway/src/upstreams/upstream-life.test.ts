import { describe, expect, it } from 'vitest';
import { asking, callOf, PlayedServer, played } from '../../../../test/fixtures/upstreams/session-house.js';
import type { Resource } from '../model/target.js';
import { OtherTransport } from './connection.js';

const resource = (uri: string): Resource => ({
  kind: 'resource',
  exposedName: uri,
  upstream: 'test',
  name: uri,
});

/** A subscription, as the pipeline forwards it. */
function subscription(
  uri: string,
  ...rest: Parameters<typeof callOf> extends [string, ...infer R] ? R : never
) {
  const { argumentsText: _, ...call } = callOf('', ...rest);
  return { ...call, method: 'resources/subscribe', target: resource(uri), uri };
}

describe('an upstream that may be stopped when idle', () => {
  const idle = { stopWhenIdle: true, idleMs: 60_000 };

  it('ends its process after a time without calls, keeps what it listed, and starts with the next call', async () => {
    const { upstream, server, clock, events } = await played(idle);
    await clock.advance(50_000);
    void upstream.forward(callOf('x'));
    await clock.advance(0);
    server.answerAll();
    await clock.advance(59_000);
    expect(server.open).toHaveLength(1);
    await clock.advance(2000);
    expect(server.open).toHaveLength(0);
    expect(upstream.status()).toMatchObject({ state: 'up', asleep: true, restarts: 0 });
    expect(upstream.lists.get('tools')).toEqual([]);
    void upstream.forward(callOf('y'));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 y']);
    expect(upstream.status()).toMatchObject({ state: 'up', restarts: 0, pid: 101 });
    expect(upstream.status().asleep).toBeUndefined();
    expect(events.map(({ kind }) => kind)).toEqual(['up']);
  });

  it('does not end it while a call is in flight', async () => {
    const { upstream, server, clock } = await played(idle);
    void upstream.forward(callOf('x'));
    await clock.advance(500_000);
    expect(server.inFlight).toEqual(['0 x']);
  });

  it('does not end it while somebody listens for changes of a resource', async () => {
    const { upstream, server, clock } = await played(idle);
    await upstream.forward(subscription('x://1'));
    await clock.advance(500_000);
    expect(server.open).toHaveLength(1);
    upstream.unsubscribe(subscription('x://1'));
    await clock.advance(70_000);
    expect(server.open).toHaveLength(0);
  });

  it('has one process when it is marked down while it is being started again', async () => {
    const { upstream, server, clock } = await played(idle);
    await clock.advance(61_000);
    let open: () => void = () => undefined;
    server.connecting = new Promise((resolve) => {
      open = resolve;
    });
    const failed = expect(upstream.forward(callOf('x'))).rejects.toThrow('no credential');
    await clock.advance(0);
    upstream.credentialFailed('no credential');
    await failed;
    open();
    await clock.advance(5000);
    expect(server.open).toHaveLength(1);
    expect(upstream.status()).toMatchObject({ state: 'up', pid: server.open[0]?.pid });
    await upstream.close();
    expect(server.open).toEqual([]);
  });

  it('opens sessions of callers with capabilities without the connection that lists', async () => {
    const { upstream, server, clock } = await played(idle);
    await clock.advance(61_000);
    void upstream.forward(callOf('x', { capabilities: asking }));
    await clock.advance(0);
    expect(server.open.map(({ context }) => context.capabilities)).toEqual([asking]);
  });

  it('fails the call as not sent when it does not come up again, and is down', async () => {
    const { upstream, server, clock, events } = await played(idle);
    await clock.advance(61_000);
    server.fault = new Error('gone');
    const failed = expect(upstream.forward(callOf('x'))).rejects.toMatchObject({
      kind: 'unavailable',
      sent: false,
      message: 'gone',
    });
    await clock.advance(0);
    await failed;
    expect(upstream.status()).toMatchObject({ state: 'down', reason: 'gone' });
    expect(events.map(({ kind }) => kind)).toEqual(['up', 'down']);
  });

  it('starts one process for calls that come together', async () => {
    const { upstream, server, clock } = await played(idle);
    await clock.advance(61_000);
    for (const label of ['1', '2', '3']) void upstream.forward(callOf(label));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 1', '1 2', '1 3']);
  });
});

describe('subscriptions', () => {
  it('are asked for once, however many clients of a caller want them, and taken back with the last', async () => {
    const { upstream, server } = await played();
    const one = subscription('x://1', { session: 's1' });
    const two = subscription('x://1', { session: 's2' });
    await upstream.forward(one);
    await upstream.forward(two);
    upstream.unsubscribe(one);
    upstream.unsubscribe(one);
    expect(server.peers[0]?.seen).toEqual(['resources/subscribe "uri":"x://1"']);
    upstream.unsubscribe(two);
    expect(server.peers[0]?.seen).toHaveLength(2);
    expect(server.peers[0]?.seen[1]).toBe('resources/unsubscribe "uri":"x://1"');
  });

  it('are made again after a crash, on the connection and for the caller that had them', async () => {
    const { upstream, server, clock, news } = await played();
    await upstream.forward(subscription('x://1', { principal: 'a' }));
    await upstream.forward(subscription('x://2', { principal: 'b' }));
    for (const peer of server.open) peer.crash();
    await clock.advance(2000);
    const told = server.open.map(({ seen }) => seen);
    expect(told).toContainEqual(['resources/subscribe "uri":"x://1"']);
    expect(told).toContainEqual(['resources/subscribe "uri":"x://2"']);
    for (const peer of server.open)
      peer.context.onNews('notifications/resources/updated', peer.seen[0] ?? '');
    const owners = news.map(({ owner, params }) => [owner !== 'everyone' && owner.principal, params.at(-2)]);
    expect(owners).toContainEqual(['a', '1']);
    expect(owners).toContainEqual(['b', '2']);
  });

  it('are made again when the server has lost its session', async () => {
    const { upstream, server } = await played();
    await upstream.forward(subscription('x://1'));
    server.peers[0]?.context.onRenewed();
    expect(server.peers[0]?.seen).toHaveLength(2);
  });

  it('of all callers of a modern server go over one connection, as a set', async () => {
    const server = new PlayedServer();
    server.facts = { revision: '2026-07-28', subscribe: true };
    const { upstream, clock } = await played({}, server);
    const one = subscription('x://1', { principal: 'a' });
    await upstream.forward(one);
    await upstream.forward(subscription('x://2', { principal: 'b', capabilities: asking }));
    upstream.unsubscribe(one);
    await clock.advance(0);
    expect(server.peers).toHaveLength(1);
    expect(server.peers[0]?.followed).toEqual([['x://1'], ['x://1', 'x://2'], ['x://2']]);
  });

  it('are refused by a server that does not offer them', async () => {
    const server = new PlayedServer();
    server.facts = {};
    const { upstream } = await played({}, server);
    expect(await upstream.forward(subscription('x://1'))).toMatchObject({ error: { code: -32601 } });
    expect(server.peers[0]?.seen).toEqual([]);
  });

  it('keep a session from ending for want of calls', async () => {
    const { upstream, server, clock } = await played();
    const one = subscription('x://1', { capabilities: asking });
    await upstream.forward(one);
    await clock.advance(5_000_000);
    expect(server.open).toHaveLength(2);
    upstream.unsubscribe(one);
    await clock.advance(700_000);
    expect(server.open).toHaveLength(1);
  });
});

describe('news', () => {
  it('are told with whose they are, and not at all where they could be about the call of anybody', async () => {
    const { upstream, server, clock, news } = await played();
    const tell = (place: number) => server.peers[place]?.context.onNews('notifications/message', '{}');
    tell(0);
    void upstream.forward(callOf('x', { principal: 'a' }));
    void upstream.forward(callOf('y', { principal: 'b', capabilities: asking, session: 's' }));
    await clock.advance(0);
    tell(0);
    tell(1);
    const about = { upstream: 'test', method: 'notifications/message', params: '{}' };
    expect(news).toEqual([
      { ...about, owner: { tenant: 'default', principal: 'a' } },
      { ...about, owner: { tenant: 'default', principal: 'b' } },
    ]);
  });
});

describe('a resource that two subscribe to at the same moment', () => {
  it('is subscribed to by neither when the server refuses, and by both when it agrees', async () => {
    for (const agrees of [false, true]) {
      const { upstream, server, clock } = await played();
      const [peer] = server.peers;
      if (peer === undefined) throw new Error('no connection');
      let answer: () => void = () => undefined;
      peer.request = () =>
        new Promise((resolve, reject) => {
          answer = () =>
            agrees ? resolve({ kind: 'result', result: { text: '{}', value: {} } }) : reject(new Error('no'));
        });
      const both = ['one', 'two'].map((asker) =>
        upstream.forward(subscription('x:', { asker })).then(
          () => 'subscribed',
          (cause: Error) => cause.message,
        ),
      );
      await clock.advance(0);
      answer();
      expect(await Promise.all(both)).toEqual(
        agrees
          ? ['subscribed', 'subscribed']
          : ['no', 'another subscription to it, made just before, failed'],
      );
      for (const asker of ['one', 'two']) {
        expect(upstream.unsubscribe(subscription('x:', { asker }))).toBe(agrees);
      }
    }
  });
});

describe('the state of an upstream', () => {
  it('tells each connection, what it costs and why it is alive', async () => {
    const { upstream, server, clock } = await played();
    void upstream.forward(callOf('x', { principal: 'a' }));
    void upstream.forward(callOf('y', { principal: 'b', capabilities: asking }));
    const reply = upstream.forward(callOf('z', { principal: 'c', capabilities: asking }));
    await clock.advance(0);
    server.peers[2]?.calls[0]?.answer();
    await reply;
    await clock.advance(60_000);
    const { connections, ...status } = await upstream.details();
    expect(status).toMatchObject({
      id: 'test',
      transport: 'stdio',
      state: 'up',
      era: 'legacy',
      revision: '2025-11-25',
      pid: 100,
      sessions: 2,
      lastCallAt: clock.now() - 60_000,
    });
    expect(connections.map(({ role, pid, memoryBytes, why }) => [role, pid, memoryBytes, why])).toEqual([
      ['main', 100, 1_000_000, 'lists, and is the session of a'],
      ['session', 101, 1_000_000, 'session of b, 1 call in flight'],
      ['session', 102, 1_000_000, 'session of c, idle, ends in 540 s'],
    ]);
  });

  it('says that HTTP+SSE is spoken where the server turned out to speak that, also on sessions', async () => {
    const server = new PlayedServer();
    server.fault = new OtherTransport('HTTP 405');
    const url = { kind: 'http', url: 'http://x/', headers: {} } as object;
    const { upstream, clock } = await played(url, server);
    expect(server.peers.map(({ spec }) => spec.kind)).toEqual(['http', 'sse']);
    expect(upstream.status()).toMatchObject({
      state: 'down',
      reason: 'HTTP 405; over HTTP+SSE: HTTP 405',
    });
    server.fault = undefined;
    await clock.advance(600);
    expect(upstream.status()).toMatchObject({ state: 'up', transport: 'http' });
    server.peers.at(-1)?.crash();
    server.fault = new OtherTransport('HTTP 405');
    await clock.advance(0);
    expect(upstream.status().state).toBe('down');
  });
});
