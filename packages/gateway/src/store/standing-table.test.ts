import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StandingApproval } from '../model/standing-approval.js';
import { migrate } from './migrate.js';
import { openSqlite, type Sqlite } from './sqlite.js';
import { SqliteStandingTable } from './standing-table.js';

let folder = '';
let sqlite: Sqlite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-standing-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

function standing(id: string, more: Partial<StandingApproval> = {}): StandingApproval {
  return {
    id,
    tenant: 'default',
    caller: 'agent-a',
    upstream: 'pay',
    method: 'tools/call',
    target: 'transfer',
    scope: 's',
    policyRevision: 'p',
    hold: 'hold_1',
    values: {},
    by: 'olga',
    createdAt: 0,
    until: 1000,
    calls: 3,
    callsLeft: 3,
    ...more,
  };
}

test('what ended long ago is forgotten, some at a time, and what can still be used is not', () => {
  const table = new SqliteStandingTable(sqlite);
  for (const [id, until] of [
    ['a', 100],
    ['b', 200],
    ['c', 1000],
  ] as const)
    table.add(standing(id, { until }), 10);
  const left = () => table.list('default', 10).map(({ id }) => id);
  table.purge(1000, 1);
  expect(left()).toEqual(['c', 'b']);
  table.purge(1000, 10);
  expect(left()).toEqual(['c']);
  expect(table.use('c', 500)).toBe(true);
});
