import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Vote } from '../model/hold.js';
import { givenIn } from './hold-row.js';
import type { NewHold } from './hold-table.js';
import { migrate } from './migrate.js';
import { lineOf, readRecord } from './record-row.js';
import { RecordWriter } from './record-writer.js';
import { openSqlite, type Sqlite } from './sqlite.js';
import { SqliteHoldTable } from './sqlite-hold-table.js';

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

  test('an answer that does not count any more is taken out by the next, and all that were given are counted', () => {
    const id = opened({ terms: { ...terms, quorum: 2 } });
    table.vote(id, vote('ann'), seen);
    const counts = ({ by }: Vote) => by !== 'ann';
    expect(table.vote(id, vote('bob'), { ...seen, counts })).toMatchObject({
      state: 'pending',
      votes: [{ by: 'bob' }],
    });
    expect(givenIn(table.find(id)?.votes ?? [])).toBe(2);
    expect(table.vote(id, vote('ann'), seen)).toMatchObject({ state: 'approved' });
    expect(givenIn(table.find(id)?.votes ?? [])).toBe(3);
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

  const record = (call: string, members: object, effect = 'allow') => {
    const common = { v: 1, type: 'call.decided', writer: 't/1', log: 'l', tenant: 'default' } as const;
    const entry = { ...common, at: '1970-01-01T00:00:00.077Z', call, effect, ...members };
    new RecordWriter(sqlite).insert(readRecord(lineOf({ id: `${call}d`, call, record: entry })));
  };
  const use = (id: string, usedBy: string) =>
    table.move(id, { from: 'approved', to: 'used', now: 20, usedBy });

  test('the record of a call uses the approval that it names, where the row was lost; a refusal does not', () => {
    const id = opened();
    approved(id);
    record('c1', { hold: id }, 'deny');
    expect(table.find(id)).toMatchObject({ state: 'approved' });
    record('c2', { hold: id });
    expect(table.find(id)).toMatchObject({ state: 'used', usedBy: 'c2', usedAt: 77 });
  });

  test('an approval that was given back stays so when the record of its call comes in', () => {
    const id = opened();
    approved(id);
    use(id, 'c1');
    table.giveBack(id, 'c2');
    expect(table.find(id)?.state).toBe('used');
    table.giveBack(id, 'c1');
    record('c1', { hold: id });
    expect(table.find(id)?.state).toBe('approved');
    expect(use(id, 'c3')).toBe(true);
  });

  test('what a process has used that ended before it was on record can be used again, and nothing else', () => {
    const gone = new Set<string>();
    const isGone = (owner: string) => gone.has(owner);
    const [first, second] = ['p1', 'p2'].map((owner) => new SqliteHoldTable(sqlite, { owner, isGone }));
    const ids = ['b1', 'b2', 'b3'].map((bind) => opened({ bind }));
    for (const [index, id] of ids.entries()) {
      const outcome = table.vote(id, vote('ann'), { ...seen, bind: `b${index + 1}` });
      if (typeof outcome !== 'string') table.settle(outcome);
    }
    const [lost = '', written = '', alive = ''] = ids;
    const step = { from: 'approved', to: 'used', now: 20 } as const;
    first?.move(lost, { ...step, usedBy: 'c1', carried: true });
    first?.move(written, { ...step, usedBy: 'c2' });
    second?.move(alive, { ...step, usedBy: 'c3' });
    record('c2', { hold: written });
    expect(second?.releaseUnrecorded()).toEqual([]);
    gone.add('p1');
    expect(second?.releaseUnrecorded().map(({ id, state }) => [id, state])).toEqual([[lost, 'approved']]);
    expect(ids.map((id) => table.find(id)?.state)).toEqual(['approved', 'used', 'used']);
    expect(second?.releaseUnrecorded()).toEqual([]);
  });

  test('a yes to other arguments is no yes to the call as it was asked when the changed one was not made', () => {
    const owned = new SqliteHoldTable(sqlite, { owner: 'p1', isGone: () => true });
    const edit = (bind: string, usedBy: string) => {
      const id = opened({ bind });
      const outcome = owned.vote(id, vote('ann'), { ...seen, bind });
      if (typeof outcome === 'string') throw new Error(outcome);
      owned.settle({ ...outcome, state: 'used', usedBy, carried: true });
      return id;
    };
    const lost = edit('b1', 'c1');
    const made = edit('b2', 'c2');
    record('c2', { edits: made });
    const refused = edit('b3', 'c3');
    owned.keepResult(refused, '{}');
    expect(owned.releaseUnrecorded().map(({ id, state }) => [id, state])).toEqual([[lost, 'stale']]);
    expect(table.find(made)?.state).toBe('used');
  });

  test('what is to be made is listed in turn, so that none waits behind those that cannot be made', () => {
    const execute = { ...terms, onApprove: 'execute' } as const;
    const request = { kind: 'tool', target: 'transfer', revision: '2025-11-25' } as const;
    const ids = Array.from({ length: 5 }, (_, index) => {
      const bind = `b${index}`;
      const id = opened({ bind, terms: execute, ...(index === 2 ? {} : { request }) });
      const outcome = table.vote(id, vote('ann'), { ...seen, bind });
      if (typeof outcome !== 'string') table.settle(outcome);
      return id;
    });
    const listed = (after?: string) => table.listToCarry(20, { limit: 2, after }).map(({ id }) => id);
    expect(listed()).toEqual([ids[0], ids[1]]);
    expect(listed(ids[1])).toEqual([ids[3], ids[4]]);
    expect(listed(ids[4])).toEqual([]);
  });

  test('a call that was made long after it was approved is under way from when it was made', () => {
    const id = opened();
    approved(id);
    table.move(id, { from: 'approved', to: 'used', now: 400, usedBy: 'c1', carried: true });
    expect(table.findCarried('b1', 399)).toMatchObject({ id, usedAt: 400 });
    table.keepResult(id, '{}');
    table.forgetResults(400, 9);
    expect(table.resultOf(id)).toBe('{}');
    table.forgetResults(401, 9);
    expect(table.resultOf(id)).toBeUndefined();
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
