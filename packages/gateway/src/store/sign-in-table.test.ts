import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SignIn } from '../model/sign-in.js';
import { migrate } from './migrate.js';
import { SqliteSignInTable } from './sign-in-table.js';
import { openSqlite, type Sqlite } from './sqlite.js';

let folder = '';
let sqlite: Sqlite;
let table: SqliteSignInTable;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sign-ins-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  table = new SqliteSignInTable(sqlite);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

function signIn(id: string, { tenant = 'default', who = 'ann', ...more } = {}): SignIn {
  const principal = {
    id: who,
    credential: `person:${id}`,
    tenant,
    roles: ['approver' as const],
    labels: { groups: 'a,b' },
  };
  return { id, principal, issuer: 'https://idp.example', createdAt: 0, expiresAt: 1000, ...more };
}

test('gives back what was kept', () => {
  const one = { ...signIn('1'), terms: 'sha256:x' };
  const proven = { ...signIn('2'), proof: { hold: 'hold_1', until: 500 } };
  const { issuer: _, ...byKey } = signIn('3');
  for (const each of [one, proven, byKey]) table.add(each);
  expect([table.find('1'), table.find('2'), table.find('3')]).toEqual([one, proven, byKey]);
  expect(table.find('4')).toBeUndefined();
});

test('lists what still counts, of one tenant, newest first and in pages', () => {
  for (const each of [
    signIn('1'),
    signIn('2', { who: 'bob' }),
    signIn('3', { tenant: 'acme' }),
    { ...signIn('4'), expiresAt: 10 },
    signIn('5'),
  ])
    table.add(each);
  const ids = (more: object = {}) =>
    table.list({ tenant: 'default', limit: 10, now: 10, ...more }).map(({ id }) => id);
  expect(ids()).toEqual(['5', '2', '1']);
  expect(ids({ limit: 2 })).toEqual(['5', '2']);
  expect(ids({ before: '2' })).toEqual(['1']);
  expect(ids({ principal: 'bob' })).toEqual(['2']);
  expect(ids({ tenant: 'acme' })).toEqual(['3']);
});

test('forgets those whose time is over with the next one', () => {
  table.add({ ...signIn('1'), expiresAt: 10 });
  table.add({ ...signIn('2'), createdAt: 10 });
  expect([table.find('1'), table.find('2')?.id]).toEqual([undefined, '2']);
});

test('ends those of one person of one tenant', () => {
  for (const each of [signIn('1'), signIn('2'), signIn('3', { who: 'bob' }), signIn('4', { tenant: 'acme' })])
    table.add(each);
  expect(table.removeOf('default', 'ann').toSorted()).toEqual(['1', '2']);
  expect([table.find('1'), table.find('3')?.id, table.find('4')?.id]).toEqual([undefined, '3', '4']);
  expect([table.remove('3'), table.remove('3')]).toEqual([true, false]);
});

test('a proof is good for its hold, until its end, once', () => {
  table.add({ ...signIn('1'), proof: { hold: 'hold_1', until: 500 } });
  expect(table.takeProof('1', 'hold_2', 0)).toBe(false);
  expect(table.takeProof('2', 'hold_1', 0)).toBe(false);
  expect(table.takeProof('1', 'hold_1', 500)).toBe(false);
  expect([table.takeProof('1', 'hold_1', 499), table.takeProof('1', 'hold_1', 0)]).toEqual([true, false]);
});
