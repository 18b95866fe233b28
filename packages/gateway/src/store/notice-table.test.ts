import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.js';
import { SqliteNoticeTable } from './notice-table.js';
import { openSqlite, type Sqlite } from './sqlite.js';
import { SqliteHoldTable } from './sqlite-hold-table.js';

let folder = '';
let sqlite: Sqlite;
let holds: SqliteHoldTable;
let notices: SqliteNoticeTable;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-notices-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  holds = new SqliteHoldTable(sqlite);
  notices = new SqliteNoticeTable(sqlite);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const terms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 1,
  expiresMs: 1000,
  approvers: [],
  quorum: 2,
  noteRequired: false,
} as const;

function opened(id: string): void {
  const facts = {
    bind: `bind-${id}`,
    tenant: 'default',
    caller: 'a',
    credential: 'key:1',
    upstream: 'pay',
    method: 'tools/call',
    target: 'transfer',
    args: '{}',
    policyRevision: 'p',
    reason: 'r',
    terms,
  };
  holds.open({ ...facts, id, createdAt: 0, until: 1000 }, { perCaller: 99, perTenant: 99 });
}

const due = (now = 0, channel = 'chat') => notices.claim(channel, { now, leaseMs: 100, limit: 9 });
const vote = (id: string, by: string) =>
  holds.vote(id, { by, verdict: 'approve', channel: 'c', at: 1 }, { bind: `bind-${id}`, usableUntil: 9 });

test('whatever happens to a hold leaves a notice for each channel, in order', () => {
  notices.enroll(
    [
      { name: 'chat', tenant: 'default' },
      { name: 'hook', tenant: 'default' },
    ],
    0,
  );
  opened('h1');
  const [first] = due();
  expect(first).toEqual({ channel: 'chat', hold: 'h1', version: 1, told: 0, attempts: 1 });
  if (first !== undefined) notices.settle(first, 'message 7');
  expect(due()).toEqual([]);
  expect(due(0, 'hook')).toHaveLength(1);
  vote('h1', 'ann');
  const [second] = due();
  expect(second).toMatchObject({ version: 2, told: 1, place: 'message 7' });
  if (second !== undefined) notices.settle(second);
  const decided = vote('h1', 'bob');
  if (typeof decided === 'object') holds.settle(decided);
  expect(due()).toEqual([expect.objectContaining({ version: 3, told: 2, attempts: 1 })]);
  holds.move('h1', { from: 'approved', to: 'used', now: 2 });
  expect(notices.find('chat', 'h1')).toMatchObject({ version: 3 });
});

test('a channel is told of what waited before it came, and of nothing after it was withdrawn', () => {
  opened('h1');
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  notices.withdraw(['chat']);
  opened('h2');
  expect(due().map(({ hold }) => hold)).toEqual(['h1']);
});

test('a channel of another tenant is told of nothing', () => {
  notices.enroll([{ name: 'chat', tenant: 'other' }], 0);
  opened('h1');
  notices.enroll([{ name: 'late', tenant: 'other' }], 0);
  expect([...due(), ...due(0, 'late')]).toEqual([]);
});

test('a channel that nobody has enrolled for a week is not told of new holds', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], -8 * 24 * 3_600_000);
  opened('h1');
  expect(due()).toEqual([]);
});

test('what is claimed is nobody else’s until its lease is over', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  opened('h1');
  expect(due(0)).toHaveLength(1);
  expect(due(99)).toEqual([]);
  expect(due(100)).toEqual([expect.objectContaining({ attempts: 2 })]);
});

test('a change meanwhile is told, too, whether telling what was before worked or not', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  opened('h1');
  opened('h2');
  const [one, two] = due();
  vote('h1', 'ann');
  vote('h2', 'ann');
  expect(due()).toEqual([]);
  if (one !== undefined) notices.settle(one);
  if (two !== undefined) notices.giveUp(two, 5, 'down');
  expect(due().map(({ hold, version }) => [hold, version])).toEqual([
    ['h1', 2],
    ['h2', 2],
  ]);
});

test('what is given up is listed and not tried again', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  opened('h1');
  const [notice] = due();
  if (notice !== undefined) notices.postpone(notice, 50, 'status 500');
  expect(due(49)).toEqual([]);
  const [again] = due(50);
  expect(again).toMatchObject({ attempts: 2 });
  if (again !== undefined) notices.giveUp(again, 60, 'status 500');
  expect(due(9999)).toEqual([]);
  expect(notices.listFailed('default', 9)).toEqual([
    expect.objectContaining({ channel: 'chat', hold: 'h1', failedAt: 60, fault: 'status 500', attempts: 2 }),
  ]);
});

test('one answer can be given by means of each version, and by none that was never told', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  opened('h1');
  expect(notices.spend('chat', 'h1', 2)).toBe(false);
  expect(notices.spend('chat', 'h1', 1)).toBe(true);
  expect(notices.spend('chat', 'h1', 1)).toBe(false);
  notices.unspend('chat', 'h1', 1);
  expect(notices.spend('chat', 'h1', 1)).toBe(true);
  vote('h1', 'ann');
  expect(notices.spend('chat', 'h1', 2)).toBe(true);
  expect(notices.spend('chat', 'h1', 1)).toBe(false);
});

test('notices go with their hold', () => {
  notices.enroll([{ name: 'chat', tenant: 'default' }], 0);
  opened('h1');
  holds.move('h1', { from: 'pending', to: 'cancelled', now: 1 });
  holds.purge(5000, 9);
  expect(notices.find('chat', 'h1')).toBeUndefined();
});
