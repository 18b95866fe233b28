import { expect, it } from 'vitest';
import { serverFacts } from '../../../../test/fixtures/upstreams/deps.js';
import { FakeServer, house, text } from '../../../../test/fixtures/upstreams/fake-servers.js';
import type { Permit } from '../model/permit.js';
import type { Target } from '../model/target.js';
import type { OutgoingRequest } from './connection.js';
import type { Upstreams } from './upstreams.js';

const asker = {
  principal: { id: 'a', credential: 'key:a', tenant: 'default', roles: [], labels: {} },
  session: 's',
  client: { capabilities: '{}', asker: 's' },
};

async function subscribe(upstreams: Upstreams, target: Target): Promise<void> {
  const permit = { callId: 'c', upstream: target.upstream, kind: target.kind, name: target.name } as Permit;
  await upstreams.forward(permit, {
    ...asker,
    target,
    method: 'resources/subscribe',
    meta: new Map(),
    credential: new Map(),
    timeoutMs: 1000,
    signal: new AbortController().signal,
  });
}

/** A server with a resource `r:` that tells of changes, and what it was sent about subscriptions. */
function telling(): { server: FakeServer; seen: string[] } {
  const seen: string[] = [];
  const server = new FakeServer();
  const push = server.connections.push.bind(server.connections);
  server.more = { resources: [{ uri: 'r:', name: 'r' }] };
  server.connections.push = (connection) => {
    const request = connection.request.bind(connection);
    connection.start = async () => serverFacts({ resources: true, subscribe: true });
    connection.request = (one: OutgoingRequest) => {
      if (!one.method.endsWith('subscribe')) return request(one);
      seen.push(one.method);
      return Promise.resolve({ kind: 'result', result: text({}) });
    };
    return push(connection);
  };
  return { server, seen };
}

it('ends a subscription to a resource that its server does not list any more, or that another one lists by now', async () => {
  for (const other of [[], [{ uri: 'r:', name: 'r' }]]) {
    const { server, seen } = telling();
    const second = new FakeServer();
    const { upstreams, clock, start } = house({ a: server, b: second });
    second.more = { resources: other };
    await start();
    const target = upstreams.locate(undefined, 'resource', 'r:');
    if (target === undefined) throw new Error('no resource');
    await subscribe(upstreams, target);
    server.more = { resources: [] };
    server.last.context.onListChanged('resources');
    await clock.advance(0);
    expect(upstreams.locate(undefined, 'resource', 'r:')?.upstream).toBe(other.length > 0 ? 'b' : undefined);
    upstreams.unsubscribe({ ...asker, uri: 'r:' });
    await clock.advance(0);
    expect(seen).toEqual(['resources/subscribe', 'resources/unsubscribe']);
  }
});
