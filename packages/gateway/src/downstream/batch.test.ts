import { afterEach, describe, expect, test } from 'vitest';
import { batch, call, ping, raw, sessionOf, v2025March } from './batch-fixture.js';
import {
  type FakeGateway,
  type FakeOptions,
  type Headers,
  modernMeta,
  send,
  startGateway,
  stop,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions = {}): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

describe('a batch is refused as a whole, recorded, and nothing of it runs', () => {
  const modernCall = call(2, 'echo', { _meta: modernMeta });
  test.each<[string, string]>([
    ['it is empty', '[]'],
    ['it contains a batch', JSON.stringify([call(1), [call(2)]])],
    ['it has more than fifty messages', JSON.stringify(Array.from({ length: 51 }, (_, id) => call(id)))],
    ['it contains "initialize"', JSON.stringify([call(1), { ...ping(2), method: 'initialize' }])],
    [
      'an unreadable message in it is "initialize"',
      JSON.stringify([call(1), { method: 'initialize', x: 1 }]),
    ],
    ['a message claims the modern envelope', JSON.stringify([call(1), modernCall])],
    ['an unreadable message claims it', JSON.stringify([call(1), { ...modernCall, x: 1 }])],
    ['two requests have the same id', JSON.stringify([call(1), call(2), ping(1)])],
    [
      'the same id is written in two ways',
      JSON.stringify([call('A'), call('B')]).replace('"B"', '"\\u0041"'),
    ],
    ['an unreadable message has the id of a request', JSON.stringify([call(1), { ...ping(1), x: 1 }])],
  ])('when %s', async (_why, body) => {
    await start();
    const { status, message } = await send(gateway, raw(body, v2025March));
    expect([status, message.id, message.error?.code]).toEqual([400, null, -32600]);
    expect(gateway.calls).toEqual([]);
    expect(gateway.invalid).toMatchObject([{ reason: 'invalid_message', principal: { id: 'agent-a' } }]);
  });

  test.each(['2024-11-05', '2025-06-18', '2025-11-25', '2026-07-28', '2099-01-01'])(
    'when its header says %s',
    async (version) => {
      await start();
      const answer = await send(gateway, batch([call(1), call(2)], { 'MCP-Protocol-Version': version }));
      expect([answer.status, answer.message.error?.code, gateway.calls]).toEqual([400, -32600, []]);
      expect(gateway.invalid).toHaveLength(1);
    },
  );

  test.each<[string, Headers]>([
    ['no version', {}],
    ['the version 2025-03-26', v2025March],
  ])('when its session agreed on another revision and it comes with %s', async (_what, headers) => {
    await start();
    const session = await sessionOf(gateway, '2025-06-18');
    const { status, message } = await send(gateway, batch([call(1)], { ...session, ...headers }));
    expect([status, message.error?.code, gateway.calls]).toEqual([400, -32600, []]);
  });

  test('when its session does not exist', async () => {
    await start();
    const { status } = await send(gateway, batch([call(1)], { 'Mcp-Session-Id': 'attacker-chosen-0001' }));
    expect([status, gateway.calls]).toEqual([404, []]);
  });

  test.each(['[', `[${JSON.stringify(ping(1))},]`, `[${JSON.stringify(ping(1))}]{}`, '[{"id":1,"id":1}]'])(
    'when it is not strict JSON: %s',
    async (body) => {
      await start();
      const { status, message } = await send(gateway, raw(body));
      expect([status, message.error?.code]).toEqual([400, -32700]);
    },
  );

  test('when it is longer than a body may be', async () => {
    await start({ maxBodyBytes: 100 });
    expect((await send(gateway, batch([call(1), call(2)]))).status).toBe(413);
  });
});
