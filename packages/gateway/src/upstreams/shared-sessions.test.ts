import { expect, it } from 'vitest';
import { asking, callOf, played } from '../../../../test/fixtures/upstreams/session-house.js';

it('leaves a session that all callers share to nobody else once a call on it was left, as its server may still ask', async () => {
  const { upstream, server, clock } = await played({ sessions: 'shared' });
  const controller = new AbortController();
  const left = upstream.forward(
    callOf('a', { principal: 'a', capabilities: asking }, { signal: controller.signal }),
  );
  await clock.advance(0);
  expect(server.inFlight).toEqual(['1 a']);
  controller.abort();
  await expect(left).rejects.toThrow('cancelled');
  await clock.advance(0);
  void upstream.forward(callOf('b', { principal: 'b', capabilities: asking }));
  await clock.advance(0);
  expect(server.inFlight).toEqual(['2 b']);
  expect(server.peers[1]?.closed).toBe(true);
  server.answerAll();
  await clock.advance(0);
  void upstream.forward(callOf('c', { principal: 'c', capabilities: asking }));
  await clock.advance(0);
  expect(server.inFlight).toEqual(['2 c']);
});
