import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord } from '../model/record.js';
import { SqliteLedgerTable } from './ledger-table.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations.js';
import { lineOf, readRecord } from './record-row.js';
import { RecordWriter } from './record-writer.js';
import { openSqlite, type Sqlite } from './sqlite.js';

let folder = '';
let sqlite: Sqlite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ledger-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = '2026-11-21T00:00:00.000Z';
const noon = Date.parse('2026-11-20T12:00:00Z');

function write(call: string, type: 'call.decided' | 'call.outcome', budget: object[], tenant = 't'): void {
  const record = {
    v: 1,
    type,
    at: '2026-11-20T11:00:00.000Z',
    writer: 'w',
    log: 'l',
    tenant,
    call,
    budget,
  };
  const line = lineOf({ id: `${call}${type}`, call, record: record as unknown as AuditRecord });
  new RecordWriter(sqlite).insert(readRecord(line));
}

const line = { id: 'daily', unit: 'EUR', scope: 's', until: day };

describe('the ledger', () => {
  test('counts what was spent, and what is reserved where nothing is settled', () => {
    write('c1', 'call.decided', [{ ...line, reserve: '12.5' }]);
    write('c2', 'call.decided', [{ ...line, reserve: '0.000001' }]);
    write('c1', 'call.outcome', [{ ...line, spent: '3' }]);
    expect(new SqliteLedgerTable(sqlite).balances(noon)).toEqual([
      { budget: 'daily', unit: 'EUR', scope: 's', until: Date.parse(day), usedMicros: 3_000_001n },
    ]);
  });

  test('counts the same when an outcome comes in before its decision', () => {
    write('c1', 'call.outcome', [{ ...line, spent: '0' }]);
    write('c1', 'call.decided', [{ ...line, reserve: '7' }]);
    expect(new SqliteLedgerTable(sqlite).balances(noon)[0]?.usedMicros).toBe(0n);
  });

  test('leaves out stretches that are over, and tells the total of a budget that never begins anew by its counter', () => {
    const { until: _until, ...total } = line;
    write('c1', 'call.decided', [
      { ...line, reserve: '1' },
      { ...total, id: 'total', reserve: '9000000' },
    ]);
    write('c2', 'call.decided', [{ ...total, id: 'total', scope: 'other', reserve: '5' }]);
    const ledger = new SqliteLedgerTable(sqlite);
    expect(ledger.balances(Date.parse(day))).toEqual([]);
    const counter = { budget: 'total', unit: 'EUR', scope: 's' };
    expect(ledger.totalOf(counter)).toBe(9_000_000_000_000n);
    expect(ledger.totalOf({ ...counter, scope: 'never used' })).toBe(0n);
    expect(ledger.totalOf({ ...counter, budget: 'daily' })).toBe(0n);
  });

  test('lists counters page by page, with what all calls used of them, to the tenant of the first call', () => {
    const { until: _until, ...total } = line;
    write('c1', 'call.decided', [
      { ...line, reserve: '1' },
      { ...total, scope: 'z', reserve: '2' },
    ]);
    write('c2', 'call.decided', [{ ...line, reserve: '4' }], 'other');
    write('c3', 'call.decided', [{ ...total, id: 'own', reserve: '8' }], 'other');
    write('c4', 'call.decided', [{ ...line, scope: 'r', until: '2026-11-20T11:30:00.000Z', reserve: '1' }]);
    const ledger = new SqliteLedgerTable(sqlite);
    const all = ledger.counters({ now: noon, tenant: 't', limit: 9 });
    expect(all.map(({ until, usedMicros, calls }) => [until, usedMicros, calls])).toEqual([
      [Date.parse(day), 5_000_000n, 2],
      [undefined, 2_000_000n, 1],
    ]);
    const [first] = ledger.counters({ now: noon, tenant: 't', limit: 1 });
    expect(first).toEqual(all[0]);
    expect(ledger.counters({ now: noon, tenant: 't', after: first, limit: 9 })).toEqual(all.slice(1));
    expect(ledger.counters({ now: noon, tenant: 'other', limit: 9 }).map(({ budget }) => budget)).toEqual([
      'own',
    ]);
    const calls = (tenant: string) =>
      ledger.entries({ tenant, budget: 'daily', limit: 9 }).map(({ call }) => call);
    expect([calls('t'), calls('other')]).toEqual([['c4', 'c1', 'c1'], ['c2']]);
  });

  test('a page of either list goes by an index: whoever asks keeps no call waiting', () => {
    for (const list of [
      (ledger: SqliteLedgerTable) => ledger.counters({ now: noon, tenant: 't', limit: 1 }),
      (ledger: SqliteLedgerTable) => ledger.entries({ tenant: 't', budget: 'daily', limit: 1 }),
    ]) {
      const plans: string[] = [];
      const prepare = (sql: string) => {
        plans.push(JSON.stringify(sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()));
        return sqlite.prepare(sql);
      };
      list(new SqliteLedgerTable({ prepare } as Sqlite));
      expect(plans.join()).toMatch(/counter_of_tenant|ledger USING PRIMARY KEY/);
      expect(plans.join()).not.toMatch(/SCAN (counter|ledger|record)\b/);
    }
  });

  test('keeps no counters of stretches that ended long ago', () => {
    write('c1', 'call.decided', [{ ...line, until: '2026-11-19T00:00:00.000Z', reserve: '1' }]);
    write('c2', 'call.decided', [{ ...line, reserve: '1' }]);
    expect(sqlite.prepare('SELECT until FROM counter').all()).toEqual([{ until: day }]);
  });

  test('is filled beside the record: a trigger would have SQLite copy each page before each insert', () => {
    const sql =
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'record' AND sql LIKE '%INSERT ON%'";
    expect(sqlite.prepare(sql).all()).toEqual([]);
  });

  test('counts an entry once that comes in again', () => {
    write('c1', 'call.decided', [{ ...line, reserve: '2' }]);
    write('c1', 'call.decided', [{ ...line, id: 'other', reserve: '2' }]);
    expect(new SqliteLedgerTable(sqlite).balances(noon).map(({ budget }) => budget)).toEqual(['daily']);
  });

  test('takes over what was in it before it was ordered by budget', () => {
    const old = openSqlite(join(folder, 'old.db'));
    const at = migrations.findIndex((sql) => sql.includes('DROP TRIGGER record_is_charged'));
    for (const sql of migrations.slice(0, at)) old.exec(sql);
    const mark = old.prepare('INSERT INTO migration (version, at) VALUES (?, 0)');
    for (let version = 1; version <= at; version += 1) mark.run(version);
    old.exec(`INSERT INTO ledger VALUES ('c1', 'daily', 'EUR', 's', '${day}', 7000000, 3000000)`);
    old.exec(
      `INSERT INTO record (entry, at, type, call, rec) VALUES ('c1', 0, 'call.decided', 'c1', '{"tenant":"t"}')`,
    );
    migrate(old, 0);
    const ledger = new SqliteLedgerTable(old);
    const [balance] = ledger.balances(noon);
    expect(balance).toMatchObject({ budget: 'daily', scope: 's', usedMicros: 3_000_000n });
    expect(ledger.counters({ now: noon, tenant: 't', limit: 9 })).toMatchObject([{ scope: 's', calls: 1 }]);
    expect(ledger.entries({ tenant: 't', budget: 'daily', limit: 9 })).toMatchObject([{ call: 'c1' }]);
    old.close();
  });

  test('holds nothing of records without a budget', () => {
    write('c1', 'call.decided', []);
    expect(new SqliteLedgerTable(sqlite).balances(noon)).toEqual([]);
  });
});
