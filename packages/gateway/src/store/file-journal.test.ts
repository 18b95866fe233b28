import { mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.js';
import type { AuditRecord, JournalEntry, ReadEntry } from '../model/record.js';
import { FileJournal, journalLimits } from './file-journal.js';
import { EntryRefused, JournalUnavailable } from './journal.js';
import { type Disk, realDisk } from './segment-file.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const owner = { host: 'here', pid: 1, started: '2', mark: '0a0a0a0a' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

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

/** Time that stands still; `elapse` runs what was to happen next. */
function stillClock() {
  const planned: { ms: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      const plan = { ms, run };
      planned.push(plan);
      return () => planned.splice(planned.indexOf(plan), 1);
    },
  };
  return {
    clock,
    planned,
    elapse: async () => {
      planned.shift()?.run();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

async function openJournal(
  disk: Partial<Disk> = {},
  more: Partial<Parameters<typeof FileJournal.open>[0]> = {},
) {
  const time = stillClock();
  const sealed: string[] = [];
  const feed = {
    backlogBytes: 0,
    fault: undefined as string | undefined,
    grew() {},
    seal: (name: string) => void sealed.push(name),
    drained: () => Promise.resolve(),
  };
  const journal = await FileJournal.open({
    callsUnderWay: () => 2,
    folder,
    owner,
    durability: 'process',
    clock: time.clock,
    log: silent,
    feed,
    limits: journalLimits,
    ...more,
    disk: { ...realDisk, ...disk },
  });
  return { journal, feed, sealed, ...time };
}

function idsOnDisk(): string[] {
  return recordsOnDisk().map(({ id }) => id);
}

function recordsOnDisk(): ReadEntry[] {
  const lines = readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as ReadEntry);
}

describe('the journal', () => {
  it('acknowledges an entry only when it is in the file', async () => {
    const { journal } = await openJournal();
    await journal.commit(entry('a', 'two\nlines'));
    expect(idsOnDisk()).toEqual(['a']);
  });

  it('writes all entries of one turn at once and in order', async () => {
    let writes = 0;
    const write: Disk['write'] = (fd, bytes, length) => {
      writes += 1;
      return writeSync(fd, bytes, 0, length);
    };
    const { journal } = await openJournal({ write });
    writes = 0;
    await Promise.all(['a', 'b', 'c'].map((id) => journal.commit(entry(id))));
    expect(writes).toBe(1);
    expect(idsOnDisk()).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [
      'a failed write',
      () => {
        throw new Error('ENOSPC: no space left on device');
      },
    ],
    ['a short write', (fd: number, bytes: Uint8Array) => writeSync(fd, bytes, 0, 20)],
  ])('rejects everyone in the group after %s and recovers in a fresh segment', async (_, failing) => {
    let full = false;
    const write: Disk['write'] = (fd, bytes, length) =>
      full ? failing(fd, bytes) : writeSync(fd, bytes, 0, length);
    const { journal, planned, elapse, sealed } = await openJournal({ write });
    await journal.commit(entry('before'));

    full = true;
    const fates = await Promise.allSettled([journal.commit(entry('a')), journal.commit(entry('b'))]);
    expect(fates.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(journal.health()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('cannot be written'),
    });
    await expect(journal.commit(entry('c'))).rejects.toThrow(JournalUnavailable);
    expect(sealed).toHaveLength(1);

    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      waits.push(planned[0]?.ms ?? 0);
      await elapse();
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
    expect(readdirSync(folder), 'a failed probe leaves no file').toHaveLength(1);

    full = false;
    await elapse();
    expect(journal.health()).toEqual({ ok: true });
    await journal.commit(entry('after'));
    const [torn = '', fresh = ''] = readdirSync(folder).sort();
    expect(readFileSync(join(folder, torn), 'utf8')).not.toContain('after');
    expect(readFileSync(join(folder, fresh), 'utf8')).toContain('after');
  });

  it('waits for a sync with durability "power", and entries that came meanwhile share the next', async () => {
    const syncs: (() => void)[] = [];
    const sync = () => new Promise<void>((resolve) => void syncs.push(resolve));
    const opening = openJournal({ sync }, { durability: 'power' });
    await new Promise((resolve) => setImmediate(resolve));
    syncs.shift()?.();
    const { journal } = await opening;

    let first = false;
    const one = journal.commit(entry('a')).then(() => {
      first = true;
    });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(first).toBe(false);
    const rest: Promise<void>[] = [];
    for (const id of ['b', 'c']) {
      rest.push(journal.commit(entry(id)));
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
    expect(syncs).toHaveLength(1);
    syncs.shift()?.();
    await one;
    await new Promise((resolve) => setImmediate(resolve));
    expect(syncs).toHaveLength(1);
    syncs.shift()?.();
    await Promise.all(rest);
  });

  it('takes nothing for durable on a segment whose sync failed once', async () => {
    let failing = false;
    const sync: Disk['sync'] = (fd) => (failing ? Promise.reject(new Error('EIO')) : realDisk.sync(fd));
    const { journal, elapse } = await openJournal({ sync }, { durability: 'power' });
    failing = true;
    await expect(journal.commit(entry('a'))).rejects.toThrow('EIO');
    expect(journal.health().ok).toBe(false);
    failing = false;
    await elapse();
    await expect.poll(() => journal.health().ok).toBe(true);
    await journal.commit(entry('b'));
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('refuses an entry that cannot be written, and only that one', async () => {
    const { journal } = await openJournal({}, { limits: { ...journalLimits, entryBytes: 1000 } });
    const record: Record<string, unknown> = {};
    record.self = record;
    const endless = { id: 'a', record: record as AuditRecord };
    const fates = await Promise.allSettled([
      journal.commit(endless),
      journal.commit(entry('b', 'y'.repeat(1000))),
      journal.commit(entry('c')),
    ]);
    expect(fates.map((fate) => fate.status === 'rejected' && fate.reason instanceof EntryRefused)).toEqual([
      true,
      true,
      false,
    ]);
    expect(idsOnDisk()).toEqual(['c']);
  });

  it('refuses an entry with more content than a record has room for', async () => {
    const { journal } = await openJournal();
    const payload = { part: 'args', text: '1' } as const;
    const fate = journal.commit({ ...entry('a'), payloads: [payload, payload] });
    await expect(fate).rejects.toThrow(EntryRefused);
    expect(idsOnDisk()).toEqual([]);
  });

  it('writes entries of any length and letters whole, small ones after large ones', async () => {
    const { journal } = await openJournal();
    const notes = ['€'.repeat(50_000), 'x', 'ü'.repeat(32_700), '😀'.repeat(40_000), 'y'.repeat(70_000), 'z'];
    const rounds = [notes.slice(0, 1), notes, notes.slice(3)];
    for (const round of rounds) await Promise.all(round.map((note) => journal.commit(entry('a', note))));
    expect(recordsOnDisk().map(({ record }) => record.note)).toEqual(rounds.flat());
  });

  it('begins another segment when one is full and seals the old', async () => {
    const { journal, sealed } = await openJournal({}, { limits: { ...journalLimits, segmentBytes: 20_000 } });
    for (let index = 0; index < 60; index += 1) await journal.commit(entry(`e${index}`, 'z'.repeat(500)));
    expect(sealed.length).toBeGreaterThan(5);
    expect(idsOnDisk()).toHaveLength(60);
  });

  it('takes no more while the database is too far behind, and goes on when it caught up', async () => {
    const { journal, feed } = await openJournal({}, { limits: { ...journalLimits, backlogBytes: 10 } });
    feed.backlogBytes = 11;
    feed.fault = 'database or disk is full';
    expect(journal.lag()).toEqual({ bytes: 11, fault: 'database or disk is full' });
    expect(journal.health()).toEqual({
      ok: false,
      reason: 'the audit database is behind by 11 bytes: database or disk is full',
    });
    await expect(journal.commit(entry('a'))).rejects.toThrow(JournalUnavailable);
    feed.backlogBytes = 0;
    await journal.commit(entry('b'));
    expect(idsOnDisk()).toEqual(['b']);
  });

  it('finishes what it took before it closes, and takes nothing after', async () => {
    const { journal, sealed } = await openJournal();
    const last = journal.commit(entry('a'));
    await journal.close();
    await last;
    await expect(journal.commit(entry('b'))).rejects.toThrow('closed');
    expect(idsOnDisk()).toEqual(['a']);
    expect(sealed).toHaveLength(1);
  });
});
