import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.js';
import type { KeyRow } from './key-table.js';
import { openStore, type Store } from './open-store.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let directory: string;
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
  store = await openStore({
    directory,
    durability: 'process',
    clock: systemClock,
    log: silent,
    writer: false,
  });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function row(id: string, more: Partial<KeyRow> = {}): KeyRow {
  const hash = new Uint8Array(32).fill(5);
  return {
    id,
    principal: 'agent-a',
    tenant: 'default',
    roles: ['agent', 'auditor'],
    labels: { team: 'x' },
    hash,
    createdAt: 1,
    ...more,
  };
}

describe('the table of keys', () => {
  it('gives back what was put in', async () => {
    const full = row('aaaaaaaa', { expiresAt: 9, lastUsedAt: 3 });
    await store.keys.insert(full);
    await store.keys.insert(row('bbbbbbbb', { rotatedFrom: 'aaaaaaaa', createdAt: 2 }));
    expect(store.keys.find('aaaaaaaa')).toEqual(full);
    expect((await store.keys.list()).map(({ id }) => id)).toEqual(['aaaaaaaa', 'bbbbbbbb']);
  });

  it.each(['%', 'AAAAAAAA', '________', "' OR 1=1 --"])('finds no key under %s', async (id) => {
    await store.keys.insert(row('aaaaaaaa'));
    expect(store.keys.find(id)).toBeUndefined();
  });

  it('revokes a key once and remembers when', async () => {
    await store.keys.insert(row('aaaaaaaa'));
    expect(await store.keys.revoke('aaaaaaaa', 7)).toBe(true);
    expect(await store.keys.revoke('aaaaaaaa', 8)).toBe(false);
    expect(await store.keys.revoke('cccccccc', 8)).toBe(false);
    expect(store.keys.find('aaaaaaaa')?.revokedAt).toBe(7);
  });

  it('replaces a key in one step or not at all', async () => {
    await store.keys.insert(row('aaaaaaaa'));
    await expect(store.keys.replace({ id: 'aaaaaaaa', endsAt: 5 }, row('aaaaaaaa'))).rejects.toThrow();
    expect(store.keys.find('aaaaaaaa')?.expiresAt).toBeUndefined();
    await store.keys.replace({ id: 'aaaaaaaa', endsAt: 5 }, row('bbbbbbbb', { rotatedFrom: 'aaaaaaaa' }));
    expect(store.keys.find('aaaaaaaa')?.expiresAt).toBe(5);
    expect(store.keys.find('bbbbbbbb')?.rotatedFrom).toBe('aaaaaaaa');
  });

  it('remembers the latest use', async () => {
    await store.keys.insert(row('aaaaaaaa'));
    await store.keys.touch('aaaaaaaa', 10);
    await store.keys.touch('aaaaaaaa', 5);
    expect(store.keys.find('aaaaaaaa')?.lastUsedAt).toBe(10);
  });
});
