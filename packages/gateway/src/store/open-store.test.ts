import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.js';
import type { JournalEntry } from '../model/record.js';
import { openStore, type Store } from './open-store.js';
import { openSqlite } from './sqlite.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const built = fileURLToPath(new URL('../../dist/', import.meta.url));
let directory: string;
const open: Store[] = [];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'sallyport-store-')), 'data');
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(join(directory, '..'), { recursive: true });
});

async function opened(more: Partial<Parameters<typeof openStore>[0]> = {}): Promise<Store> {
  const store = await openStore({
    directory,
    durability: 'process',
    clock: systemClock,
    log: silent,
    ...more,
  });
  open.push(store);
  return store;
}

function entry(id: string, more: object = {}): JournalEntry {
  const record = {
    v: 1,
    type: 'call.decided',
    at: '2026-11-20T00:00:00.000Z',
    writer: 'w',
    log: 'l',
    tenant: 't',
  } as const;
  return {
    id,
    call: `call-${id}`,
    record: { ...record, ...more },
    payloads: [{ part: 'args', text: `{"id":"${id}"}` }],
  };
}

async function idsIn(store: Store): Promise<string[]> {
  const ids: string[] = [];
  for (let after: number | undefined; ; ) {
    const page = await store.records.query({
      limit: 1000,
      order: 'asc',
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...page.map((row) => row.entry));
    after = page.at(-1)?.id;
    if (after === undefined) return ids;
  }
}

/** A program that commits entries named after it and prints each id once it is acknowledged. */
const committer = (prefix: string, count: string) => `
  import { openStore } from '${built}store/open-store.js';
  import { systemClock } from '${built}lib/clock.js';
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const store = await openStore({ directory: ${JSON.stringify(directory)}, durability: 'process', clock: systemClock, log });
  const record = { v: 1, type: 'call.decided', at: '2026-11-20T00:00:00.000Z', writer: 'w', log: 'l', tenant: 't' };
  let next = 0;
  const work = async () => {
    while (next < ${count}) {
      const id = '${prefix}' + next++;
      await store.journal.commit({ id, record, payloads: [{ part: 'args', text: '{"note":"' + 'x'.repeat(300) + '"}' }] });
      process.stdout.write(id + '\\n');
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  await store.close();
`;

function start(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return { child, ended: once(child, 'close'), acknowledged: () => text.split('\n').slice(0, -1) };
}

describe('the store', () => {
  it('gives back what was committed, with its content, and keeps it when opened again', async () => {
    const store = await opened();
    await store.journal.commit(entry('a'));
    await store.journal.drained();
    const [row] = await store.records.query({ limit: 10, order: 'desc' });
    expect(row).toMatchObject({
      entry: 'a',
      record: { type: 'call.decided', args: { n: 10 } },
      payloads: { args: '{"id":"a"}' },
    });
    await store.close();
    open.pop();
    expect(readdirSync(join(directory, 'journal'))).toEqual([]);
    expect(await idsIn(await opened())).toEqual(['a']);
  });

  it('leaves one record when the same entry is committed twice', async () => {
    const store = await opened();
    await Promise.all([store.journal.commit(entry('a')), store.journal.commit(entry('a'))]);
    await store.journal.commit(entry('a'));
    await store.journal.drained();
    expect(await idsIn(store)).toEqual(['a']);
  });

  it('finds records by each filter, a page at a time in both directions', async () => {
    const store = await opened();
    const tool = { name: 'write', upstream: 'files', exposed: 'files__write' };
    await store.journal.commit(
      entry('a', { caller: { id: 'agent-a', cred: 'key:1' }, tool, effect: 'deny', policy: { rule: 'r1' } }),
    );
    await store.journal.commit(entry('b', { type: 'auth.failed', at: '2026-11-20T00:00:01.000Z' }));
    await store.journal.commit(
      entry('c', { type: 'upstream.down', upstream: 'files', at: '2026-11-20T00:00:02.000Z' }),
    );
    await store.journal.drained();
    const found = async (filter: object) =>
      (await store.records.query({ limit: 10, order: 'asc', ...filter })).map((row) => row.entry);
    const second = Date.parse('2026-11-20T00:00:01.000Z');
    expect(await found({ caller: 'agent-a', tool: 'files__write', effect: 'deny', rule: 'r1' })).toEqual([
      'a',
    ]);
    expect(await found({ call: 'call-b' })).toEqual(['b']);
    expect(await found({ upstream: 'files' })).toEqual(['a', 'c']);
    expect(await found({ upstream: 'files', effect: 'allow' })).toEqual([]);
    expect(await found({ type: ['auth.failed', 'upstream.down'] })).toEqual(['b', 'c']);
    expect(await found({ since: second, until: second + 1 })).toEqual(['b']);
    expect(await found({ limit: 2, order: 'desc' })).toEqual(['c', 'b']);
    const [, b] = await store.records.query({ limit: 2, order: 'desc' });
    expect(await found({ order: 'desc', after: b?.id })).toEqual(['a']);
  });

  it('is readable by its owner only', async () => {
    const store = await opened();
    store.secretFile('pepper', 32);
    await store.journal.commit(entry('a'));
    await store.journal.drained();
    const modeOf = (path: string) => statSync(join(directory, path)).mode & 0o777;
    expect([modeOf('.'), modeOf('journal')]).toEqual([0o700, 0o700]);
    const files = readdirSync(directory, { recursive: true })
      .map(String)
      .filter((path) => path !== 'journal');
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(files.map((path) => [path, modeOf(path)])).toEqual(files.map((path) => [path, 0o600]));
  });

  it('closes its own folder to others, but not one that holds other things', async () => {
    mkdirSync(directory, { mode: 0o755 });
    await opened({ writer: false });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const shared = join(directory, '..', 'shared');
    mkdirSync(shared, { mode: 0o755 });
    writeFileSync(join(shared, 'notes.txt'), '');
    await opened({ directory: shared, writer: false });
    expect(statSync(shared).mode & 0o777).toBe(0o755);
    expect(statSync(join(shared, 'sallyport.db')).mode & 0o777).toBe(0o600);
  });

  it('keeps a secret file as it was made, and refuses one that others can read', async () => {
    const store = await opened({ writer: false });
    const secret = store.secretFile('pepper', 32);
    expect(secret).toHaveLength(32);
    expect(store.secretFile('pepper', 32)).toEqual(secret);
    expect(() => store.secretFile('pepper', 16)).toThrow('holds 32 bytes, expected 16');
    chmodSync(join(directory, 'pepper'), 0o644);
    expect(() => store.secretFile('pepper', 32)).toThrow(/mode 644.*chmod 600/);
    expect(existsSync(join(directory, 'pepper'))).toBe(true);
  });

  it('lets a reader see what a writer wrote, and takes no entries from the reader', async () => {
    const writer = await opened();
    await writer.journal.commit(entry('a'));
    await writer.journal.drained();
    const reader = await opened({ writer: false });
    expect(await idsIn(reader)).toEqual(['a']);
    await expect(reader.journal.commit(entry('b'))).rejects.toThrow('without a journal');
  });

  it('refuses a database that a newer version has written', async () => {
    await opened({ writer: false });
    const sqlite = openSqlite(join(directory, 'sallyport.db'));
    sqlite.exec('INSERT INTO migration VALUES (999, 0)');
    sqlite.close();
    await expect(opened()).rejects.toThrow('use the newer version');
  });

  it('keeps records in the journal while the database cannot be written, and brings them in afterwards', async () => {
    const store = await opened();
    const sqlite = openSqlite(join(directory, 'sallyport.db'));
    sqlite.exec(
      "CREATE TRIGGER fault BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    await store.journal.commit(entry('a'));
    await store.close();
    open.pop();
    expect(readdirSync(join(directory, 'journal'))).toHaveLength(1);
    sqlite.exec('DROP TRIGGER fault');
    sqlite.close();
    expect(await idsIn(await opened())).toEqual(['a']);
    expect(readdirSync(join(directory, 'journal'))).toHaveLength(1);
  });

  it('tells how much the database lacks and why, until it has everything', async () => {
    const store = await opened();
    const sqlite = openSqlite(join(directory, 'sallyport.db'));
    sqlite.exec(
      "CREATE TRIGGER fault BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    await store.journal.commit(entry('a'));
    expect(store.journal.lag().bytes).toBeGreaterThan(0);
    await expect.poll(() => store.journal.lag().fault).toContain('disk is full');
    expect(store.journal.health()).toEqual({ ok: true });
    sqlite.exec('DROP TRIGGER fault');
    sqlite.close();
    await store.journal.drained();
    expect(store.journal.lag()).toEqual({ bytes: 0 });
    expect(await idsIn(store)).toEqual(['a']);
  });

  it('brings entries into the database without being asked', async () => {
    const store = await opened();
    await store.journal.commit(entry('a'));
    await store.journal.commit(entry('b'));
    await expect.poll(() => idsIn(store)).toEqual(['a', 'b']);
    await expect.poll(() => store.journal.lag()).toEqual({ bytes: 0 });
  });

  it('brings everything in at once when somebody waits, also while more comes', async () => {
    const clock = { now: () => 0, after: () => () => undefined };
    const store = await opened({ clock });
    for (let round = 0; round < 20; round += 1) {
      await store.journal.commit(entry(`a${round}`));
      const drained = store.journal.drained();
      const more = store.journal.commit(entry(`b${round}`));
      await drained;
      expect(await idsIn(store)).toContain(`a${round}`);
      await more;
    }
  });

  it('has every acknowledged entry after kill -9 at any moment', { timeout: 60_000 }, async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { child, ended, acknowledged: seen } = start(committer(`round${round}-`, 'Infinity'));
      await once(child.stdout, 'data');
      const enough = 1 + round * 97;
      while (seen().length < enough) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await ended;
      acknowledged.push(...seen());
    }
    const kept = new Set(await idsIn(await opened()));
    expect(acknowledged.length).toBeGreaterThan(1000);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });

  it('is shared by several processes that open and write it at once', { timeout: 60_000 }, async () => {
    const programs = ['p', 'q', 'r'].map((prefix) => start(committer(prefix, '300')));
    const store = await opened();
    for (let index = 0; index < 300; index += 1) await store.journal.commit(entry(`own${index}`));
    const exits = await Promise.all(programs.map(({ ended }) => ended));
    expect(exits.map(([code]) => code as number)).toEqual([0, 0, 0]);
    await store.journal.drained();
    const ids = await idsIn(store);
    expect(ids).toHaveLength(1200);
    expect(new Set(ids).size).toBe(1200);
  });
});
