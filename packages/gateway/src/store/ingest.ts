import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../lib/clock.js';
import { isFault } from './data-directory.js';
import { type FileIdentity, identityOf, isStillAt } from './file-identity.js';
import type { SegmentTask } from './ingest-messages.js';
import { migrate } from './migrate.js';
import { type RecordToInsert, readRecord } from './record-row.js';
import { RecordWriter } from './record-writer.js';
import { type LineChunk, readLines } from './segment-lines.js';
import { openSqlite, type Sqlite, type Statement, transact } from './sqlite.js';

export interface IngestReport {
  progress(name: string, position: number): void;
  /** Lines that are no entries were passed over just now. */
  damaged(name: string, lines: number): void;
  /** The file of an own segment that was to be finished is gone. */
  vanished(name: string): void;
  /** With damaged lines the segment is kept under another name. */
  finished(name: string, damagedLines: number): void;
}

interface InsertedLines {
  readonly position: number;
  readonly damagedLines: number;
}

/** Each transaction writes the last page of every index anew; other writers wait for its end, some milliseconds. */
const chunksPerTransaction = 8;

/**
 * Brings journal segments into SQLite. Records and the position they were read to are one transaction, and an entry
 * that is there already is left alone, so whatever interrupts it, each entry ends up there once.
 */
export class Ingest {
  readonly #folder: string;
  readonly #database: string;
  readonly #identity: FileIdentity;
  readonly #sqlite: Sqlite;
  readonly #writer: RecordWriter;
  readonly #readPosition: Statement;
  readonly #writePosition: Statement;
  readonly #forget: Statement;

  constructor(database: string, folder: string) {
    this.#folder = folder;
    this.#database = database;
    // Whoever removed the data directory of a running gateway gets a new one, and new tables in it.
    mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
    this.#sqlite = openSqlite(database);
    migrate(this.#sqlite, systemClock.now());
    this.#identity = identityOf(database);
    this.#writer = new RecordWriter(this.#sqlite);
    this.#readPosition = this.#sqlite.prepare('SELECT position, damaged FROM segment WHERE name = ?');
    this.#writePosition = this.#sqlite.prepare(
      `INSERT INTO segment (name, position, damaged) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET position = excluded.position, damaged = damaged + excluded.damaged
       WHERE excluded.position > position`,
    );
    this.#forget = this.#sqlite.prepare('DELETE FROM segment WHERE name = ?');
  }

  close(): void {
    this.#sqlite.close();
  }

  /** Whether the database is still the file that is open. */
  isInPlace(): boolean {
    return isStillAt(this.#database, this.#identity);
  }

  /** Brings in one segment as far as the task says. Throws where the database or the file fails. */
  bringIn(task: SegmentTask, report: IngestReport): void {
    const path = join(this.#folder, task.name);
    try {
      this.#readAll(path, task, report);
      if (!task.finish) return;
      const damagedLines = Number(this.#readPosition.get(task.name)?.damaged ?? 0);
      this.#forgetDurably(task.name);
      if (damagedLines === 0) rmSync(path, { force: true });
      else renameSync(path, `${path}.damaged`);
      report.finished(task.name, damagedLines);
    } catch (cause) {
      if (!isFault(cause, 'ENOENT')) throw cause;
      this.#giveUp(task, report, cause);
    }
  }

  /** The file is gone: of what others left, another process was faster and has brought it in. */
  #giveUp({ name, own, finish }: SegmentTask, report: IngestReport, cause: Error): void {
    if (own && !finish) throw cause;
    this.#forget.run(name);
    if (own) report.vanished(name);
    else report.finished(name, 0);
  }

  #readAll(path: string, { name, upTo }: SegmentTask, report: IngestReport): void {
    const start = Number(this.#readPosition.get(name)?.position ?? 0);
    report.progress(name, start);
    const chunks = readLines(path, start, upTo);
    try {
      for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
        const first = next.value;
        const step = transact(this.#sqlite, () => this.#insertSome(first, chunks, name));
        report.progress(name, step.position);
        if (step.damagedLines > 0) report.damaged(name, step.damagedLines);
      }
    } finally {
      chunks.return(undefined);
    }
  }

  /** One transaction: the chunk, and a few more where there are more. */
  #insertSome(first: LineChunk, rest: Generator<LineChunk>, name: string): InsertedLines {
    let chunk = first;
    let damagedLines = this.#insert(chunk.lines);
    for (let count = 1; count < chunksPerTransaction; count += 1) {
      const next = rest.next();
      if (next.done === true) break;
      chunk = next.value;
      damagedLines += this.#insert(chunk.lines);
    }
    this.#writePosition.run(name, chunk.position, damagedLines);
    return { position: chunk.position, damagedLines };
  }

  /** Returns how many lines are no entries. */
  #insert(lines: readonly string[]): number {
    let damagedLines = 0;
    for (const line of lines) {
      if (line.trim() === '') continue;
      const record = readOrSkip(line);
      if (record === undefined) damagedLines += 1;
      else this.#writer.insert(record);
    }
    return damagedLines;
  }

  /**
   * Syncs the write-ahead log, and with it all earlier transactions, before the journal's copy goes. A transaction
   * syncs only if it changes something, so the one that forgets the segment does it; a copy that is still there
   * after a crash is read again, which changes nothing.
   */
  #forgetDurably(name: string): void {
    this.#sqlite.exec('PRAGMA synchronous = FULL');
    try {
      transact(this.#sqlite, () => this.#forget.run(name));
    } finally {
      this.#sqlite.exec('PRAGMA synchronous = NORMAL');
    }
  }
}

function readOrSkip(line: string): RecordToInsert | undefined {
  try {
    return readRecord(line);
  } catch {
    return undefined;
  }
}
