import { afterEach, describe, expect, test } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import type { Call } from '../model/call.js';
import type { UpstreamQuestion } from '../model/client.js';
import { accept, callOf, EventClient, get, question, said, sessionWith } from './event-client-fixture.js';
import {
  completed,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  legacy,
  send,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

afterEach(() => stop(gateway));

/** Every call puts the question and ends with what the client said. */
async function startAsking(
  asked: (call: Call) => UpstreamQuestion = () => question(),
  options: FakeOptions = {},
): Promise<void> {
  gateway = await startGateway({
    ...options,
    govern: async (call) => {
      const answer = await call.ask?.(asked(call));
      return completed(call, JSON.stringify({ said: said(answer) }));
    },
  });
}

describe('a question of an upstream', () => {
  test('comes on the stream of its call, and the posted answer goes to it', async () => {
    await startAsking();
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(7, session));
    const [asked] = await call.messages(1);
    expect(asked).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'elicitation/create',
      params: { message: 'Sure?' },
    });
    const answer = await send(gateway, accept(asked.id, session, { action: 'accept', content: { n: 1 } }));
    expect([answer.status, answer.text]).toEqual([202, '']);
    const [, reply] = await call.messages(2);
    expect(reply).toMatchObject({ id: 7, result: { said: '{"action":"accept","content":{"n":1}}' } });
    await call.ended;
    expect(gateway.invalid).toEqual([]);
  });

  test('comes without what belongs to the hop of the upstream', async () => {
    const params = '{"message":"Sure?","task":{"ttl":1},"_meta":{"progressToken":7,"com.example/x":1}}';
    await startAsking(() => question('elicitation/create', params));
    const [asked] = await new EventClient(gateway, callOf(7, await sessionWith(gateway))).messages(1);
    expect(asked.params).toEqual({ message: 'Sure?', _meta: { 'com.example/x': 1 } });
  });

  test('is answered with the exact bytes, an error with its code and data', async () => {
    const exact = '{ "model": "m", "n": 12345678901234567890, "f": 1.0 }';
    await startAsking(() => question('sampling/createMessage', '{"messages":[]}'));
    const session = await sessionWith(gateway);
    const { headers } = callOf(1, session);
    const first = new EventClient(gateway, callOf(1, session));
    await first.messages(1);
    await send(gateway, { headers, body: `{"jsonrpc":"2.0","id":1,"result":${exact}}` });
    expect((await first.messages(2))[1].result.said).toBe(exact);
    const second = new EventClient(gateway, callOf(2, session));
    await second.messages(1);
    await send(gateway, legacy({ id: 2, error: { code: -1, message: 'no', data: [1] } }, session));
    const refused = JSON.parse((await second.messages(2))[1].result.said);
    expect(refused).toMatchObject({ code: -1, message: 'no', data: { text: '[1]' } });
  });

  test('keeps apart what two calls of a session ask at once', async () => {
    await startAsking(({ target }) => question('elicitation/create', `{"message":"${target}?"}`));
    const session = await sessionWith(gateway);
    const calls = ['a', 'b'].map((name) => new EventClient(gateway, callOf(name, session, { name })));
    const asked = await Promise.all(calls.map(async (call) => (await call.messages(1))[0]));
    expect(asked.map(({ params }) => params.message)).toEqual(['a?', 'b?']);
    for (const { id, params } of asked.toReversed()) {
      await send(gateway, accept(id, session, { action: 'accept', content: params }));
    }
    const replies = await Promise.all(calls.map(async (call) => (await call.messages(2))[1]));
    expect(replies.map(({ id, result }) => [id, JSON.parse(result.said).content.message])).toEqual([
      ['a', 'a?'],
      ['b', 'b?'],
    ]);
  });

  test('to open a page gets the id that legacy clients need, and keeps one that it has', async () => {
    const url = 'https://example.com/form';
    let params = JSON.stringify({ mode: 'url', message: 'Open', url });
    await startAsking(() => question('elicitation/create', params));
    const session = await sessionWith(gateway, { elicitation: { url: {} } });
    const minted = new EventClient(gateway, callOf(1, session));
    const [page] = await minted.messages(1);
    expect(page.params).toMatchObject({
      mode: 'url',
      url,
      elicitationId: expect.stringMatching(/^[\w-]{36}$/),
    });
    params = JSON.stringify({ mode: 'url', message: 'Open', url, elicitationId: 'own' });
    const kept = new EventClient(gateway, callOf(2, session));
    expect((await kept.messages(1))[0].params.elicitationId).toBe('own');
  });
});

describe('whom a call can ask', () => {
  const declared = {
    elicitation: { form: {}, url: {} },
    sampling: { tools: {} },
    roots: { listChanged: true },
  };

  test.each<[string, object, object]>([
    ['2024-11-05', declared, { sampling: { tools: {} }, roots: { listChanged: true } }],
    ['2025-06-18', declared, { ...declared, elicitation: {} }],
    ['2025-11-25', { ...declared, experimental: {}, tasks: {} }, declared],
    ['2025-11-25', { experimental: {} }, {}],
  ])('is the client of a session, with what %s knows of its capabilities', async (revision, given, kept) => {
    await startAsking();
    const session = await sessionWith(gateway, given, revision);
    const call = new EventClient(gateway, callOf(1, session));
    await (Object.keys(kept).length === 0 ? call.ended : call.messages(1));
    const [made] = gateway.calls;
    expect(JSON.parse(made?.client.capabilities ?? '')).toEqual(kept);
    expect(made?.client).toMatchObject({
      info: '{"name":"c","version":"1"}',
      asker: session['Mcp-Session-Id'],
    });
    expect(made?.ask === undefined).toBe(Object.keys(kept).length === 0);
  });

  test.each<[string, () => Promise<Headers>]>([
    ['nobody without a session', async () => ({})],
    [
      'nobody who hears no events',
      async () => ({ ...(await sessionWith(gateway)), Accept: 'application/json' }),
    ],
  ])('is %s', async (_what, headers) => {
    await startAsking();
    const { message } = await send(gateway, callOf(1, await headers()));
    expect(message.result).toEqual({ said: 'nobody' });
  });

  test('is refused when it says more of itself than the gateway keeps', async () => {
    await startAsking();
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: { elicitation: { x: 'x'.repeat(17_000) } },
    };
    const { message } = await send(gateway, legacy({ id: 1, method: 'initialize', params }));
    expect(message.error.message).toMatch(
      /"capabilities" has 17\d{3} characters, the gateway keeps at most 16384/,
    );
  });

  test('is the session’s stream for whatever comes, when its call takes no events', async () => {
    await startAsking();
    const session = await sessionWith(gateway);
    const open = new EventClient(gateway, get(session));
    await open.head;
    const call = send(gateway, callOf(1, { ...session, Accept: 'application/json' }));
    const [asked] = await open.messages(1);
    await send(gateway, accept(asked.id, session));
    expect((await call).message.result).toEqual({ said: '{"action":"accept"}' });
  });
});

describe('a question that nobody answers', () => {
  const cancelled = { method: 'notifications/cancelled', params: { requestId: 1 } };

  test('is withdrawn after its time, which can be configured', async () => {
    await startAsking(undefined, { questions: { answerMs: 5000 } });
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    gateway.clock.turn(4999);
    expect(call.events.filter(({ data }) => data !== '')).toHaveLength(1);
    gateway.clock.turn(1);
    const [, withdrawn, reply] = await call.messages(3);
    expect(withdrawn).toMatchObject(cancelled);
    expect(withdrawn.params.reason).toBe('The client did not answer in time');
    expect(reply.result.said).toBe('{"action":"cancel"}');
  });

  test('tells an upstream that asked for something else than a form why', async () => {
    await startAsking(() => question('roots/list', '{}'));
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    gateway.clock.turn(600_000);
    const reply = (await call.messages(3))[2];
    expect(JSON.parse(reply.result.said)).toEqual({
      code: 408,
      message: 'The client did not answer in time',
    });
  });

  test('is withdrawn when its upstream wants no answer any more', async () => {
    const signal = new Cancellation();
    await startAsking(() => question('elicitation/create', '{}', signal));
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    signal.abort();
    expect((await call.messages(3))[1]).toMatchObject(cancelled);
  });

  test('is withdrawn when its call has ended', async () => {
    let answer: Promise<unknown> | undefined;
    gateway = await startGateway({
      govern: async (call) => {
        answer = call.ask?.(question());
        return completed(call, '{}');
      },
    });
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    const [asked, withdrawn, reply] = await call.messages(3);
    expect([asked.id, withdrawn, reply.id]).toMatchObject([1, cancelled, 1]);
    expect(said((await answer) as never)).toBe('{"action":"cancel"}');
    const late = gateway.calls[0]?.ask?.(question('roots/list', '{}'));
    expect(said(await late)).toContain('The request that the question belongs to has ended');
  });

  test('ends with its session, and nothing is asked in that afterwards', async () => {
    await startAsking(() => question('roots/list', '{}'));
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    expect((await send(gateway, { ...get(session), method: 'DELETE' })).status).toBe(200);
    await call.ended;
    const again = gateway.calls[0]?.ask?.(question('roots/list', '{}'));
    expect(said(await again)).toContain('The client has ended its session');
  });
});

test('a client has at most so many questions before it', async () => {
  await startAsking(() => question('elicitation/create', '{}'), { questions: { atOnce: 2 } });
  const session = await sessionWith(gateway);
  const asked = [1, 2].map((id) => new EventClient(gateway, callOf(id, session)));
  await Promise.all(asked.map((call) => call.messages(1)));
  const { message } = await send(gateway, callOf(3, session));
  expect(message.result.said).toContain('too many questions');
});
