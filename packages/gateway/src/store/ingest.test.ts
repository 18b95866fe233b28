import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordPayload } from '../model/record.js';
import { Ingest } from './ingest.js';
import { findLeftSegments } from './left-segments.js';
import { migrate } from './migrate.js';
import { readLines } from './segment-lines.js';
import { claimOwner, segmentName } from './segment-name.js';
import { openSqlite, type Sqlite } from './sqlite.js';

let folder: string;
let sqlite: Sqlite;
let ingest: Ingest;
const finished: [name: string, damagedLines: number][] = [];
const told: string[] = [];
const report = {
  progress() {},
  damaged: (name: string, lines: number) => void told.push(`${name} damaged ${lines}`),
  vanished: (name: string) => void told.push(`${name} vanished`),
  finished: (name: string, damaged: number) => void finished.push([name, damaged]),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ingest-'));
  const database = join(folder, 'sallyport.db');
  sqlite = openSqlite(database);
  migrate(sqlite, 0);
  ingest = new Ingest(database, folder);
  finished.length = 0;
  told.length = 0;
});
afterEach(() => {
  ingest.close();
  sqlite.close();
  rmSync(folder, { recursive: true });
});

function line(id: string, payloads?: RecordPayload[]): string {
  const record = {
    v: 1,
    type: 'call.decided',
    at: '2026-11-20T00:00:00.001Z',
    writer: 'w',
    log: 'l',
    tenant: 't',
    caller: { id: 'agent-a', cred: 'key:1' },
    tool: { name: 'echo', upstream: 'u' },
    effect: 'deny',
    policy: { rev: 'sha256:x', rule: 'r1' },
  };
  return `${JSON.stringify({ id, call: `call-${id}`, record, payloads })}\n`;
}

const entries = () =>
  sqlite
    .prepare('SELECT entry FROM record ORDER BY id')
    .all()
    .map((row) => row.entry);

describe('bringing journals into the database', () => {
  it('brings in each entry once, however often it is read and in however many segments it is', () => {
    writeFileSync(join(folder, 's1'), line('a') + line('b'));
    writeFileSync(join(folder, 's2'), line('b', [{ part: 'args', text: '1' }]) + line('c'));
    for (const name of ['s1', 's1', 's2']) ingest.bringIn({ name, finish: false, own: false }, report);
    sqlite.exec('DELETE FROM segment');
    for (const name of ['s1', 's2']) ingest.bringIn({ name, finish: true, own: false }, report);
    expect(entries()).toEqual(['a', 'b', 'c']);
    expect(sqlite.prepare('SELECT id FROM record WHERE part IS NOT NULL').all()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('s') && !name.includes('.'))).toEqual([]);
    expect(sqlite.prepare('SELECT * FROM segment').all()).toEqual([]);
  });

  it('goes on where it stopped when the segment has grown', () => {
    const path = join(folder, 's1');
    writeFileSync(path, line('a'));
    ingest.bringIn({ name: 's1', finish: false, own: false }, report);
    appendFileSync(path, line('b') + line('c'));
    ingest.bringIn({ name: 's1', upTo: 2 * line('a').length, finish: false, own: false }, report);
    expect(entries()).toEqual(['a', 'b']);
  });

  it('ignores a torn last line', () => {
    writeFileSync(join(folder, 's1'), line('a') + line('b').slice(0, 40));
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    expect(entries()).toEqual(['a']);
    expect(finished).toEqual([['s1', 0]]);
    expect(existsSync(join(folder, 's1'))).toBe(false);
  });

  it('keeps a segment with an unreadable line aside and brings in the others', () => {
    writeFileSync(join(folder, 's1'), `${line('a')}{"id":\0\0\0}\n{"id":"x","record":{}}\n${line('b')}`);
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    expect(entries()).toEqual(['a', 'b']);
    expect(finished).toEqual([['s1', 2]]);
    expect(existsSync(join(folder, 's1.damaged'))).toBe(true);
  });

  it('keeps a segment aside for a damaged line that an earlier pass read, and tells of the line at once', () => {
    const text = `${line('a')}{broken}\n${line('b')}`;
    writeFileSync(join(folder, 's1'), text);
    ingest.bringIn({ name: 's1', upTo: text.length, finish: false, own: true }, report);
    expect(told).toEqual(['s1 damaged 1']);
    ingest.close();
    ingest = new Ingest(join(folder, 'sallyport.db'), folder);
    ingest.bringIn({ name: 's1', finish: true, own: true }, report);
    expect(finished).toEqual([['s1', 1]]);
    expect(readFileSync(join(folder, 's1.damaged'), 'utf8')).toBe(text);
    expect(entries()).toEqual(['a', 'b']);
  });

  it('has forgotten a segment in a transaction of its own before it takes the copy away', () => {
    writeFileSync(join(folder, 's1'), `${line('a')}{broken}\n`);
    mkdirSync(join(folder, 's1.damaged', 'in the way'), { recursive: true });
    expect(() => ingest.bringIn({ name: 's1', finish: true, own: true }, report)).toThrow('s1.damaged');
    expect(sqlite.prepare('SELECT * FROM segment').all()).toEqual([]);
    rmSync(join(folder, 's1.damaged'), { recursive: true });
    ingest.bringIn({ name: 's1', finish: true, own: true }, report);
    expect(entries()).toEqual(['a']);
    expect(finished).toEqual([['s1', 1]]);
  });

  it('takes a segment of others that is gone for finished, but never one of our own', () => {
    ingest.bringIn({ name: 'theirs', finish: true, own: false }, report);
    ingest.bringIn({ name: 'theirs', finish: false, own: false }, report);
    expect(finished).toEqual([
      ['theirs', 0],
      ['theirs', 0],
    ]);
    expect(() => ingest.bringIn({ name: 'ours', upTo: 5, finish: false, own: true }, report)).toThrow(
      'ENOENT',
    );
    ingest.bringIn({ name: 'ours', finish: true, own: true }, report);
    expect(told).toEqual(['ours vanished']);
    expect(finished).toHaveLength(2);
  });

  it('says so when a segment is shorter than what was acknowledged', () => {
    writeFileSync(join(folder, 's1'), line('a'));
    expect(() => ingest.bringIn({ name: 's1', upTo: 5000, finish: false, own: false }, report)).toThrow(
      'expected at least 5000',
    );
  });

  it('commits to what is kept, so that the record can be proven and the content erased', () => {
    writeFileSync(
      join(folder, 's1'),
      line('a', [{ part: 'args', text: '{"z": 1.0,\n "a": 9007199254740993}' }]),
    );
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    const { salt, body } = sqlite.prepare('SELECT salt, body FROM record').get() as {
      salt: Uint8Array;
      body: string;
    };
    const rec = sqlite.prepare('SELECT CAST(rec AS BLOB) AS rec FROM record').get()?.rec as Uint8Array;
    expect(body).toBe('{"z": 1.0,\n "a": 9007199254740993}');
    expect(salt).toHaveLength(32);
    const canonical = '{"a":{"$int":"9007199254740993"},"z":1}';
    const d = createHash('sha256').update(Buffer.of(0x10)).update(salt).update(canonical).digest('base64url');
    expect(Buffer.from(rec).toString()).toBe(
      `{"args":{"d":"${d}","n":${canonical.length}},"at":"2026-11-20T00:00:00.001Z","caller":{"cred":"key:1","id":"agent-a"},` +
        '"effect":"deny","log":"l","policy":{"rev":"sha256:x","rule":"r1"},"tenant":"t","tool":{"name":"echo","upstream":"u"},' +
        '"type":"call.decided","v":1,"writer":"w"}',
    );
  });

  it('keeps the salt of a commitment that was made before', () => {
    const salt = Buffer.alloc(32, 7);
    writeFileSync(join(folder, 's1'), line('a', [{ part: 'result', salt: salt.toString('base64url') }]));
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    const row = sqlite.prepare('SELECT * FROM record').get();
    expect(row).toMatchObject({ entry: 'a', part: 'result', body: null });
    expect(Buffer.from(row?.salt as Uint8Array)).toEqual(salt);
  });

  it('keeps content that is no strict JSON as a string', () => {
    writeFileSync(join(folder, 's1'), line('a', [{ part: 'args', text: '{"a":1,"a":2}' }]));
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    expect(sqlite.prepare('SELECT body FROM record').get()?.body).toBe('"{\\"a\\":1,\\"a\\":2}"');
  });

  it('keeps a line with more content than a record has room for aside', () => {
    const payload: RecordPayload = { part: 'args', text: '1' };
    writeFileSync(join(folder, 's1'), line('a', [payload, payload]) + line('b'));
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    expect(entries()).toEqual(['b']);
    expect(finished).toEqual([['s1', 1]]);
  });

  it('says how far a segment is in the database, also when there is nothing more to bring in', () => {
    const positions: number[] = [];
    const watching = { ...report, progress: (_: string, position: number) => void positions.push(position) };
    writeFileSync(join(folder, 's1'), line('a'));
    ingest.bringIn({ name: 's1', finish: false, own: false }, watching);
    ingest.bringIn({ name: 's1', finish: false, own: false }, watching);
    expect(positions).toEqual([0, line('a').length, line('a').length]);
  });

  it('never changes or deletes a record, but erases its content', () => {
    writeFileSync(join(folder, 's1'), line('a', [{ part: 'args', text: '{"secret":1}' }]));
    ingest.bringIn({ name: 's1', finish: true, own: false }, report);
    const before = sqlite.prepare('SELECT * FROM record').get();
    expect(() => sqlite.exec("UPDATE record SET rec = '{}'")).toThrow('never changed');
    expect(() => sqlite.exec("UPDATE record SET part = 'result'")).toThrow('never changed');
    expect(() => sqlite.exec('DELETE FROM record')).toThrow('never deleted');
    expect(() => sqlite.exec("UPDATE record SET body = '{}'")).toThrow('only erased');
    expect(() => sqlite.exec("UPDATE record SET salt = x'00', body = NULL")).toThrow('only erased');
    expect(sqlite.prepare('SELECT * FROM record').get()).toEqual(before);
    sqlite.exec('UPDATE record SET salt = NULL, body = NULL');
    expect(sqlite.prepare('SELECT * FROM record').get()).toEqual({ ...before, salt: null, body: null });
  });
});

describe('reading lines', () => {
  it('gives every whole line once, whatever its length', () => {
    const path = join(folder, 'lines');
    const text = fc.string({ maxLength: 20 }).map((value) => JSON.stringify(value));
    const long = fc.integer({ min: 200_000, max: 700_000 }).map((length) => '€'.repeat(length / 3));
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 20, arbitrary: text }, { weight: 1, arbitrary: long })),
        text,
        (lines, torn) => {
          writeFileSync(path, lines.map((value) => `${value}\n`).join('') + torn);
          expect([...readLines(path, 0)].flatMap((chunk) => chunk.lines)).toEqual(lines);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('segments that others left', () => {
  it('finishes those of the dead, reads those of other machines, and does not touch those of the living', () => {
    const { owner, release } = claimOwner();
    const alive = segmentName(owner, 1);
    const gone = segmentName({ ...owner, mark: 'ffffffff' }, 1);
    const reused = segmentName({ ...owner, pid: process.ppid, started: '1' }, 1);
    const parent = segmentName({ ...owner, pid: 2 ** 22 + 1 }, 1);
    const foreign = segmentName({ ...owner, host: 'elsewhere' }, 1);
    const abandoned = segmentName({ ...owner, host: 'elsewhere' }, 2);
    for (const name of [alive, gone, reused, parent, foreign, abandoned, 'stranger.txt'])
      writeFileSync(join(folder, name), '');
    const now = Date.UTC(2026, 10, 20);
    utimesSync(join(folder, foreign), now / 1000, now / 1000 - 23 * 3600);
    utimesSync(join(folder, abandoned), now / 1000, now / 1000 - 25 * 3600);
    const tasks = new Map(findLeftSegments(folder, now).map(({ name, finish }) => [name, finish]));
    const expected = new Map([
      [gone, true],
      [parent, true],
      [foreign, false],
      [abandoned, true],
    ]);
    // Elsewhere nothing tells a process id that was given out again from the first holder's.
    if (process.platform === 'linux') expected.set(reused, true);
    expect(tasks).toEqual(expected);
    release();
    expect(findLeftSegments(folder, now).map(({ name }) => name)).toContain(alive);
  });
});
