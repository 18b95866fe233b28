import { describe, expect, it } from 'vitest';
import { asking, callOf, played } from '../../../../test/fixtures/upstreams/session-house.js';

describe('a legacy upstream that may ask its clients', () => {
  it('is told exactly what the client can do, on a session that no other profile uses', async () => {
    const { upstream, server, clock } = await played();
    const profiles = ['{}', asking, '{"elicitation":{},"sampling":{}}'];
    for (const capabilities of profiles) void upstream.forward(callOf('x', { capabilities }));
    await clock.advance(0);
    expect(server.peers.map(({ context }) => context.capabilities)).toEqual(profiles);
    expect(server.inFlight).toEqual(['0 x', '1 x', '2 x']);
  });

  it('never has calls of two askers on one session at the same time', async () => {
    const { upstream, server, clock } = await played();
    const send = (label: string, asker: string) =>
      void upstream.forward(callOf(label, { capabilities: asking, asker }));
    send('a1', 'a');
    send('b1', 'b');
    send('a2', 'a');
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 a1', '1 a2', '2 b1']);
    server.answerAll();
    await clock.advance(0);
    send('c1', 'c');
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 c1']);
  });

  it('has up to 4 sessions for one caller, beyond which calls wait for their turn', async () => {
    const { upstream, server, clock } = await played();
    const replies = ['a', 'b', 'c', 'd', 'e', 'f'].map((asker) =>
      upstream.forward(callOf(asker, { capabilities: asking, asker })),
    );
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 a', '2 b', '3 c', '4 d']);
    server.peers[2]?.calls[0]?.answer();
    await clock.advance(0);
    expect(server.inFlight).toEqual(['1 a', '2 e', '3 c', '4 d']);
    server.answerAll();
    await clock.advance(0);
    server.answerAll();
    await Promise.all(replies);
  });

  it('lets a call wait no longer than the call may take, and not after it was cancelled', async () => {
    const { upstream, server, clock } = await played();
    for (const asker of ['a', 'b', 'c', 'd']) {
      void upstream.forward(callOf(asker, { capabilities: asking, asker }, { timeoutMs: 600_000 }));
    }
    const late = upstream.forward(callOf('late', { capabilities: asking }, { timeoutMs: 1000 }));
    const aborter = new AbortController();
    const left = upstream.forward(callOf('left', { capabilities: asking }, { signal: aborter.signal }));
    const ends = Promise.allSettled([late, left]);
    await clock.advance(10);
    aborter.abort();
    await clock.advance(1000);
    expect(await ends).toMatchObject([
      { reason: { kind: 'timeout', sent: false } },
      { reason: { kind: 'cancelled', sent: false } },
    ]);
    server.answerAll();
    await clock.advance(0);
    expect(server.inFlight).toEqual([]);
  });

  /** Has the server ask something in the call with this label, which nobody answers. */
  function askIn({ server }: Awaited<ReturnType<typeof played>>, label: string): void {
    const call = server.peers.flatMap(({ calls }) => calls).find((one) => one.label === label);
    const params = { text: '{}', value: {} };
    const { signal } = new AbortController();
    void call?.request.ask?.({ method: 'elicitation/create', params, signal });
  }

  const silent = { ask: () => new Promise<never>(() => undefined) };

  it('does not count sessions whose calls wait for a client that may never come back', async () => {
    const house = await played();
    for (const label of ['p1', 'p2', 'p3', 'p4', 'p5']) {
      void house.upstream.forward(callOf(label, { capabilities: asking }, silent));
      await house.clock.advance(0);
      askIn(house, label);
    }
    void house.upstream.forward(callOf('live', { capabilities: asking }));
    await house.clock.advance(0);
    expect(house.server.inFlight).toHaveLength(6);
  });

  it('gives up the call that has waited longest for such a client, when another needs its place', async () => {
    const house = await played({ maxSessionsPerPrincipal: 2 });
    const first = house.upstream.forward(callOf('first', { capabilities: asking }, silent));
    const givenUp = expect(first).rejects.toMatchObject({
      kind: 'full',
      sent: true,
      message: expect.stringContaining('nobody had answered'),
    });
    await house.clock.advance(0);
    askIn(house, 'first');
    void house.upstream.forward(callOf('second', { capabilities: asking }, silent));
    await house.clock.advance(1000);
    askIn(house, 'second');
    void house.upstream.forward(callOf('live', { capabilities: asking }));
    await house.clock.advance(3000);
    expect(house.server.inFlight).toEqual(['1 first', '2 second']);
    await house.clock.advance(2000);
    expect(house.server.inFlight).toEqual(['1 live', '2 second']);
    await givenUp;
  });

  it('gives up no call of a client that holds the line while it is asked', async () => {
    const house = await played({ maxSessionsPerPrincipal: 1 });
    void house.upstream.forward(callOf('held', { capabilities: asking, session: 's' }, silent));
    await house.clock.advance(0);
    askIn(house, 'held');
    void house.upstream.forward(callOf('live', { capabilities: asking })).catch(() => undefined);
    await house.clock.advance(20_000);
    expect(house.server.inFlight).toEqual(['1 held']);
  });

  it('lets 64 calls wait for one caller and no more', async () => {
    const { upstream, clock } = await played();
    const replies = Array.from({ length: 70 }, (_, index) =>
      upstream.forward(callOf(String(index), { capabilities: asking })).catch((cause: unknown) => cause),
    );
    await clock.advance(0);
    const refused = await Promise.all(replies.slice(68));
    expect(refused).toMatchObject([
      { kind: 'full', sent: false },
      { kind: 'full', sent: false, message: expect.stringContaining('64 calls wait') },
    ]);
  });

  it('sets the log level before the call that wants it, once for each change', async () => {
    const { upstream, server, clock } = await played();
    for (const logLevel of ['info', 'info', 'debug']) {
      void upstream.forward(callOf('x', { logLevel }));
      await clock.advance(0);
    }
    const levels = server.peers[0]?.seen.map((line) => line.replace(/tools\/call .*/, 'call'));
    expect(levels).toEqual([
      'logging/setLevel "level":"info"',
      'call',
      'call',
      'logging/setLevel "level":"debug"',
      'call',
    ]);
  });

  it('tells the sessions of a client that its roots changed, and no others', async () => {
    const { upstream, server, clock } = await played();
    void upstream.forward(callOf('1', { capabilities: asking, session: 's1' }));
    void upstream.forward(callOf('2', { capabilities: asking, session: 's2' }));
    await clock.advance(0);
    upstream.rootsChanged({ tenant: 'default', principal: 'a', session: 's2' });
    upstream.rootsChanged({ tenant: 'default', principal: 'b', session: 's1' });
    expect(server.peers.map(({ notified }) => notified.length)).toEqual([0, 0, 1]);
  });
});
