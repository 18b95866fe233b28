import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  FakeServer,
  house,
  names,
  request,
  states,
} from '../../../../test/fixtures/upstreams/fake-servers.js';
import { UpstreamFailure } from '../model/upstream.js';

describe('an upstream that goes down', () => {
  async function withCallInFlight() {
    const server = new FakeServer('read');
    const made = house({ a: server });
    await made.start();
    let finish: () => void = () => undefined;
    server.idle = new Promise((resolve) => {
      finish = resolve;
    });
    return { ...made, connection: server.last, finish: () => finish() };
  }

  it('lets calls in flight finish when they can, and is started again meanwhile', async () => {
    const { upstreams, clock, connection, finish } = await withCallInFlight();
    connection.context.onDown('cannot connect', true);
    expect(states(upstreams)).toEqual(['a down']);
    await clock.advance(600);
    expect(states(upstreams)).toEqual(['a up']);
    expect(connection.closed).toBe(false);
    finish();
    await clock.advance(0);
    expect(connection.closed).toBe(true);
  });

  it('waits for no call longer than a call may take', async () => {
    const { clock, connection } = await withCallInFlight();
    connection.context.onDown('cannot connect', true);
    await clock.advance(9_999);
    expect(connection.closed).toBe(false);
    await clock.advance(1);
    expect(connection.closed).toBe(true);
  });

  it('waits for no call when everything is closed', async () => {
    const { upstreams, connection } = await withCallInFlight();
    connection.context.onDown('cannot connect', true);
    await upstreams.close();
    expect(connection.closed).toBe(true);
  });

  it('ends the connection at once when nothing on it can finish', async () => {
    const { connection } = await withCallInFlight();
    connection.context.onDown('it crashed');
    expect(connection.closed).toBe(true);
  });

  it('is down with the reason while its credential cannot be had, told once, and up again afterwards', async () => {
    const { upstreams, clock, events, connection, finish } = await withCallInFlight();
    upstreams.credentialFailed('a', 'TOKEN is not set');
    upstreams.credentialFailed('a', 'TOKEN is not set');
    upstreams.credentialFailed('nobody', 'TOKEN is not set');
    expect(upstreams.status()[0]).toMatchObject({ state: 'down', reason: 'TOKEN is not set' });
    await expect(upstreams.forward(...request(upstreams, 'read'))).rejects.toMatchObject({ sent: false });
    expect(connection.closed).toBe(false);
    finish();
    await clock.advance(1000);
    expect(states(upstreams)).toEqual(['a up']);
    expect(events().map(({ kind }) => kind)).toEqual(['up', 'down', 'up']);
  });

  it('quotes no secret in the reason, not even a part of one', async () => {
    const secret = 'supersecretvalue';
    const server = new FakeServer();
    const words = `${'x'.repeat(490)} ${secret} and ${'y'.repeat(1000)}`;
    server.fault = new UpstreamFailure('malformed', words, true);
    const { upstreams, start, events } = house({ a: server }, 'auto', (text) =>
      text.replaceAll(secret, '[redacted]'),
    );
    await start();
    const { reason } = upstreams.status()[0] ?? {};
    expect(reason).toHaveLength(500);
    expect(JSON.stringify([reason, events()])).not.toContain('super');
  });

  it('shows no secret that its tools repeat', async () => {
    const { upstreams, start, events } = house(
      { a: new FakeServer('read', 'a supersecretvalue') },
      'auto',
      (text) => text.replaceAll('supersecretvalue', '[redacted]'),
    );
    await start();
    expect(names(upstreams)).toEqual(['read']);
    expect(JSON.stringify(events())).not.toContain('supersecretvalue');
  });
});

describe('tools without a name that is their own', () => {
  it('are told once, however often the catalogue is made anew', async () => {
    const suffix = createHash('sha256').update('a\0read').digest('hex').slice(0, 8);
    const other = new FakeServer('read');
    const servers = { a: new FakeServer('read', 'a__read', `a__read_${suffix}`), b: other };
    const { upstreams, clock, start, events } = house(servers);
    await start();
    for (const more of ['one', 'two', 'three']) {
      other.tools = ['read', more];
      other.last.context.onListChanged('tools');
      await clock.advance(2000);
    }
    expect(names(upstreams)).toContain('three');
    expect(events().filter(({ kind }) => kind === 'tool_rejected')).toHaveLength(2);
  });
});
