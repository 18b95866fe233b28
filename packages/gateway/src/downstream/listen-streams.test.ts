import { describe, expect, it } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import type { Call } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import { agentA, completed, TurnedClock } from './face-fixture.js';
import type { ListenExchange, Unfollowed } from './listen-stream.js';
import { type ListenLimits, ListenStreams } from './listen-streams.js';
import { type RequestMessage, readMessage } from './message.js';
import type { NoticeListener } from './notification-hub.js';

interface Sayable {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

function house(limits: Partial<ListenLimits> = {}, govern?: (call: Call) => Promise<unknown>) {
  const listeners: NoticeListener[] = [];
  const unfollowed: Unfollowed[] = [];
  const calls: Call[] = [];
  const streams = new ListenStreams(
    {
      hub: {
        join: (listener) => {
          listeners.push(listener);
          return () => listeners.splice(listeners.indexOf(listener), 1);
        },
      },
      govern: async (call) => {
        calls.push(call);
        await govern?.(call);
        if (call.target.startsWith('denied:')) return { kind: 'unknown', callId: call.id };
        return completed(call, '{}');
      },
      unsubscribe: (event) => unfollowed.push(event),
      clock: new TurnedClock(),
      serverInfo: { name: 'sallyport', version: '0' },
    },
    limits,
  );
  function open(
    notifications: unknown,
    more: Partial<ListenExchange> & { id?: unknown; principal?: Principal } = {},
  ) {
    const { id = 'listen:0', ...rest } = more;
    const said: Sayable[] = [];
    const cancellation = new Cancellation();
    const params = { notifications, _meta: {} };
    const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'subscriptions/listen', params });
    const exchange: ListenExchange = {
      principal: agentA,
      arrival: { transport: 'http', revision: '2026-07-28' },
      canNotify: true,
      client: { capabilities: '{}', asker: String(id) },
      notify: (message) => said.push(JSON.parse(message) as Sayable),
      signal: () => cancellation,
      ...rest,
    };
    const reply = streams.listen(readMessage(Buffer.from(text)) as RequestMessage, exchange);
    reply.catch(() => undefined);
    return { said, reply, end: () => cancellation.abort() };
  }
  function notice(method: string, params = '{}'): void {
    for (const listener of listeners)
      if (listener.wants(method, params)) listener.deliver('', { method, params });
  }
  return { streams, open, notice, listeners, unfollowed, calls };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const tag = 'io.modelcontextprotocol/subscriptionId';

describe('a listen stream', () => {
  it('begins with what is granted, under the id of its request', async () => {
    const { open } = house();
    const { said } = open({ toolsListChanged: true, promptsListChanged: false, taskIds: ['t'], other: 1 });
    await turn();
    expect(said).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: { toolsListChanged: true }, _meta: { [tag]: 'listen:0' } },
      },
    ]);
  });

  it('says what was asked for and nothing else, each with the id', async () => {
    const { open, notice } = house();
    const tools = open({ toolsListChanged: true }, { id: 7 });
    const prompts = open({ promptsListChanged: true }, { id: 8 });
    await turn();
    notice('notifications/tools/list_changed');
    notice('notifications/message', '{"level":"error"}');
    notice('notifications/resources/updated', '{"uri":"file:///a"}');
    expect(tools.said.slice(1)).toEqual([
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: { [tag]: 7 } } },
    ]);
    expect(prompts.said).toHaveLength(1);
  });

  it('is not disturbed by a server that says strange things in "_meta"', async () => {
    const { open, notice } = house();
    const { said } = open({ resourceSubscriptions: ['file:///a'] });
    await turn();
    notice('notifications/resources/updated', '{"uri":"file:///a","_meta":5}');
    expect(said[1]?.params).toEqual({ uri: 'file:///a', _meta: { [tag]: 'listen:0' } });
  });

  it('is not opened for a request that would be much to keep', async () => {
    const { open, streams } = house();
    const { reply } = open({ toolsListChanged: true, padding: 'x'.repeat(262_144) });
    await expect(reply).rejects.toThrow('A request for a stream has at most 262144 characters');
    expect(streams.size).toBe(0);
  });

  it('follows the resources that a call of its own was granted for', async () => {
    const { open, notice, calls } = house();
    const { said } = open({ resourceSubscriptions: ['file:///a', 'denied:b', 'file:///a', 'file:///c'] });
    await turn();
    expect(calls.map(({ method, kind, target }) => `${method} ${kind} ${target}`)).toEqual([
      'resources/subscribe resource file:///a',
      'resources/subscribe resource denied:b',
      'resources/subscribe resource file:///c',
    ]);
    expect(said[0]?.params.notifications).toEqual({ resourceSubscriptions: ['file:///a', 'file:///c'] });
    notice('notifications/resources/updated', '{"uri":"denied:b"}');
    notice('notifications/resources/updated', '{"uri":"file:///c","_meta":{"com.example/x":1}}');
    expect(said.slice(1).map(({ params }) => params)).toEqual([
      { uri: 'file:///c', _meta: { 'com.example/x': 1, [tag]: 'listen:0' } },
    ]);
  });

  it('says nothing before the acknowledgement, and loses nothing meanwhile', async () => {
    let grant = (): void => undefined;
    const granted = new Promise<void>((resolve) => {
      grant = resolve;
    });
    const { open, notice } = house({}, () => granted);
    const { said } = open({ toolsListChanged: true, resourceSubscriptions: ['file:///a', 'denied:b'] });
    notice('notifications/tools/list_changed');
    notice('notifications/resources/updated', '{"uri":"denied:b"}');
    notice('notifications/resources/updated', '{"uri":"file:///a"}');
    await turn();
    expect(said).toEqual([]);
    grant();
    await turn();
    expect(said.map(({ method }) => method)).toEqual([
      'notifications/subscriptions/acknowledged',
      'notifications/tools/list_changed',
      'notifications/resources/updated',
    ]);
  });

  it('lets go of everything when its client leaves', async () => {
    const { open, streams, listeners, unfollowed } = house();
    const { reply, end } = open({ resourceSubscriptions: ['file:///a', 'denied:b'] });
    await turn();
    expect([streams.size, listeners.length]).toEqual([1, 1]);
    end();
    await reply;
    expect([streams.size, listeners.length]).toEqual([0, 0]);
    expect(unfollowed.map(({ uri, client }) => [uri, client.asker])).toEqual([['file:///a', 'listen:0']]);
  });

  it('lets go of what it subscribed to when its client leaves before the acknowledgement', async () => {
    const { open, unfollowed } = house();
    const stream = open({ resourceSubscriptions: ['file:///a'] });
    stream.end();
    await stream.reply;
    expect(stream.said).toEqual([]);
    expect(unfollowed.map(({ uri }) => uri)).toEqual(['file:///a']);
  });

  it('ends with a complete result when the gateway has enough of it', async () => {
    const { open } = house();
    let end = (): void => undefined;
    const stayOpen = (stop: () => void) => {
      end = stop;
      return true;
    };
    const { reply } = open({ toolsListChanged: true }, { stayOpen, id: 3 });
    await turn();
    end();
    expect(JSON.parse(`{${(await reply).body}}`)).toEqual({
      result: {
        resultType: 'complete',
        _meta: { [tag]: 3, 'io.modelcontextprotocol/serverInfo': { name: 'sallyport', version: '0' } },
      },
    });
  });

  it('is one of so many, of its principal and in all', async () => {
    const { open } = house({ perPrincipal: 1, total: 2 });
    const first = open({ toolsListChanged: true });
    await expect(open({ toolsListChanged: true }).reply).rejects.toMatchObject({
      code: 429,
      reason: 'too_many_streams',
    });
    open({ toolsListChanged: true }, { principal: { ...agentA, id: 'agent-b' } });
    const third = open({ toolsListChanged: true }, { principal: { ...agentA, id: 'agent-c' } });
    await expect(third.reply).rejects.toThrow('The gateway has as many streams open as may be');
    first.end();
    await first.reply;
    const again = open({ toolsListChanged: true });
    await turn();
    expect(again.said).toHaveLength(1);
    await expect(
      open({}, { stayOpen: () => false, principal: { ...agentA, id: 'x' } }).reply,
    ).rejects.toMatchObject({
      code: 429,
    });
  });

  const wrong: [notifications: unknown, message: string][] = [
    [undefined, '"notifications" must be an object'],
    [[], '"notifications" must be an object'],
    [{ toolsListChanged: 'yes' }, '"notifications.toolsListChanged" must be true or false'],
    [
      { resourceSubscriptions: 'file:///a' },
      '"notifications.resourceSubscriptions" must be an array of URIs',
    ],
    [{ resourceSubscriptions: [7] }, 'must be a URI of at most 4096 characters'],
    [{ resourceSubscriptions: ['x'.repeat(4097)] }, 'must be a URI of at most 4096 characters'],
    [
      { resourceSubscriptions: Array.from({ length: 257 }, (_, at) => `x:${at}`) },
      'at most 256 resources, found 257',
    ],
  ];
  for (const [notifications, message] of wrong) {
    it(`is refused for ${JSON.stringify(notifications)?.slice(0, 60)}`, async () => {
      const { open, streams } = house();
      const { reply } = open(notifications);
      await expect(reply).rejects.toMatchObject({ code: -32602 });
      await expect(reply).rejects.toThrow(message);
      expect(streams.size).toBe(0);
    });
  }

  it('is refused where nothing can be said before the answer', async () => {
    const { open } = house();
    await expect(open({}, { canNotify: false }).reply).rejects.toMatchObject({ status: 406 });
  });
});
