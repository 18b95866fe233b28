import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../lib/clock.js';
import type { JournalEntry } from '../model/record.js';
import { FileJournal, journalLimits } from './file-journal.js';
import { openStore, type Store } from './open-store.js';
import { type Disk, realDisk } from './segment-file.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const owner = { host: 'here', pid: 1, started: '2', mark: '0a0a0a0a' };
let base: string;
let folder: string;
let directory: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sallyport-removed-'));
  folder = join(base, 'journal');
  directory = join(base, 'data');
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(base, { recursive: true });
});

function entry(id: string, note = 'x'): JournalEntry {
  const record = {
    v: 1,
    type: 'call.decided',
    at: '2026-11-20T00:00:00.000Z',
    writer: 'w',
    log: 'l',
    tenant: 't',
  } as const;
  return { id, record: { ...record, note } };
}

/** A journal whose time goes on by hand: `elapse` runs what was planned next. */
async function openJournal(disk: Partial<Disk> = {}) {
  let now = 0;
  const planned: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    after(_, run) {
      planned.push(run);
      return () => planned.splice(planned.indexOf(run), 1);
    },
  };
  const sealed: string[] = [];
  const feed = {
    backlogBytes: 0,
    fault: undefined as string | undefined,
    grew() {},
    seal: (name: string) => void sealed.push(name),
    drained: () => Promise.resolve(),
  };
  const journal = await FileJournal.open({
    folder,
    owner,
    durability: 'process',
    clock,
    log: silent,
    feed,
    limits: journalLimits,
    callsUnderWay: () => 2,
    disk: { ...realDisk, ...disk },
  });
  open.push(journal);
  const elapse = async () => {
    planned.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const advance = (ms: number) => {
    now += ms;
  };
  return { journal, feed, sealed, elapse, advance };
}

function idsOnDisk(): string[] {
  const lines = readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line.trim() !== '').map((line) => (JSON.parse(line) as JournalEntry).id);
}

async function openedStore(): Promise<Store> {
  const store = await openStore({ directory, durability: 'process', clock: systemClock, log: silent });
  open.push(store);
  return store;
}

async function idsIn(store: Store): Promise<string[]> {
  return (await store.records.query({ limit: 1000, order: 'asc' })).map((row) => row.entry);
}

describe('a journal whose files are removed under it', () => {
  it.each([
    ['its segment', (name: string) => rmSync(join(folder, name))],
    ['its folder', () => rmSync(folder, { recursive: true })],
    [
      'its segment for another file',
      (name: string) => {
        rmSync(join(folder, name));
        writeFileSync(join(folder, name), '');
      },
    ],
  ])(
    'takes nothing when somebody removed %s, and recovers with all records in a fresh one',
    async (_, remove) => {
      const { journal, elapse, advance, sealed } = await openJournal();
      await journal.commit(entry('a', 'é'.repeat(50_000)));
      await journal.commit(entry('b'));
      const [first = ''] = readdirSync(folder);
      remove(first);
      advance(1000);
      await expect(journal.commit(entry('c'))).rejects.toThrow('was removed');
      expect(journal.health().ok).toBe(false);
      expect(sealed).toEqual([first]);
      await elapse();
      expect(journal.health()).toEqual({ ok: true });
      await journal.commit(entry('d'));
      expect(idsOnDisk()).toEqual(['a', 'b', 'd']);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    },
  );

  it('saves the records of a removed segment also when the disk is full for a while', async () => {
    let full = false;
    const write: Disk['write'] = (fd, bytes, length) =>
      full && length > 20_000 ? writeSync(fd, bytes, 0, 20) : writeSync(fd, bytes, 0, length);
    const { journal, elapse, advance } = await openJournal({ write });
    await journal.commit(entry('a', 'x'.repeat(20_000)));
    rmSync(folder, { recursive: true });
    advance(1000);
    full = true;
    expect(journal.health().ok).toBe(false);
    await elapse();
    expect(journal.health().ok).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    full = false;
    await elapse();
    expect(journal.health()).toEqual({ ok: true });
    expect(idsOnDisk()).toEqual(['a']);
  });

  it('looks for its segment at once when the worker has a complaint', async () => {
    const { journal, feed } = await openJournal();
    rmSync(folder, { recursive: true });
    expect(journal.health().ok).toBe(true);
    feed.fault = 'ENOENT';
    expect(journal.health()).toMatchObject({ ok: false, reason: expect.stringContaining('was removed') });
  });
});

describe('a store whose files are removed under it', () => {
  it('goes on in a new data directory when somebody removed the old one', async () => {
    const store = await openedStore();
    await store.journal.commit(entry('before'));
    await store.journal.drained();
    rmSync(directory, { recursive: true });
    await expect
      .poll(() => store.journal.commit(entry('between')).then(Boolean, () => 'refused'), { timeout: 5000 })
      .toBe('refused');
    expect(store.journal.health().ok).toBe(false);
    await expect.poll(() => store.journal.health().ok, { timeout: 5000 }).toBe(true);
    await store.journal.commit(entry('after'));
    await store.journal.drained();
    expect(await idsIn(store)).toEqual(expect.arrayContaining(['before', 'after']));
    expect(await store.keys.list()).toEqual([]);
    const modes = ['.', 'journal'].map((path) => statSync(join(directory, path)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700]);
  });

  it('opens the database anew when only its file was replaced, and loses nothing of the journal', async () => {
    const store = await openedStore();
    await store.journal.commit(entry('a'));
    await store.journal.drained();
    for (const side of ['', '-wal', '-shm']) rmSync(join(directory, `sallyport.db${side}`));
    await store.journal.commit(entry('b'));
    await expect.poll(() => idsIn(store)).toEqual(['a', 'b']);
    expect(store.journal.health()).toEqual({ ok: true });
  });

  it('saves at the end what a removed segment held and nobody had noticed', async () => {
    const store = await openStore({ directory, durability: 'process', clock: systemClock, log: silent });
    await store.journal.commit(entry('one'));
    await store.journal.drained();
    await store.journal.commit(entry('two'));
    const journal = join(directory, 'journal');
    for (const name of readdirSync(journal)) rmSync(join(journal, name));
    await store.close();
    expect(await idsIn(await openedStore())).toEqual(['one', 'two']);
  });
});
