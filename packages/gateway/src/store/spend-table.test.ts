import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditRecord } from '../model/record.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations.js';
import { lineOf, readRecord } from './record-row.js';
import { RecordWriter } from './record-writer.js';
import { SqliteSpendTable } from './spend-table.js';
import { openSqlite, type Sqlite } from './sqlite.js';

let folder = '';
let sqlite: Sqlite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-spend-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = '2026-11-20T11:00:00.000Z';
const usd = { id: 'daily', unit: 'USD', scope: '' };

function write(call: string, type: string, members: object): void {
  const common = {
    v: 1,
    at,
    writer: 'w',
    log: 'l',
    tenant: 't',
    caller: { id: 'ann' },
    tool: { name: 'look' },
  };
  const record = { ...common, type, call, ...members };
  const line = lineOf({ id: `${call}${type}`, call, record: record as unknown as AuditRecord });
  new RecordWriter(sqlite).insert(readRecord(line));
}

const decided = (call: string, members: object) =>
  write(call, 'call.decided', { effect: 'allow', ...members });
const ended = (call: string, members: object) => write(call, 'call.outcome', members);
const spent = (filter: object = {}) => new SqliteSpendTable(sqlite).byTool({ tenant: 't', ...filter });

test('a call costs the most that a budget in dollars or its price says, and what it ended with counts', () => {
  decided('both', {
    price: '1',
    budget: [
      { ...usd, reserve: '3' },
      { ...usd, id: 'eur', unit: 'EUR', reserve: '9' },
    ],
  });
  decided('priced', { price: '0.5' });
  decided('back', { price: '7' });
  ended('back', { price: '0' });
  decided('euro', { budget: [{ ...usd, unit: 'EUR', reserve: '9' }] });
  write('refused', 'call.decided', { effect: 'deny', price: '4' });
  expect(spent()).toEqual([{ tool: 'look', calls: 2, micros: 3_500_000n }]);
  ended('both', { price: '1', budget: [{ ...usd, spent: '0.2' }] });
  expect(spent()).toEqual([{ tool: 'look', calls: 2, micros: 1_500_000n }]);
});

test('an outcome that comes in before its decision counts the same, at the time of the decision', () => {
  ended('c1', { at: '2026-11-20T12:00:00.000Z', price: '2' });
  decided('c1', { price: '5' });
  const micros = 2_000_000n;
  expect(spent({ until: Date.parse(at) + 1 })).toEqual([{ tool: 'look', calls: 1, micros }]);
  expect(spent({ since: Date.parse(at) + 1 })).toEqual([]);
});

test('payments count, and everything is found by tenant, session, agent and time alone', () => {
  const session = { id: 's1', agent: 'bot' };
  write('p1', 'payment.authorized', {
    session,
    amount_usd: '5.5',
    budget: [{ ...usd, reserve: '5.5', spent: '5.5' }],
  });
  decided('c1', { price: '1' });
  decided('c2', { price: '1', tenant: 'other' });
  const paid = { tool: 'sallyport.payments', calls: 1, micros: 5_500_000n };
  expect(spent().map(({ tool }) => tool)).toEqual(['sallyport.payments', 'look']);
  for (const filter of [{ session: 's1' }, { agent: 'bot' }]) expect(spent(filter)).toEqual([paid]);
  expect(spent({ agent: 'ann' })).toEqual([{ tool: 'look', calls: 1, micros: 1_000_000n }]);
  const plan = sqlite
    .prepare("EXPLAIN QUERY PLAN SELECT tool FROM spend WHERE tenant = 't' AND at >= 1")
    .all();
  expect(JSON.stringify(plan)).toContain('spend_of_tenant');
});

test('what was spent before is taken over', () => {
  const old = openSqlite(join(folder, 'old.db'));
  const version = migrations.findIndex((sql) => sql.includes('CREATE TABLE spend'));
  for (const sql of migrations.slice(0, version)) old.exec(sql);
  const mark = old.prepare('INSERT INTO migration (version, at) VALUES (?, 0)');
  for (let one = 1; one <= version; one += 1) mark.run(one);
  const keep = old.prepare(
    'INSERT INTO record (entry, at, type, call, caller, tool, effect, rec) VALUES (?, 0, ?, ?, ?, ?, ?, ?)',
  );
  const session = { id: 's1', agent: 'bot' };
  keep.run('1', 'call.decided', 'c1', 'ann', 'look', 'allow', JSON.stringify({ tenant: 't', session }));
  keep.run(
    '2',
    'payment.authorized',
    'p1',
    'ann',
    null,
    null,
    JSON.stringify({ tenant: 't', amount_usd: '2.05' }),
  );
  old.exec(
    "INSERT INTO ledger VALUES ('a', 'c1', 'USD', '', NULL, 9, 3), ('b', 'c1', 'USD', '', NULL, 9, 4)",
  );
  old.exec("INSERT INTO ledger VALUES ('b', 'p1', 'USD', '', NULL, 7, 7)");
  migrate(old, 0);
  const table = new SqliteSpendTable(old);
  expect(table.byTool({ tenant: 't' })).toEqual([
    { tool: 'sallyport.payments', calls: 1, micros: 2_050_000n },
    { tool: 'look', calls: 1, micros: 4n },
  ]);
  expect(table.byTool({ tenant: 't', session: 's1', agent: 'bot' })).toHaveLength(1);
  old.close();
});
