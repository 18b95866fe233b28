import { expect, it, vi } from 'vitest';
import { silentLog, stdioSpec } from '../../../../test/fixtures/upstreams/deps.js';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { Connection } from './connection.js';
import { ToolList } from './tool-list.js';

const facts = { revision: '2025-11-25', listChanged: true, hasTools: true } as const;

/** A list whose source is asked again, with what lets the question fail. */
function asking() {
  const warn = vi.fn();
  const list = new ToolList({
    clock: new ManualClock(),
    log: { ...silentLog, warn },
    onEvent: () => undefined,
    onTools: () => undefined,
    spec: () => stdioSpec('legacy'),
    redact: (text) => text.replaceAll('closed', '[redacted]'),
  });
  let fail: () => void = () => undefined;
  const request: Connection['request'] = () =>
    new Promise((_, reject) => {
      fail = () => reject(new UpstreamFailure('unavailable', 'the connection was closed', false));
    });
  const connection = { request } as Connection;
  list.follow({ connection, facts }, { tools: [], rejected: [] });
  list.refresh();
  return { list, warn, fail: () => fail() };
}

it('warns of a new list of tools that did not come, without secrets', async () => {
  const { warn, fail } = asking();
  fail();
  await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
  expect(warn.mock.calls[0]?.[0].cause).toContain('the connection was [redacted]');
});

it('says nothing of a list that fails because its upstream was closed', async () => {
  const { list, warn, fail } = asking();
  list.unfollow();
  fail();
  await new Promise(setImmediate);
  expect(warn).not.toHaveBeenCalled();
});
