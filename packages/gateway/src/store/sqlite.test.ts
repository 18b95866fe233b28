import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.js';
import { openStore } from './open-store.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const opened = (writer: boolean) =>
  openStore({ directory, durability: 'process', clock: systemClock, log: silent, writer });

describe('a database file', () => {
  it.each([true, false])('is named when it is no database (writer: %s)', async (writer) => {
    const file = join(directory, 'sallyport.db');
    writeFileSync(file, 'This is a letter to a friend, and a long one, so it is no database at all.');
    await expect(opened(writer)).rejects.toThrow(`${file}: file is not a database; expected a database`);
  });

  // Windows has no modes, and there the test shows only that reading works.
  it('can be read where nothing can be written, and nothing is', async () => {
    await (await opened(true)).close();
    const before = readdirSync(directory);
    for (const name of before) chmodSync(join(directory, name), name === 'sallyport.db' ? 0o400 : 0o500);
    chmodSync(directory, 0o500);
    // Modes do not bind root, so for a moment we are somebody else.
    if (isRoot) {
      for (const name of ['.', ...before]) chownSync(join(directory, name), nobody, nobody);
      process.seteuid?.(nobody);
    }
    try {
      const reader = await opened(false);
      expect(await reader.records.query({ limit: 10, order: 'asc' })).toEqual([]);
      await reader.close();
      expect(readdirSync(directory)).toEqual(before);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(directory, 0o700);
    }
  });
});
