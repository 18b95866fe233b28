import { expect, test } from 'vitest';
import { question, said } from './event-client-fixture.js';
import { completed, deferred, modernMeta } from './face-fixture.js';
import type { ClientEvent, HubListener } from './face-options.js';
import { startStdio } from './stdio-fixture.js';

const capabilities = { elicitation: {}, roots: { listChanged: true } };
const initialize = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c' } },
};
const call = (id: unknown, meta?: object) => ({
  id,
  method: 'tools/call',
  params: { name: 'ask', ...(meta && { _meta: meta }) },
});

/** Every call asks and ends with what the client said. */
const startAsking = (options: Parameters<typeof startStdio>[0] = {}) =>
  startStdio({
    ...options,
    govern: async (asked) => {
      const answer = await asked.ask?.(question('roots/list', '{}'));
      return completed(asked, JSON.stringify({ said: said(answer) }));
    },
  });

test('a client is asked on a line of its own, and what it answers goes to the call', async () => {
  const client = startAsking();
  client.say(initialize, call(7));
  await client.heard(2);
  expect(client.lines()[1]).toBe('{"jsonrpc":"2.0","id":1,"method":"roots/list","params":{}}');
  client.say({ id: 1, result: { roots: [] } });
  await client.heard(3);
  expect(client.messages()[2]).toMatchObject({ id: 7, result: { said: '{"roots":[]}' } });
  expect(client.calls[0]?.client).toEqual({
    capabilities: JSON.stringify(capabilities),
    info: '{"name":"c"}',
    asker: 'stdio',
  });
});

test('a modern request of the same client is not asked that way', async () => {
  const client = startAsking();
  const declared = { ...modernMeta, 'io.modelcontextprotocol/clientCapabilities': { roots: {} } };
  client.say(initialize, call(7, declared));
  await client.heard(2);
  expect(client.messages()[1]?.result).toMatchObject({ said: 'nobody' });
  expect(client.calls[0]?.client.capabilities).toBe('{"roots":{}}');
});

test('a client that says nothing of itself is asked nothing', async () => {
  const client = startAsking();
  client.say(call(7));
  await client.heard(1);
  expect(client.messages()[0]?.result).toEqual({ said: 'nobody' });
});

test('a question can be answered in a batch, and asked in one', async () => {
  const client = startAsking();
  client.say({ ...initialize, params: { ...initialize.params, protocolVersion: '2025-03-26' } });
  client.input.write(`${JSON.stringify([{ jsonrpc: '2.0', ...call(1) }])}\n`);
  await client.heard(2);
  const [response, wrong] = [1, 2].map((id) => ({ jsonrpc: '2.0', id, result: { roots: [] } }));
  client.input.write(`${JSON.stringify([response, wrong])}\n`);
  await client.heard(3);
  expect(client.lines()[2]).toBe('[{"jsonrpc":"2.0","id":1,"result":{"said":"{\\"roots\\":[]}"}}]');
  expect(client.invalid).toHaveLength(1);
});

test('the end of the input answers every question, and its calls end', async () => {
  const client = startAsking();
  client.say(initialize, call(7));
  await client.heard(2);
  client.input.end();
  await client.done;
  expect(client.messages().at(-1)?.result.said).toContain('The client has ended its session');
});

test('a cancelled call withdraws its question', async () => {
  const client = startStdio({
    govern: (asked) =>
      new Promise((resolve) => {
        void asked.ask?.(question('roots/list', '{}', asked.signal));
        asked.signal.addEventListener('abort', () => resolve(completed(asked, '{}')));
      }),
  });
  client.say(initialize, call(7));
  await client.heard(2);
  client.say({ method: 'notifications/cancelled', params: { requestId: 7 } });
  await client.heard(3);
  expect(client.messages()[2]).toMatchObject({
    method: 'notifications/cancelled',
    params: { requestId: 1 },
  });
});

test('a client hears what belongs to no request from initialize to its end, and its end is told', async () => {
  const listeners = new Set<HubListener>();
  const ended: ClientEvent[] = [];
  const client = startStdio({
    hub: {
      join(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    sessionEnded: (event) => ended.push(event),
  });
  client.say({ id: 1, method: 'ping' });
  await client.heard(1);
  expect(listeners.size).toBe(0);
  client.say(initialize, { ...initialize, id: 2 });
  await client.heard(3);
  expect([...listeners]).toMatchObject([{ principal: { id: 'agent-a' } }]);
  const [listener] = listeners;
  listener?.deliver('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
  await client.heard(4);
  client.input.end();
  await client.done;
  expect(listeners.size).toBe(0);
  expect(ended).toMatchObject([{ session: 'stdio', client: { asker: 'stdio' } }]);
});

test('new roots are told only of a client that has begun, and as often as it says so', async () => {
  const told: ClientEvent[] = [];
  const seen = deferred();
  const client = startStdio({
    rootsChanged: (event) => {
      told.push(event);
      if (told.length === 2) seen.resolve();
    },
  });
  const changed = { method: 'notifications/roots/list_changed' };
  client.say(changed, initialize, changed, changed);
  await seen.promise;
  expect(told.map(({ client: { asker } }) => asker)).toEqual(['stdio', 'stdio']);
});
