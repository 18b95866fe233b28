import { describe, expect, it } from 'vitest';
import { asking, callOf, PlayedServer, played } from '../../../../test/fixtures/upstreams/session-house.js';

describe('a legacy upstream with plain callers', () => {
  it('has one process for one caller, whichever client session the calls come from', async () => {
    const { upstream, server, clock } = await played();
    const replies = ['s1', 's2', undefined].map((session) =>
      upstream.forward(callOf('x', session === undefined ? {} : { session })),
    );
    await clock.advance(0);
    expect(server.inFlight).toEqual(['0 x', '0 x', '0 x']);
    server.answerAll();
    await Promise.all(replies);
    expect(server.peers).toHaveLength(1);
    expect(server.peers[0]?.context.capabilities).toBe('{}');
  });

  it('shares nothing between callers: the second gets a process of its own, and keeps it', async () => {
    const { upstream, server, clock } = await played();
    void upstream.forward(callOf('a', { principal: 'a' }));
    void upstream.forward(callOf('b', { principal: 'b' }));
    void upstream.forward(callOf('b2', { principal: 'b' }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['0 a', '1 b', '1 b2']);
    server.answerAll();
    server.peers[0]?.crash();
    await clock.advance(1000);
    void upstream.forward(callOf('b3', { principal: 'b' }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 b3']);
  });

  it('keeps tenants apart whose callers have the same name', async () => {
    const { upstream, server, clock } = await played();
    const other = callOf('other');
    void upstream.forward(callOf('one'));
    void upstream.forward({ ...other, principal: { ...other.principal, tenant: 'else' } });
    await clock.advance(0);
    expect(server.inFlight).toEqual(['0 one', '1 other']);
  });

  it('is shared by all where the operator says so', async () => {
    const { upstream, server, clock } = await played({ sessions: 'shared' });
    void upstream.forward(callOf('a', { principal: 'a' }));
    void upstream.forward(callOf('b', { principal: 'b' }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['0 a', '0 b']);
  });

  it('gives each client session its own where the operator says so, and ends it with the client', async () => {
    const { upstream, server, clock } = await played({ sessions: 'client' });
    const client = (session: string) => ({ tenant: 'default', principal: 'a', session });
    void upstream.forward(callOf('1', { session: 's1' }));
    void upstream.forward(callOf('2', { session: 's2' }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['0 1', '1 2']);
    server.answerAll();
    await clock.advance(0);
    upstream.clientEnded(client('s2'));
    await clock.advance(0);
    expect(server.peers.map(({ closed }) => closed)).toEqual([false, true]);
    upstream.clientEnded(client('s1'));
    await clock.advance(10);
    expect(server.peers.map(({ closed }) => closed)).toEqual([true, true, false]);
    expect(upstream.status().state).toBe('up');
    void upstream.forward(callOf('3', { session: 's3' }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['2 3']);
  });
});

describe('sessions', () => {
  it('end when they were idle for 10 minutes, and are opened again by the next call', async () => {
    const { upstream, server, clock } = await played();
    const reply = upstream.forward(callOf('x', { capabilities: asking }));
    await clock.advance(700_000);
    expect(server.peers[1]?.closed).toBe(false);
    server.answerAll();
    await reply;
    await clock.advance(599_000);
    expect(server.peers[1]?.closed).toBe(false);
    await clock.advance(3000);
    expect(server.peers[1]?.closed).toBe(true);
    expect(upstream.status()).toMatchObject({ state: 'up', sessions: 0 });
    void upstream.forward(callOf('y', { capabilities: asking }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['2 y']);
  });

  it('end soon after the last of the clients that used them has gone', async () => {
    const { upstream, server, clock } = await played();
    const client = (session: string) => ({ tenant: 'default', principal: 'a', session });
    for (const session of ['s1', 's2']) {
      const reply = upstream.forward(callOf('x', { capabilities: asking, session, asker: 'same' }));
      await clock.advance(0);
      server.answerAll();
      await reply;
    }
    upstream.clientEnded(client('s1'));
    await clock.advance(60_000);
    expect(server.peers[1]?.closed).toBe(false);
    upstream.clientEnded(client('s2'));
    await clock.advance(9000);
    expect(server.peers[1]?.closed).toBe(false);
    await clock.advance(3000);
    expect(server.peers[1]?.closed).toBe(true);
  });

  it('are refused in clear words when one caller, or all together, have as many as they may', async () => {
    const { upstream, clock } = await played({ maxSessions: 3, maxSessionsPerPrincipal: 2 });
    const profile = (name: string) => `{"elicitation":{},"experimental":{"${name}":{}}}`;
    for (const name of ['1', '2']) void upstream.forward(callOf('x', { capabilities: profile(name) }));
    await expect(upstream.forward(callOf('x', { capabilities: profile('3') }))).rejects.toMatchObject({
      kind: 'full',
      sent: false,
      message: 'this caller has 2 sessions open with it and may have no more (maxSessionsPerPrincipal)',
    });
    void upstream.forward(callOf('x', { principal: 'b', capabilities: asking }));
    const other = upstream.forward(callOf('x', { principal: 'c', capabilities: asking }));
    await expect(other).rejects.toMatchObject({
      kind: 'full',
      message: 'it has 3 sessions open and may have no more (maxSessions)',
    });
    await clock.advance(0);
    expect(upstream.status().sessions).toBe(3);
  });

  it('of others are untouched by the crash of one, which the next call opens again', async () => {
    const { upstream, server, clock, events } = await played();
    for (const principal of ['a', 'b']) {
      void upstream.forward(callOf(principal, { principal, capabilities: asking })).catch(() => undefined);
    }
    await clock.advance(0);
    server.peers[1]?.crash();
    await clock.advance(0);
    expect(upstream.status()).toMatchObject({ state: 'up', sessions: 1 });
    expect(server.inFlight).toEqual(['2 b']);
    void upstream.forward(callOf('a2', { principal: 'a', capabilities: asking }));
    await clock.advance(0);
    expect(server.inFlight).toEqual(['2 b', '3 a2']);
    expect(events.map(({ kind }) => kind)).toEqual(['up']);
  });

  it('of others go on, and new ones can be opened, while one caller has crashed the main connection', async () => {
    const { upstream, server, clock } = await played();
    void upstream.forward(callOf('a', { principal: 'a' })).catch(() => undefined);
    void upstream.forward(callOf('b', { principal: 'b', capabilities: asking }));
    await clock.advance(0);
    server.peers[0]?.crash();
    expect(upstream.status().state).toBe('down');
    void upstream.forward(callOf('b2', { principal: 'b', capabilities: asking, asker: 'b' }));
    void upstream.forward(callOf('c', { principal: 'c' }));
    await expect(upstream.forward(callOf('a2', { principal: 'a' }))).rejects.toMatchObject({ sent: false });
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 b', '1 b2', '2 c']);
  });

  it('are opened at most 6 at a time, however many callers come at once', async () => {
    const { upstream, server, clock } = await played();
    let go: () => void = () => undefined;
    server.opening = new Promise((resolve) => {
      go = resolve;
    });
    for (let index = 0; index < 30; index++) {
      void upstream.forward(callOf('x', { principal: `p${index}`, capabilities: asking }));
    }
    await clock.advance(0);
    expect(server.starting).toBe(6);
    go();
    await clock.advance(0);
    expect(server.inFlight).toHaveLength(30);
    expect(server.mostStarting).toBe(6);
  });

  it('of a server that crashes over and over are opened at most 6 times in 10 seconds, and refused at once', async () => {
    const { upstream, server, clock } = await played();
    server.fault = new Error('broken');
    const failures: unknown[] = [];
    for (let index = 0; index < 50; index++) {
      const call = callOf('x', { principal: `p${index}`, capabilities: asking });
      upstream.forward(call).catch((cause: unknown) => failures.push(cause));
      await clock.advance(100);
    }
    expect(failures).toHaveLength(50);
    expect(server.peers.length - 1).toBeLessThanOrEqual(6);
    expect(failures.at(-1)).toMatchObject({
      kind: 'unavailable',
      sent: false,
      message: expect.stringContaining('failed too often'),
    });
    expect(upstream.status()).toMatchObject({ state: 'up', sessions: 0 });
  });

  it('leave a call that waits for one to come up no longer than the call may take', async () => {
    const server = new PlayedServer();
    const { upstream, clock } = await played({}, server);
    server.opening = new Promise(() => undefined);
    const late = upstream.forward(callOf('x', { capabilities: asking }, { timeoutMs: 500 }));
    const ended = expect(late).rejects.toMatchObject({ kind: 'timeout', sent: false });
    await clock.advance(500);
    await ended;
  });

  it('are all closed with the upstream', async () => {
    const { upstream, server, clock } = await played();
    for (const principal of ['a', 'b', 'c']) {
      void upstream.forward(callOf('x', { principal, capabilities: asking })).catch(() => undefined);
    }
    await clock.advance(0);
    await upstream.close();
    expect(server.peers.map(({ closed }) => closed)).toEqual([true, true, true, true]);
    await expect(upstream.forward(callOf('x', { capabilities: asking }))).rejects.toMatchObject({
      sent: false,
    });
  });

  it('finish their calls when the upstream is retired', async () => {
    const { upstream, server, clock } = await played();
    const reply = upstream.forward(callOf('x', { capabilities: asking }));
    await clock.advance(0);
    const retired = upstream.retire();
    await clock.advance(1000);
    expect(server.peers[1]?.closed).toBe(false);
    server.answerAll();
    await reply;
    await retired;
    expect(server.peers[1]?.closed).toBe(true);
  });
});
