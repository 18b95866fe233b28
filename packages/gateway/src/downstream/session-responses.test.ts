import { afterEach, describe, expect, test } from 'vitest';
import { accept, callOf, EventClient, question, said, sessionWith } from './event-client-fixture.js';
import { completed, type FakeGateway, type Headers, send, startGateway, stop } from './face-fixture.js';

let gateway: FakeGateway;

afterEach(() => stop(gateway));

/** Every call asks and ends with what the client said. */
async function startAsking(): Promise<void> {
  gateway = await startGateway({
    govern: async (call) => completed(call, JSON.stringify({ said: said(await call.ask?.(question())) })),
  });
}

describe('a response', () => {
  test.each<[string, (session: Headers) => Promise<unknown>]>([
    ['to a question that was never asked', (session) => send(gateway, accept(99, session))],
    ['with another type of id', (session) => send(gateway, accept('1', session))],
    ['without a session', () => send(gateway, accept(1, {}))],
    [
      'in another session of the same caller',
      async () => send(gateway, accept(1, await sessionWith(gateway))),
    ],
  ])('%s is recorded and changes nothing', async (_what, respond) => {
    await startAsking();
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    expect(await respond(session)).toMatchObject({ status: 202 });
    expect(gateway.invalid.map(({ detail }) => detail)).toEqual([
      'a response to no open question was dropped',
    ]);
    await send(gateway, accept(1, session));
    expect((await call.messages(2))[1].result.said).toBe('{"action":"accept"}');
  });

  test('of another caller finds no session', async () => {
    await startAsking();
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    const foreign = await send(gateway, accept(1, { ...session, Authorization: 'Bearer agent-b' }));
    expect(foreign.status).toBe(404);
    await send(gateway, accept(1, session));
    expect((await call.messages(2))[1].result.said).toBe('{"action":"accept"}');
  });

  test.each<[string, string]>([
    ['without an id', '{"jsonrpc":"2.0","result":{}}'],
    ['with a result that is no object', '{"jsonrpc":"2.0","id":1,"result":"yes"}'],
    [
      'with both a result and an error',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}',
    ],
    ['with an error that has no code', '{"jsonrpc":"2.0","id":1,"error":{"message":"no"}}'],
    [
      'with an error whose code is no integer',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"no"}}',
    ],
  ])('%s is refused, recorded and changes nothing', async (_what, body) => {
    await startAsking();
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    expect((await send(gateway, { ...callOf(1, session), body })).status).toBe(400);
    expect(gateway.invalid).toHaveLength(1);
    await send(gateway, accept(1, session));
    expect((await call.messages(2))[1].result.said).toBe('{"action":"accept"}');
  });

  test('that comes a second time is recorded and changes nothing', async () => {
    await startAsking();
    const session = await sessionWith(gateway);
    const call = new EventClient(gateway, callOf(1, session));
    await call.messages(1);
    await send(gateway, accept(1, session));
    await send(gateway, accept(1, session, { action: 'decline' }));
    expect((await call.messages(2))[1].result.said).toBe('{"action":"accept"}');
    expect(gateway.invalid).toHaveLength(1);
  });
});
