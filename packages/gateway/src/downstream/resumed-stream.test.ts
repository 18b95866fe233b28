import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../model/call.js';
import { accept, callOf, EventClient, get, question, said, sessionWith } from './event-client-fixture.js';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  type Headers,
  send,
  startGateway,
  stop,
} from './face-fixture.js';
import type { HubListener } from './face-options.js';

let gateway: FakeGateway;
let call: Call;
let finish: (result?: string) => void;

afterEach(() => stop(gateway));

/** Calls end when the test says so; `call` is the last one. */
async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway({
    ...options,
    govern: (made) => {
      call = made;
      return new Promise((resolve) => {
        finish = (result = '{"content":[]}') => resolve(completed(made, result));
      });
    },
  });
}

const withProgress = { _meta: { progressToken: 't' } };
const progress = (step: number) => call.onProgress?.(`{"progress":${step}}`);

/** A call whose stream has begun with one progress notification. */
async function begun(session: Headers): Promise<EventClient> {
  const client = new EventClient(gateway, callOf(1, session, withProgress));
  const seen = deferred();
  const wait = () => (gateway.calls.length > 0 ? seen.resolve() : setImmediate(wait));
  wait();
  await seen.promise;
  progress(1);
  await client.messages(1);
  return client;
}

const resume = (session: Headers, lastId = '') =>
  new EventClient(gateway, get({ ...session, 'Last-Event-ID': lastId }));

const stepsOf = (messages: { params?: { progress: number }; result?: unknown }[]) =>
  messages.map(({ params, result }) => params?.progress ?? (result === undefined ? 'other' : 'result'));

describe('a client that lost the stream of a call', () => {
  test.each(['2025-03-26', '2025-11-25'])(
    'gets the rest of it in revision %s, the answer included',
    async (revision) => {
      await start();
      const session = await sessionWith(gateway, {}, revision);
      const lost = await begun(session);
      await lost.hangUp(gateway);
      expect(call.signal.aborted).toBe(false);
      progress(2);
      const again = resume(session, lost.lastId);
      await again.messages(1);
      progress(3);
      finish();
      expect(stepsOf(await again.messages(3))).toEqual([2, 3, 'result']);
      await again.ended;
      expect(new Set([...lost.events, ...again.events].map(({ id }) => id)).size).toBe(
        lost.events.length + again.events.length,
      );
    },
  );

  test('gets the answer that was given while nobody listened, as often as it asks', async () => {
    await start();
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    finish();
    for (let time = 0; time < 2; time++) {
      const again = resume(session, lost.lastId);
      expect(stepsOf(await again.messages(1))).toEqual(['result']);
      await again.ended;
    }
  });

  test('gets what follows the event it names, also from the first one on', async () => {
    await start();
    const session = await sessionWith(gateway);
    const whole = await begun(session);
    progress(2);
    finish();
    await whole.ended;
    const again = resume(session, whole.events[0]?.id);
    expect(stepsOf(await again.messages(3))).toEqual([1, 2, 'result']);
  });

  test('takes the stream over from a connection that the gateway still believes in', async () => {
    await start();
    const session = await sessionWith(gateway);
    const first = await begun(session);
    const second = resume(session, first.lastId);
    expect((await second.head).status).toBe(200);
    await first.ended;
    finish();
    expect(stepsOf(await second.messages(1))).toEqual(['result']);
  });

  test('is asked on the session’s stream meanwhile, and not a second time on the one it resumes', async () => {
    await start();
    const session = await sessionWith(gateway);
    const open = new EventClient(gateway, get(session));
    await open.head;
    const lost = await begun(session);
    await lost.hangUp(gateway);
    const answer = call.ask?.(question());
    const [asked] = await open.messages(1);
    expect(asked.method).toBe('elicitation/create');
    await send(gateway, accept(asked.id, session));
    expect(said(await answer)).toBe('{"action":"accept"}');
    finish();
    const again = resume(session, lost.lastId);
    expect(stepsOf(await again.messages(1))).toEqual(['result']);
  });

  test('finds what it was asked meanwhile when it has no other stream', async () => {
    await start();
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    const answer = call.ask?.(question());
    const again = resume(session, lost.lastId);
    const [asked] = await again.messages(1);
    await send(gateway, accept(asked.id, session));
    expect(said(await answer)).toBe('{"action":"accept"}');
    finish();
    expect(stepsOf(await again.messages(2))).toEqual(['other', 'result']);
  });

  test('cannot be asked before its stream began and without another one', async () => {
    await start();
    const session = await sessionWith(gateway, { roots: {} });
    const silent = new EventClient(gateway, callOf(1, session));
    await new Promise<void>((resolve) => {
      const wait = () => (gateway.calls.length > 0 ? resolve() : setImmediate(wait));
      wait();
    });
    await silent.hangUp(gateway);
    expect(said(await call.ask?.(question('roots/list', '{}')))).toContain('no stream open');
    finish();
  });
});

test('a session’s own stream goes on where it was lost', async () => {
  let listener: HubListener | undefined;
  const join = (joined: HubListener) => {
    listener = joined;
    return () => undefined;
  };
  await start({ hub: { join } });
  const session = await sessionWith(gateway);
  const lost = new EventClient(gateway, get(session));
  await lost.head;
  const say = (step: number) =>
    listener?.deliver(`{"jsonrpc":"2.0","method":"n","params":{"progress":${step}}}`);
  say(1);
  await lost.messages(1);
  await lost.hangUp(gateway);
  say(2);
  const again = resume(session, lost.lastId);
  await again.messages(1);
  say(3);
  expect(stepsOf(await again.messages(2))).toEqual([2, 3]);
});

describe('an event id', () => {
  test.each<[string, (id: string) => string]>([
    ['that was never given', () => 'AAAAAAAAAAAA.1'],
    ['that is no id', () => 'x'],
    ['of the future', (id) => id.replace(/\d+$/, '99')],
    ['with a place that is no number', (id) => `${id}.1`],
  ])('%s resumes nothing', async (_what, forged) => {
    await start();
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    expect((await resume(session, forged(lost.lastId ?? '')).head).status).toBe(400);
    finish();
    await lost.ended;
  });

  test('of another session resumes nothing, not even for the same caller', async () => {
    await start();
    const [mine, other] = [await sessionWith(gateway), await sessionWith(gateway)];
    const stream = await begun(mine);
    expect((await resume(other, stream.lastId).head).status).toBe(400);
    expect((await resume({ ...mine, Authorization: 'Bearer agent-b' }, stream.lastId).head).status).toBe(404);
    finish();
    expect(stepsOf(await stream.messages(2))).toEqual([1, 'result']);
  });

  test('resumes nothing once its session has ended', async () => {
    await start();
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    await send(gateway, { ...get(session), method: 'DELETE' });
    expect((await resume(session, lost.lastId).head).status).toBe(404);
  });

  test('resumes nothing once the answer is too old to be kept', async () => {
    await start({ events: { keptMs: 60_000 } });
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    finish();
    await new Promise(setImmediate);
    gateway.clock.turn(180_000);
    expect((await resume(session, lost.lastId).head).status).toBe(400);
  });
});

describe('what is kept for those who come back', () => {
  test('are the last events of a stream, and of those rather answers than notifications', async () => {
    await start({ events: { eventsPerStream: 3 } });
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    void call.ask?.(question());
    for (let step = 2; step < 10; step++) progress(step);
    finish();
    const again = resume(session, lost.lastId);
    const messages = await again.messages(3);
    expect(messages.map(({ method, id }) => method ?? id)).toEqual([
      'elicitation/create',
      'notifications/cancelled',
      1,
    ]);
  });

  test('is no answer that is larger than a session may keep', async () => {
    await start({ events: { sizePerSession: 10_000 } });
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    finish(JSON.stringify({ content: ['x'.repeat(20_000)] }));
    await new Promise(setImmediate);
    expect((await resume(session, lost.lastId).head).status).toBe(400);
  });

  test('is a large answer, although another one was given before', async () => {
    await start({ events: { sizePerSession: 30_000 } });
    const session = await sessionWith(gateway);
    for (let time = 0; time < 2; time++) {
      gateway.calls.length = 0;
      const lost = await begun(session);
      await lost.hangUp(gateway);
      finish(JSON.stringify({ content: ['x'.repeat(20_000)] }));
      await new Promise(setImmediate);
      const [reply] = await resume(session, lost.lastId).messages(1);
      expect(reply.result.content[0]).toHaveLength(20_000);
    }
  });

  test('is a large answer of the older of two calls, although the newer one was answered first', async () => {
    await start({ events: { sizePerSession: 30_000 } });
    const session = await sessionWith(gateway);
    const large = JSON.stringify({ content: ['x'.repeat(20_000)] });
    const older = await begun(session);
    await older.hangUp(gateway);
    const finishOlder = finish;
    gateway.calls.length = 0;
    const newer = await begun(session);
    finish(large);
    await newer.ended;
    finishOlder(large);
    await new Promise(setImmediate);
    const [reply] = await resume(session, older.lastId).messages(1);
    expect(reply.result.content[0]).toHaveLength(20_000);
  });

  test('is an answer of five megabytes', async () => {
    await start();
    const session = await sessionWith(gateway);
    const lost = await begun(session);
    await lost.hangUp(gateway);
    const text = 'é'.repeat(5_000_000);
    finish(JSON.stringify({ content: [text] }));
    await new Promise(setImmediate);
    const again = resume(session, lost.lastId);
    const [reply] = await again.messages(1);
    expect(reply.result.content[0] === text).toBe(true);
  });
});
