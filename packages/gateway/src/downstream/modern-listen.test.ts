import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import type { Call } from '../model/call.js';
import { EventClient } from './event-client-fixture.js';
import {
  agentA,
  completed,
  type FakeGateway,
  fakeFace,
  modern,
  modernMeta,
  startGateway,
  stop,
  TurnedClock,
} from './face-fixture.js';
import type { Unfollowed } from './listen-stream.js';
import { ListenStreams } from './listen-streams.js';
import { NotificationHub } from './notification-hub.js';
import { serveStdio } from './stdio-face.js';

const tag = 'io.modelcontextprotocol/subscriptionId';

function parts() {
  const clock = new TurnedClock();
  const unfollowed: Unfollowed[] = [];
  const hub = new NotificationHub({
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    catalogue: {
      tools: () => [],
      prompts: () => [],
      resources: () => [],
      templates: () => [],
      locate: (_endpoint, kind, uri) => ({ kind, exposedName: uri, upstream: 'one', name: uri }),
    },
    isVisible: () => true,
    redact: (text) => text,
    exposedUri: (_endpoint, _upstream, uri) => uri,
  });
  const listens = new ListenStreams({
    hub,
    govern: async (call: Call) => completed(call, '{}'),
    unsubscribe: (event) => unfollowed.push(event),
    clock,
    serverInfo: { name: 'sallyport', version: '0' },
  });
  const change = () => {
    hub.policyChanged();
    clock.turn(50);
  };
  const update = (uri: string, principal = 'agent-a') =>
    hub.heard({
      upstream: 'one',
      owner: { tenant: 'default', principal },
      method: 'notifications/resources/updated',
      params: JSON.stringify({ uri }),
    });
  return { hub, listens, change, update, unfollowed };
}

let gateway: FakeGateway | undefined;

afterEach(() => {
  if (gateway !== undefined) stop(gateway);
  gateway = undefined;
});

const notifications = { toolsListChanged: true, resourceSubscriptions: ['file:///a'] };

describe('a modern client that listens over HTTP', () => {
  it('hears what it asked for until it hangs up', async () => {
    const { listens, hub, change, update, unfollowed } = parts();
    gateway = await startGateway({ listens });
    const client = new EventClient(gateway, modern('subscriptions/listen', { notifications }));
    const [acknowledged] = await client.messages(1);
    expect(acknowledged).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications, _meta: { [tag]: 1 } },
    });
    change();
    update('file:///a', 'agent-b');
    update('file:///a');
    const heard = (await client.messages(3)).slice(1);
    expect(heard.map(({ method, params }) => [method, params.uri, params._meta[tag]])).toEqual([
      ['notifications/tools/list_changed', undefined, 1],
      ['notifications/resources/updated', 'file:///a', 1],
    ]);
    await client.hangUp(gateway);
    expect([hub.size, listens.size]).toEqual([0, 0]);
    expect(unfollowed.map(({ uri, principal }) => [uri, principal.id])).toEqual([['file:///a', 'agent-a']]);
  });

  it('is kept alive while there is nothing to hear', async () => {
    const { listens, change } = parts();
    gateway = await startGateway({ listens });
    const client = new EventClient(gateway, modern('subscriptions/listen', { notifications }));
    await client.messages(1);
    gateway.clock.turn(20_000);
    change();
    await client.messages(2);
    expect(client.text.match(/^: keep-alive$/gm)).toHaveLength(2);
  });

  it('hears a proper end when the gateway stops', async () => {
    const { listens } = parts();
    const stopping = new Cancellation();
    gateway = await startGateway({ listens, stopping });
    const client = new EventClient(gateway, modern('subscriptions/listen', { notifications }));
    await client.messages(1);
    stopping.abort();
    const [, last] = await client.messages(2);
    await client.ended;
    expect(last).toMatchObject({ id: 1, result: { resultType: 'complete', _meta: { [tag]: 1 } } });
  });

  it('has no such method where the gateway tells nothing', async () => {
    gateway = await startGateway();
    const client = new EventClient(gateway, modern('subscriptions/listen', { notifications }));
    expect((await client.head).status).toBe(404);
    await client.ended;
  });
});

describe('a modern client that listens over stdio', () => {
  function start() {
    const { listens, hub, change } = parts();
    const { face } = fakeFace({ listens });
    const [input, output] = [new PassThrough(), new PassThrough()];
    const done = serveStdio({ ...face, input, output, principal: agentA });
    const lines = createInterface({ input: output })[Symbol.asyncIterator]();
    const say = (message: object) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const hear = async () => JSON.parse(String((await lines.next()).value)) as unknown;
    const listen = (id: string) => {
      say({
        id,
        method: 'subscriptions/listen',
        params: { _meta: modernMeta, notifications: { toolsListChanged: true } },
      });
      return hear();
    };
    return { input, done, say, hear, listen, hub, listens, change };
  }

  it('has several streams, each with its own id, until it cancels them', async () => {
    const { input, done, say, hear, listen, change, hub } = start();
    await listen('first');
    await listen('second');
    change();
    expect(await hear()).toMatchObject({ params: { _meta: { [tag]: 'first' } } });
    expect(await hear()).toMatchObject({ params: { _meta: { [tag]: 'second' } } });
    say({ method: 'notifications/cancelled', params: { requestId: 'first' } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hub.size).toBe(1);
    change();
    expect(await hear()).toMatchObject({ params: { _meta: { [tag]: 'second' } } });
    input.end();
    expect(await hear()).toMatchObject({ id: 'second', result: { _meta: { [tag]: 'second' } } });
    await done;
    expect(hub.size).toBe(0);
  });
});
