import { describe, expect, it, vi } from 'vitest';
import { serverFacts, silentLog, stdioSpec } from '../../../../test/fixtures/upstreams/deps.js';
import { FakeServer, house } from '../../../../test/fixtures/upstreams/fake-servers.js';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { Connection } from './connection.js';
import { UpstreamLists } from './upstream-lists.js';

/** Lists whose source is asked again, with what lets the question fail. */
function asking() {
  const warn = vi.fn();
  const lists = new UpstreamLists({
    clock: new ManualClock(),
    log: { ...silentLog, warn },
    onEvent: () => undefined,
    onChange: () => undefined,
    spec: () => stdioSpec('legacy'),
    redact: (text) => text.replaceAll('closed', '[redacted]'),
  });
  let fail: () => void = () => undefined;
  const request: Connection['request'] = () =>
    new Promise((_, reject) => {
      fail = () => reject(new UpstreamFailure('unavailable', 'the connection was closed', false));
    });
  const nothing = { items: [], rejected: [] };
  const source = { connection: { request }, facts: serverFacts() };
  lists.follow(source, { tools: nothing, prompts: nothing, resources: nothing, templates: nothing });
  lists.refresh('tools');
  return { lists, warn, fail: () => fail() };
}

describe('the lists of an upstream', () => {
  it('warn of a new list that did not come, without secrets', async () => {
    const { warn, fail } = asking();
    fail();
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    expect(warn.mock.calls[0]?.[0].cause).toContain('the connection was [redacted]');
  });

  it('say nothing of a list that fails because its upstream was closed', async () => {
    const { lists, warn, fail } = asking();
    lists.unfollow();
    fail();
    await new Promise(setImmediate);
    expect(warn).not.toHaveBeenCalled();
  });

  it('come all at once when the upstream comes up, as one change', async () => {
    const server = new FakeServer('read');
    server.more = {
      prompts: [{ name: 'p' }],
      resources: [{ uri: 'r:', name: 'r' }],
      resourceTemplates: [{ uriTemplate: 't:{x}', name: 't' }],
    };
    const { upstreams, start } = house({ a: server });
    await start();
    const before = upstreams.revision;
    expect(upstreams.prompts().map(({ exposedName }) => exposedName)).toEqual(['p']);
    expect(upstreams.resources().map(({ exposedName }) => exposedName)).toEqual(['r:']);
    expect(upstreams.templates().map(({ exposedName }) => exposedName)).toEqual(['t:{x}']);
    expect(before).toBe(2);
  });

  it('that fail take no other away, and come when they can', async () => {
    const server = new FakeServer('read');
    server.more = { prompts: new Error('broken'), resources: [{ uri: 'r:', name: 'r' }] };
    const { upstreams, clock, start } = house({ a: server });
    await start();
    expect(upstreams.status()[0]?.state).toBe('up');
    expect([upstreams.tools().length, upstreams.prompts().length, upstreams.resources().length]).toEqual([
      1, 0, 1,
    ]);
    server.more = { ...server.more, prompts: [{ name: 'p' }] };
    await clock.advance(5000);
    expect(upstreams.prompts()).toHaveLength(1);
  });

  it('keep the last good list of one that fails later', async () => {
    const server = new FakeServer('read');
    server.more = { prompts: [{ name: 'p' }], resources: [{ uri: 'r:', name: 'r' }] };
    const { upstreams, clock, start } = house({ a: server });
    await start();
    server.more = { prompts: new Error('broken'), resources: [] };
    server.last.context.onListChanged('prompts');
    server.last.context.onListChanged('resources');
    await clock.advance(0);
    expect([upstreams.prompts().length, upstreams.resources().length]).toEqual([1, 0]);
    server.last.context.onDown('crashed');
    await clock.advance(60_000);
    expect(upstreams.status()[0]?.state).toBe('up');
    expect([upstreams.tools().length, upstreams.prompts().length]).toEqual([1, 1]);
  });

  it('hold up the tools for three seconds at most', async () => {
    const server = new FakeServer('read');
    server.more = { prompts: new Promise(() => undefined) };
    const { upstreams, clock, start } = house({ a: server });
    await start();
    await clock.advance(2900);
    expect(upstreams.tools()).toEqual([]);
    await clock.advance(100);
    expect(upstreams.status()[0]?.state).toBe('up');
    expect(upstreams.tools()).toHaveLength(1);
    server.more = { prompts: [{ name: 'p' }] };
    await clock.advance(5000);
    expect(upstreams.prompts()).toHaveLength(1);
  });

  it('are asked for again where the server said that they changed while it was asked', async () => {
    const server = new FakeServer('read');
    let answer: (list: readonly object[]) => void = () => undefined;
    server.more = {
      prompts: new Promise((resolve) => {
        answer = resolve;
      }),
    };
    const { upstreams, clock, start } = house({ a: server });
    await start();
    server.last.context.onListChanged('tools');
    server.tools = ['read', 'write'];
    answer([]);
    await clock.advance(0);
    expect(upstreams.tools()).toHaveLength(2);
  });

  it('are asked for less and less often while they fail, and at once when the server says that they changed', async () => {
    const server = new FakeServer('read');
    let asked = 0;
    server.more = {
      get prompts() {
        asked++;
        return new Error('broken');
      },
    };
    const { clock, start } = house({ a: server });
    await start();
    asked = 0;
    for (let step = 0; step < 60; step++) await clock.advance(10_000);
    expect(asked).toBeLessThanOrEqual(8);
    asked = 0;
    server.last.context.onListChanged('prompts');
    await clock.advance(1000);
    expect(asked).toBe(1);
  });

  it('tell of what is left out of each of them', async () => {
    const server = new FakeServer('read');
    server.more = {
      prompts: [{ name: '' }],
      resources: [{ uri: 'r:' }],
      resourceTemplates: [{ uriTemplate: '{', name: 't' }],
    };
    const { start, events } = house({ a: server });
    await start();
    const told = events().flatMap((event) => (event.kind === 'tool_rejected' ? [event.what] : []));
    expect(told).toEqual(['prompt', 'resource', 'template']);
  });
});
