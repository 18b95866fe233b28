import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Vote } from '../model/hold.js';
import { type NewHold, SqliteHoldTable } from './hold-table.js';
import { migrate } from './migrate.js';
import { openSqlite, type Sqlite } from './sqlite.js';

let folder = '';
let sqlite: Sqlite;
let table: SqliteHoldTable;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-holds-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  table = new SqliteHoldTable(sqlite);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const caps = { perCaller: 20, perTenant: 200 };
const terms = {
  mode: 'wait-then-hold',
  onApprove: 'release',
  waitMs: 50_000,
  expiresMs: 1000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
} as const;

function newHold(more: Partial<NewHold> = {}): NewHold {
  return {
    id: `hold_${more.bind ?? 'b1'}_${more.createdAt ?? 0}`,
    createdAt: 0,
    until: 1000,
    bind: 'b1',
    tenant: 'default',
    caller: 'agent-a',
    credential: 'key:1',
    upstream: 'pay',
    method: 'tools/call',
    target: 'transfer',
    args: '{}',
    policyRevision: 'sha256:x',
    reason: 'large',
    terms,
    ...more,
  };
}

function opened(more: Partial<NewHold> = {}): string {
  const outcome = table.open(newHold(more), caps);
  if (outcome === 'full') throw new Error('full');
  return outcome.hold.id;
}

function vote(by: string, verdict: Vote['verdict'] = 'approve', at = 10): Vote {
  return { by, verdict, channel: 'cli', at };
}

const seen = { bind: 'b1', usableUntil: 500 };

function approved(id: string): void {
  const outcome = table.vote(id, vote('ann'), seen);
  if (typeof outcome === 'string') throw new Error(outcome);
  expect(table.settle(outcome)).toBe(true);
}

describe('holds', () => {
  test('the same call asked again joins the open hold', () => {
    const id = opened();
    expect(table.open(newHold({ id: 'other', createdAt: 5 }), caps)).toMatchObject({
      joined: true,
      hold: { id },
    });
    expect(table.list({ tenant: 'default', limit: 10 })).toHaveLength(1);
  });

  test('a hold whose time is over is not joined, and ends', () => {
    const id = opened();
    expect(table.open(newHold({ id: 'next', createdAt: 1000, until: 2000 }), caps)).toMatchObject({
      joined: false,
    });
    expect(table.find(id)?.state).toBe('expired');
  });

  test('beyond the caps no more are opened, and joining goes on', () => {
    const few = { perCaller: 2, perTenant: 3 };
    expect(table.open(newHold({ bind: 'b1' }), few)).not.toBe('full');
    expect(table.open(newHold({ bind: 'b2' }), few)).not.toBe('full');
    expect(table.open(newHold({ bind: 'b3' }), few)).toBe('full');
    expect(table.open(newHold({ bind: 'b2', createdAt: 1 }), few)).toMatchObject({ joined: true });
    expect(table.open(newHold({ bind: 'b3', caller: 'agent-b' }), few)).not.toBe('full');
    expect(table.open(newHold({ bind: 'b4', caller: 'agent-c' }), few)).toBe('full');
    expect(table.open(newHold({ bind: 'b4', caller: 'agent-c', tenant: 'other' }), few)).not.toBe('full');
  });

  test('one approval of two is not enough, nor the same person twice; one denial is', () => {
    const id = opened({ terms: { ...terms, quorum: 2 } });
    expect(table.vote(id, vote('ann'), seen)).toMatchObject({ state: 'pending' });
    expect(table.vote(id, vote('ann'), seen)).toBe('voted');
    expect(table.vote(id, vote('bob'), seen)).toMatchObject({ state: 'approved', until: 500, decidedAt: 10 });
    expect(table.vote(id, vote('cid', 'deny'), seen)).toBe('decided');
    const other = opened({ bind: 'b2', terms: { ...terms, quorum: 2 } });
    expect(table.vote(other, vote('ann', 'deny'), { ...seen, bind: 'b2' })).toMatchObject({
      state: 'denied',
    });
  });

  test('a decision counts from when it is settled, once, and takes no further answer before', () => {
    const id = opened();
    const outcome = table.vote(id, vote('ann'), seen);
    if (typeof outcome === 'string') throw new Error(outcome);
    expect(table.find(id)).toMatchObject({ state: 'pending', until: 1000 });
    expect(table.vote(id, vote('bob', 'deny'), seen)).toBe('decided');
    expect(table.move(id, { from: 'approved', to: 'used', now: 20 })).toBe(false);
    expect([table.settle(outcome), table.settle(outcome)]).toEqual([true, false]);
    expect(table.find(id)).toMatchObject({ state: 'approved', until: 500, decidedAt: 10 });
  });

  test('an answer to something else than what was shown, too late, or to nothing is not taken', () => {
    const id = opened();
    expect(table.vote(id, vote('ann'), { ...seen, bind: 'b2' })).toBe('changed');
    expect(table.vote(id, vote('ann', 'approve', 1000), seen)).toBe('expired');
    expect(table.vote('hold_none', vote('ann'), seen)).toBe('unknown');
    expect(table.find(id)).toMatchObject({ state: 'pending', votes: [] });
  });

  test('an approved hold is used once, by one of two processes', () => {
    const id = opened();
    approved(id);
    const second = openSqlite(join(folder, 'test.db'));
    const step = { from: 'approved', to: 'used', now: 20 } as const;
    expect([
      new SqliteHoldTable(second).move(id, { ...step, usedBy: 'c1' }),
      table.move(id, { ...step, usedBy: 'c2' }),
    ]).toEqual([true, false]);
    second.close();
    expect(table.find(id)).toMatchObject({ state: 'used', usedBy: 'c1' });
  });

  test('an approval that nobody used in time cannot be used any more', () => {
    const id = opened();
    approved(id);
    expect(table.move(id, { from: 'approved', to: 'used', now: 500 })).toBe(false);
    expect(table.expire(500, 10).map((hold) => [hold.id, hold.state])).toEqual([[id, 'expired']]);
    expect(table.expire(500, 10)).toEqual([]);
  });

  test('a clock that is set back does not open again what has ended', () => {
    const id = opened();
    table.expire(1000, 10);
    expect(table.vote(id, vote('ann', 'approve', 10), seen)).toBe('decided');
  });

  test('lists newest first, by page, state and caller', () => {
    for (let at = 0; at < 5; at += 1)
      opened({ bind: `b${at}`, createdAt: at, caller: at % 2 === 0 ? 'a' : 'b' });
    const bound = (holds: { bind: string }[]) => holds.map(({ bind }) => bind);
    const first = table.list({ tenant: 'default', limit: 2 });
    expect(bound(first)).toEqual(['b4', 'b3']);
    expect(bound(table.list({ tenant: 'default', limit: 2, before: first[1]?.id }))).toEqual(['b2', 'b1']);
    expect(bound(table.list({ tenant: 'default', limit: 9, caller: 'b', state: 'pending' }))).toEqual([
      'b3',
      'b1',
    ]);
    expect(table.list({ tenant: 'other', limit: 9 })).toEqual([]);
    expect(table.count('default', 'pending')).toBe(5);
  });

  test('nothing to end or forget waits for nobody who writes', () => {
    table.open(newHold({ until: 1000 }), caps);
    const other = openSqlite(join(folder, 'test.db'));
    other.exec('BEGIN IMMEDIATE');
    sqlite.exec('PRAGMA busy_timeout = 0');
    expect(table.expire(999, 10)).toEqual([]);
    expect(table.expireUnsettled(999, 10)).toEqual([]);
    table.forgetResults(999, 10);
    table.purge(999, 10);
    expect(() => table.expire(1000, 10)).toThrow(/locked/);
    other.exec('ROLLBACK');
    other.close();
    expect(table.expire(1000, 10)).toHaveLength(1);
  });

  test('keeps what an approved call returned', () => {
    const id = opened();
    expect(table.resultOf(id)).toBeUndefined();
    table.keepResult(id, '{"content":[]}');
    expect(table.resultOf(id)).toBe('{"content":[]}');
  });
});
