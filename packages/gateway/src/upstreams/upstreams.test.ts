import { describe, expect, it, vi } from 'vitest';
import {
  FakeServer,
  house,
  names,
  request,
  spec,
  states,
  text,
} from '../../../../test/fixtures/upstreams/fake-servers.js';
import { UpstreamFailure } from '../model/upstream.js';
import { ProbeExit } from './connection.js';

describe('upstreams', () => {
  it('serve the others when one cannot be started', async () => {
    const bad = new FakeServer();
    bad.fault = new UpstreamFailure('unavailable', 'no such command', false);
    const { upstreams, start, events } = house({ bad, good: new FakeServer('read') });
    await start();
    await upstreams.settled();
    expect(states(upstreams)).toEqual(['bad down', 'good up']);
    expect(names(upstreams)).toEqual(['read']);
    expect(upstreams.status()[0]?.reason).toBe('no such command');
    expect(events()).toContainEqual({ kind: 'down', upstream: 'bad', reason: 'no such command' });
  });

  it('start a failing one at most 6 times in 10 seconds, and tell of its failure once', async () => {
    const bad = new FakeServer();
    bad.fault = new Error('broken');
    const { clock, start, events } = house({ bad });
    await start();
    await clock.advance(9_900);
    expect(bad.starts).toBeGreaterThan(3);
    expect(bad.starts).toBeLessThanOrEqual(6);
    await clock.advance(600_000);
    expect(events()).toHaveLength(1);
    expect(bad.connections.every((connection) => connection.closed)).toBe(true);
  });

  it('start one that crashes as soon as it is up at most 6 times in 10 seconds', async () => {
    const server = new FakeServer('read');
    const { clock, start } = house({ a: server });
    await start();
    for (let step = 0; step < 99; step++) {
      server.last.context.onDown('crashed');
      await clock.advance(100);
    }
    expect(server.starts).toBeLessThanOrEqual(6);
  });

  it('start a server that dies of the probe once more without it, and never probe it again soon', async () => {
    const server = new FakeServer('read');
    server.fault = new ProbeExit('exited');
    server.onlyProbe = true;
    const { upstreams, clock, start, events } = house({ a: server });
    await start();
    expect(states(upstreams)).toEqual(['a up']);
    expect(server.starts).toBe(2);
    expect(events().map(({ kind }) => kind)).toEqual(['up']);
    await clock.advance(60_000);
    server.last.context.onDown('crashed');
    await clock.advance(1000);
    expect(server.starts).toBe(3);
    expect(server.last.context.knownLegacy).toBe(true);
  });

  it('forget that a server was legacy after an hour', async () => {
    const server = new FakeServer('read');
    const { clock, start } = house({ a: server });
    await start();
    await clock.advance(3_600_001);
    server.last.context.onDown('replaced');
    await clock.advance(1000);
    expect(server.last.context.knownLegacy).toBe(false);
  });

  it('keep the last good list of one that is down, refuse its calls as not sent, and list again when it is back', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start, events } = house({ a: server });
    await start();
    server.last.context.onDown('it crashed');
    expect(names(upstreams)).toEqual(['read']);
    await expect(upstreams.forward(...request(upstreams, 'read'))).rejects.toMatchObject({
      kind: 'unavailable',
      sent: false,
      message: 'it crashed',
    });
    server.tools = ['read', 'write'];
    await clock.advance(1000);
    expect(names(upstreams)).toEqual(['read', 'write']);
    expect(events().map(({ kind }) => kind)).toEqual(['up', 'down', 'up']);
    expect(upstreams.status()[0]).toMatchObject({
      state: 'up',
      restarts: 1,
      tools: 2,
      revision: '2025-11-25',
      pid: 42,
    });
  });

  it('list again when told of a change, not in bursts, and change nothing when nothing changed', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    const { revision } = upstreams;
    const tools = upstreams.tools();
    for (let told = 0; told < 100; told++) server.last.context.onListChanged('tools');
    await clock.advance(5000);
    expect(server.lists).toBe(3);
    expect(upstreams.revision).toBe(revision);
    expect(upstreams.tools()).toBe(tools);
    server.tools = ['write'];
    server.last.context.onListChanged('tools');
    await clock.advance(0);
    expect(names(upstreams)).toEqual(['write']);
    expect(upstreams.revision).toBeGreaterThan(revision);
  });

  it('tell once of a tool that is refused, and keep its siblings', async () => {
    const server = new FakeServer('read', 'no good');
    const { upstreams, clock, start, events } = house({ a: server });
    await start();
    server.last.context.onListChanged('tools');
    await clock.advance(5000);
    expect(names(upstreams)).toEqual(['read']);
    expect(events().filter(({ kind }) => kind === 'tool_rejected')).toHaveLength(1);
  });

  it('prefix names where they collide or where it is configured, in the order of the configuration', async () => {
    const servers = { b: new FakeServer('read', 'b-only'), a: new FakeServer('read') };
    const { upstreams, start } = house(servers);
    await start();
    expect(names(upstreams)).toEqual(['b-only', 'b__read', 'a__read']);
    const always = house({ a: new FakeServer('read') }, 'always');
    await always.start();
    expect(names(always.upstreams)).toEqual(['a__read']);
    expect(always.upstreams.locate('a', 'tool', 'read')?.exposedName).toBe('a__read');
  });

  it('forward to the upstream under its own name for the tool, with the arguments as they came', async () => {
    const { upstreams, start } = house({ a: new FakeServer('read'), b: new FakeServer('read') });
    await start();
    const reply = await upstreams.forward(...request(upstreams, 'b__read'));
    expect(reply).toEqual({
      kind: 'result',
      result: text({ called: '"name":"read","arguments":{"n":1.0}' }),
    });
  });

  it('forward nothing under a permit for another tool', async () => {
    const { upstreams, start } = house({ a: new FakeServer('read', 'write') });
    await start();
    const [, wanted] = request(upstreams, 'write');
    const [permit] = request(upstreams, 'read');
    await expect(upstreams.forward(permit, wanted)).rejects.toMatchObject({ sent: false });
  });

  it('keep the connection of what reaches the same server on reload, and replace the rest', async () => {
    const servers = { a: new FakeServer('one'), b: new FakeServer('two'), c: new FakeServer('three') };
    const { upstreams, clock, start } = house(servers);
    await start();
    await upstreams.apply([spec('c', { timeoutMs: 5, prefix: 'always' }), spec('a', { startTimeoutMs: 77 })]);
    await clock.advance(1000);
    expect([servers.a.starts, servers.b.starts, servers.c.starts]).toEqual([2, 1, 1]);
    expect(servers.b.last.closed).toBe(true);
    expect(servers.c.last.closed).toBe(false);
    expect(names(upstreams)).toEqual(['c__three', 'one']);
    expect(upstreams.has('b')).toBe(false);
  });

  it('let requests in flight finish before a removed one ends', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    let finish: () => void = () => undefined;
    server.idle = new Promise((resolve) => {
      finish = resolve;
    });
    await upstreams.apply([]);
    await clock.advance(0);
    expect(server.last.closed).toBe(false);
    await clock.advance(5000);
    expect(server.last.closed).toBe(false);
    finish();
    await clock.advance(0);
    expect(server.last.closed).toBe(true);
  });

  it('forward a call to the upstream that it was decided on, never to one that replaced it meanwhile', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    const [before] = server.connections.map((one) => vi.spyOn(one, 'request'));
    const decided = request(upstreams, 'read');
    await upstreams.apply([spec('a', { startTimeoutMs: 77 })]);
    await clock.advance(0);
    const after = vi.spyOn(server.last, 'request');
    expect(states(upstreams)).toEqual(['a up']);
    await expect(upstreams.forward(...decided)).resolves.toMatchObject({ kind: 'result' });
    expect(before).toHaveBeenCalledOnce();
    await clock.advance(1000);
    await expect(upstreams.forward(...decided)).rejects.toMatchObject({ kind: 'unavailable', sent: false });
    expect(after).not.toHaveBeenCalled();
    await upstreams.forward(...request(upstreams, 'read'));
    expect(after).toHaveBeenCalledOnce();
  });

  it('show the tools of one whose configuration changed until it is up anew, and refuse their calls as not sent', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    const before = vi.spyOn(server.last, 'request');
    let open: () => void = () => undefined;
    server.opening = new Promise((resolve) => {
      open = resolve;
    });
    await upstreams.apply([spec('a', { startTimeoutMs: 77 })]);
    await upstreams.apply([spec('a', { startTimeoutMs: 78 })]);
    await clock.advance(5000);
    expect(states(upstreams)).toEqual(['a starting']);
    expect(names(upstreams)).toEqual(['read']);
    const early = request(upstreams, 'read');
    await expect(upstreams.forward(...early)).rejects.toMatchObject({ kind: 'unavailable', sent: false });
    server.tools = ['read', 'write'];
    open();
    await clock.advance(0);
    expect(names(upstreams)).toEqual(['read', 'write']);
    await expect(upstreams.forward(...early)).rejects.toMatchObject({ sent: false });
    expect(before).not.toHaveBeenCalled();
    await expect(upstreams.forward(...request(upstreams, 'read'))).resolves.toMatchObject({ kind: 'result' });
  });

  it('show no tools of one whose changed configuration does not work', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    server.fault = new Error('broken');
    await upstreams.apply([spec('a', { startTimeoutMs: 77 })]);
    expect(names(upstreams)).toEqual(['read']);
    await clock.advance(0);
    expect(names(upstreams)).toEqual([]);
  });

  it('wait for no call of a replaced one when they are closed', async () => {
    const server = new FakeServer('read');
    const { upstreams, start } = house({ a: server });
    await start();
    server.idle = new Promise(() => undefined);
    await upstreams.apply([]);
    await upstreams.close();
    expect(server.last.closed).toBe(true);
  });

  it('leave every tool as it is that a change elsewhere does not touch', async () => {
    const servers = { a: new FakeServer('read'), b: new FakeServer('write') };
    const { upstreams, clock, start } = house(servers);
    await start();
    const tool = upstreams.locate(undefined, 'tool', 'read');
    servers.b.tools = ['write', 'more'];
    servers.b.last.context.onListChanged('tools');
    await clock.advance(0);
    expect(names(upstreams)).toEqual(['read', 'more', 'write']);
    expect(upstreams.locate(undefined, 'tool', 'read')).toBe(tool);
  });

  it('start nothing any more once they are closed', async () => {
    const bad = new FakeServer();
    bad.fault = new Error('broken');
    const { upstreams, clock, start } = house({ bad });
    await start();
    const { starts } = bad;
    await upstreams.close();
    await clock.advance(100_000);
    expect(bad.starts).toBe(starts);
    expect(states(upstreams)).toEqual(['bad stopped']);
  });

  it('leave nothing running when they are closed during a change, and take no change after that', async () => {
    const server = new FakeServer('read');
    const { upstreams, clock, start } = house({ a: server });
    await start();
    const applying = upstreams.apply([spec('a', { startTimeoutMs: 77 })]);
    await Promise.all([applying, upstreams.close()]);
    await clock.advance(100_000);
    expect(server.connections.map(({ closed }) => closed)).toEqual([true, true]);
    await expect(upstreams.apply([spec('a')])).rejects.toThrow('closed');
    await clock.advance(100_000);
    expect(server.connections).toHaveLength(2);
    expect(states(upstreams)).toEqual(['a stopped']);
  });
});
