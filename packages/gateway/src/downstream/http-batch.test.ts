import { afterEach, describe, expect, test } from 'vitest';
import { batch, call, initialized, ping, response } from './batch-fixture.js';
import { EventClient, get, question, said, sessionWith } from './event-client-fixture.js';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  send,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

describe('a batch over HTTP', () => {
  test('is an event stream once something must be said before its answers, with an event for each', async () => {
    const ended = deferred();
    await start({
      govern: async (asked) => {
        if (asked.target === 'fast') return completed(asked, '{"was":"fast"}');
        asked.onProgress?.('{"progress":1}');
        await ended.promise;
        return completed(asked, '{"was":"slow"}');
      },
    });
    const slow = call(1, 'slow', { _meta: { progressToken: 't' } });
    const answer = new EventClient(gateway, batch([call(2, 'fast'), slow, ping(3)]));
    const early = await answer.messages(3);
    expect((await answer.head).headers['content-type']).toBe('text/event-stream');
    expect(new Set(early.map(({ id, method }) => id ?? method))).toEqual(
      new Set([2, 3, 'notifications/progress']),
    );
    ended.resolve();
    expect((await answer.messages(4))[3]).toMatchObject({ id: 1, result: { was: 'slow' } });
    await answer.ended;
  });

  test('has its answers put first on a stream that opens late', async () => {
    const begun = deferred();
    const ended = deferred();
    await start({
      govern: async (asked) => {
        begun.resolve();
        await ended.promise;
        return completed(asked, '{}');
      },
    });
    const answer = new EventClient(gateway, batch([ping(1), call(2, 'slow')]));
    await begun.promise;
    gateway.clock.turn(10_000);
    expect((await answer.messages(1))[0]).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(answer.text).toContain(': keep-alive\n\n');
    ended.resolve();
    expect((await answer.messages(2))[1].id).toBe(2);
  });

  test('is an array all the same for a client that takes no events', async () => {
    const begun = deferred();
    const ended = deferred();
    await start({
      govern: async (asked) => {
        begun.resolve();
        await ended.promise;
        return completed(asked, '{}');
      },
    });
    const slow = call(1, 'slow', { _meta: { progressToken: 1 } });
    const answer = send(gateway, batch([slow], { Accept: 'application/json' }));
    await begun.promise;
    expect(gateway.calls[0]?.onProgress).toBeUndefined();
    gateway.clock.turn(60_000);
    ended.resolve();
    expect((await answer).headers['content-type']).toBe('application/json');
  });

  test('can ask the client of a session, and takes an answer in another batch', async () => {
    await start({
      govern: async (asked) => completed(asked, said(await asked.ask?.(question()))),
    });
    const session = await sessionWith(gateway, { roots: {}, sampling: {} }, '2025-03-26');
    const answer = new EventClient(gateway, batch([call(5), ping(6)], session));
    const asked = (await answer.messages(2)).find(({ method }) => method !== undefined);
    const responses = [{ ...response, id: asked.id, result: { action: 'accept' } }, initialized];
    expect((await send(gateway, batch(responses, session))).status).toBe(202);
    expect((await answer.messages(3))[2]).toMatchObject({ id: 5, result: { action: 'accept' } });
    expect(gateway.invalid).toEqual([]);
  });

  test('whose connection is lost asks on a stream of the session', async () => {
    const begun = deferred();
    const lost = deferred();
    await start({
      govern: async (asked) => {
        begun.resolve();
        await lost.promise;
        return completed(
          asked,
          said(await asked.ask?.(question('sampling/createMessage', '{"messages":[]}'))),
        );
      },
    });
    const session = await sessionWith(gateway, { sampling: {} }, '2025-03-26');
    const stream = new EventClient(gateway, get(session));
    await stream.head;
    const answer = new EventClient(gateway, batch([call(5)], session));
    await begun.promise;
    await answer.hangUp(gateway);
    lost.resolve();
    expect((await stream.messages(1))[0].method).toBe('sampling/createMessage');
  });
});
