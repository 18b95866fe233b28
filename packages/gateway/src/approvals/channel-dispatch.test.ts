import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { migrate } from '../store/migrate.js';
import { SqliteNoticeTable } from '../store/notice-table.js';
import { openSqlite, type Sqlite } from '../store/sqlite.js';
import { SqliteHoldTable } from '../store/sqlite-hold-table.js';
import type { ChannelNotice } from './approval-channel.js';
import { createApprovalViewer } from './approval-viewer.js';
import { ChannelDispatch } from './channel-dispatch.js';
import { LiveNotices } from './live-notices.js';
import { NoticeTokens } from './notice-token.js';

const tokens = new NoticeTokens(new Uint8Array(32), 'chat');
let folder = '';
let sqlite: Sqlite;
let holds: SqliteHoldTable;
let notices: SqliteNoticeTable;
let clock: ManualClock;
let told: ChannelNotice[] = [];
let noted: object[] = [];
let fails = false;
let hangs = false;
const running: ChannelDispatch[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-dispatch-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  holds = new SqliteHoldTable(sqlite);
  notices = new SqliteNoticeTable(sqlite);
  clock = new ManualClock();
  notices.enroll([{ name: 'chat', tenant: 'default' }], clock.now());
  [told, noted, fails, hangs] = [[], [], false, false];
});

afterEach(() => {
  for (const one of running.splice(0)) one.end();
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const terms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 1,
  expiresMs: 1000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
} as const;

function opened(id: string): void {
  const facts = {
    bind: id,
    tenant: 'default',
    caller: 'a',
    credential: 'key:1',
    upstream: 'pay',
    target: 'transfer',
  };
  const rest = { method: 'tools/call', args: '{}', policyRevision: 'p', reason: 'r', terms };
  const times = { createdAt: clock.now(), until: clock.now() + 1e9 };
  holds.open({ ...facts, ...rest, ...times, id }, { perCaller: 99, perTenant: 99 });
}

function dispatch(source: 'lasting' | 'live' = 'lasting'): ChannelDispatch {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const desk = { find: (id: string) => holds.find(id), hear: () => () => undefined };
  const made = new ChannelDispatch({
    desk,
    clock,
    log: silent as never,
    note: (type, members) => noted.push({ type, ...members }),
    view: createApprovalViewer({ holds, records: { latestOf: async () => [] } }),
    linkTo: () => undefined,
  });
  const live = new LiveNotices(
    { find: (id) => holds.find(id), list: (filter) => holds.list(filter) },
    'default',
  );
  made.use([
    {
      name: 'chat',
      timeoutMs: 10_000,
      tokens,
      source: source === 'live' ? live : notices,
      channel: {
        async tell(notice) {
          told.push(notice);
          if (hangs) await new Promise(() => undefined);
          if (fails) throw new Error('the service answered 500');
          return `at ${told.length}`;
        },
      },
    },
  ]);
  made.begin();
  running.push(made);
  return made;
}

const deny = (id: string) => {
  const at = clock.now();
  const decided = holds.vote(
    id,
    { by: 'ann', verdict: 'deny', channel: 'rest', at },
    { bind: id, usableUntil: 0 },
  );
  if (typeof decided === 'object') holds.settle(decided);
};
const states = () => told.map(({ view, place }) => [view.id, view.state, place]);

test.each(['lasting', 'live'] as const)(
  'a %s channel is told of a hold and of its end, once each',
  async (source) => {
    opened('h1');
    dispatch(source);
    await clock.advance(3000);
    expect(states()).toEqual([['h1', 'pending', undefined]]);
    deny('h1');
    await clock.advance(3000);
    expect(states()).toEqual([
      ['h1', 'pending', undefined],
      ['h1', 'denied', 'at 1'],
    ]);
    expect(tokens.read(told[0]?.token ?? '')).toEqual({ hold: 'h1', bind: 'h1', version: 1 });
  },
);

test.each(['lasting', 'live'] as const)(
  'a %s channel is not told of what was over before it could be',
  async (source) => {
    opened('h1');
    deny('h1');
    dispatch(source);
    await clock.advance(3000);
    expect(states()).toEqual([]);
  },
);

test('what fails is tried again, less and less often, then given up, recorded and listed', async () => {
  fails = true;
  opened('h1');
  dispatch();
  await clock.advance(0);
  expect(told).toHaveLength(1);
  await clock.advance(5000);
  expect(told).toHaveLength(2);
  for (let minutes = 0; minutes < 90; minutes += 1) await clock.advance(60_000);
  expect(told).toHaveLength(8);
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  expect(noted).toEqual([
    expect.objectContaining({ type: 'hold.notice_failed', hold: 'h1', via: 'chat', attempts: 8 }),
  ]);
  expect(notices.listFailed('default', 9)).toEqual([
    expect.objectContaining({ hold: 'h1', fault: 'the service answered 500' }),
  ]);
  fails = false;
  deny('h1');
  await clock.advance(2000);
  // Whoever was never told that it waits is not told that it waits no more.
  expect(told).toHaveLength(8);
  expect(notices.listFailed('default', 9)).toEqual([]);
});

test('a channel that does not come back is not waited for, and tried again', async () => {
  hangs = true;
  opened('h1');
  dispatch();
  await clock.advance(9000);
  expect(told).toHaveLength(1);
  hangs = false;
  await clock.advance(5000);
  expect(told).toHaveLength(2);
});

test('what was due when a process ended is told by the next one', async () => {
  hangs = true;
  opened('h1');
  dispatch().end();
  hangs = false;
  dispatch();
  await clock.advance(20_000);
  expect(states().at(-1)).toEqual(['h1', 'pending', undefined]);
  expect(told.length).toBeLessThanOrEqual(2);
});

test('a channel that is not configured any more is told nothing', async () => {
  dispatch().use([]);
  opened('h1');
  await clock.advance(5000);
  expect(told).toEqual([]);
});
