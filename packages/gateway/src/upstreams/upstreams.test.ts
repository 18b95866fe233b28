import { describe, expect, it } from 'vitest';
import { resolveLiterals, silentLog, stdioSpec } from '../../../../test/fixtures/upstreams/deps.js';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { JsonObjectText } from '../model/json.js';
import type { Permit } from '../model/permit.js';
import { type ForwardRequest, UpstreamFailure, type UpstreamReply } from '../model/upstream.js';
import {
  type Connect,
  type Connection,
  type ConnectionContext,
  type OutgoingRequest,
  ProbeExit,
} from './connection.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';
import { Upstreams } from './upstreams.js';

/** A connection whose server does what a test says. */
class FakeConnection implements Connection {
  readonly pid = 42;
  closed = false;
  readonly context: ConnectionContext;
  readonly #server: FakeServer;

  constructor(server: FakeServer, context: ConnectionContext) {
    this.#server = server;
    this.context = context;
  }

  async start() {
    this.#server.starts++;
    if (this.#server.fault !== undefined && !(this.#server.onlyProbe && this.context.knownLegacy))
      throw this.#server.fault;
    return { revision: '2025-11-25', listChanged: true, hasTools: true } as const;
  }

  async request({ method, members }: OutgoingRequest): Promise<UpstreamReply> {
    if (method !== 'tools/list') return { kind: 'result', result: text({ called: members }) };
    this.#server.lists++;
    const tools = this.#server.tools.map((name) => ({ name, inputSchema: { type: 'object' } }));
    return { kind: 'result', result: text({ tools }) };
  }

  async idle() {
    await this.#server.idle;
  }

  async close() {
    this.closed = true;
  }
}

class FakeServer {
  tools: string[];
  fault: Error | undefined;
  onlyProbe = false;
  idle: Promise<void> = Promise.resolve();
  starts = 0;
  lists = 0;
  readonly connections: FakeConnection[] = [];

  constructor(...tools: string[]) {
    this.tools = tools;
  }

  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('never connected');
    return connection;
  }
}

function text(value: object): JsonObjectText {
  return { text: JSON.stringify(value), value: value as JsonObjectText['value'] };
}

function house(servers: Record<string, FakeServer>, prefix: 'auto' | 'always' = 'auto') {
  const clock = new ManualClock();
  const heard: UpstreamEvent[] = [];
  const connect: Connect = async (spec, _deps, context) => {
    const server = servers[spec.id];
    if (server === undefined) throw new Error('no such server');
    const connection = new FakeConnection(server, context);
    server.connections.push(connection);
    return connection;
  };
  const upstreams = new Upstreams({
    clock,
    log: silentLog,
    resolve: resolveLiterals,
    baseEnvironment: {},
    version: '0',
    redact: (one) => one,
    prefix,
    jitter: () => 0,
    onEvent: (event) => heard.push(event),
    connectors: { stdio: connect, http: connect },
  });
  const events = () => heard.filter(({ kind }) => kind !== 'tools_changed');
  const start = async () => {
    await upstreams.apply(Object.keys(servers).map((id) => spec(id)));
    await clock.advance(0);
  };
  return { upstreams, clock, events, start };
}

const spec = (id: string, more: Partial<UpstreamSpec> = {}) =>
  ({ ...stdioSpec('legacy'), id, ...more }) as UpstreamSpec;
const names = (upstreams: Upstreams) => upstreams.tools().map((tool) => tool.exposedName);
const states = (upstreams: Upstreams) => upstreams.status().map(({ id, state }) => `${id} ${state}`);

function request(upstreams: Upstreams, name: string): [Permit, ForwardRequest] {
  const tool = upstreams.locate(undefined, name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const permit = { callId: 'c', upstream: tool.upstream, tool: tool.name } as Permit;
  return [
    permit,
    {
      tool,
      method: 'tools/call',
      argumentsText: '{"n":1.0}',
      meta: new Map(),
      credential: new Map(),
      timeoutMs: 1000,
      signal: new AbortController().signal,
    },
  ];
}

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
    for (let told = 0; told < 100; told++) server.last.context.onToolsChanged();
    await clock.advance(5000);
    expect(server.lists).toBe(3);
    expect(upstreams.revision).toBe(revision);
    expect(upstreams.tools()).toBe(tools);
    server.tools = ['write'];
    server.last.context.onToolsChanged();
    await clock.advance(0);
    expect(names(upstreams)).toEqual(['write']);
    expect(upstreams.revision).toBeGreaterThan(revision);
  });

  it('tell once of a tool that is refused, and keep its siblings', async () => {
    const server = new FakeServer('read', 'no good');
    const { upstreams, clock, start, events } = house({ a: server });
    await start();
    server.last.context.onToolsChanged();
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
    expect(always.upstreams.locate('a', 'read')?.exposedName).toBe('a__read');
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
    await clock.advance(0);
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
    let finish = () => undefined as undefined;
    server.idle = new Promise((resolve) => {
      finish = resolve;
    });
    await upstreams.apply([]);
    await clock.advance(0);
    expect(server.last.closed).toBe(false);
    finish();
    await clock.advance(0);
    expect(server.last.closed).toBe(true);
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
});
