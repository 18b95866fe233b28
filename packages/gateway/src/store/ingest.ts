import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFault } from './data-directory.js';
import type { SegmentTask } from './ingest-messages.js';
import { insertedColumns, type RecordRowToInsert, readRecordRow } from './record-row.js';
import { type LineChunk, readLines } from './segment-lines.js';
import { openSqlite, type Sqlite, type Statement, transact } from './sqlite.js';

export interface IngestReport {
  progress(name: string, position: number): void;
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
  readonly #sqlite: Sqlite;
  readonly #insertRecord: Statement;
  readonly #readPosition: Statement;
  readonly #writePosition: Statement;
  readonly #forget: Statement;

  constructor(database: string, folder: string) {
    this.#folder = folder;
    this.#sqlite = openSqlite(database);
    const places = insertedColumns.replaceAll(/\w+/g, '?');
    this.#insertRecord = this.#sqlite.prepare(
      `INSERT INTO record (${insertedColumns}) VALUES (${places}) ON CONFLICT (entry) DO NOTHING`,
    );
    this.#readPosition = this.#sqlite.prepare('SELECT position FROM segment WHERE name = ?');
    this.#writePosition = this.#sqlite.prepare(
      `INSERT INTO segment (name, position) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)`,
    );
    this.#forget = this.#sqlite.prepare('DELETE FROM segment WHERE name = ?');
  }

  close(): void {
    this.#sqlite.close();
  }

  /** Brings in one segment as far as the task says. Throws where the database or the file fails. */
  bringIn(task: SegmentTask, report: IngestReport): void {
    const path = join(this.#folder, task.name);
    try {
      const damagedLines = this.#readAll(path, task, report);
      if (!task.finish) return;
      this.#makeDurable(task.name);
      if (damagedLines === 0) rmSync(path, { force: true });
      else renameSync(path, `${path}.damaged`);
      this.#forget.run(task.name);
      report.finished(task.name, damagedLines);
    } catch (cause) {
      // Another process was faster and has brought it in.
      if (!isFault(cause, 'ENOENT')) throw cause;
      this.#forget.run(task.name);
      report.finished(task.name, 0);
    }
  }

  #readAll(path: string, { name, upTo }: SegmentTask, report: IngestReport): number {
    const start = Number(this.#readPosition.get(name)?.position ?? 0);
    report.progress(name, start);
    const chunks = readLines(path, start, upTo);
    try {
      let damagedLines = 0;
      for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
        const first = next.value;
        const step = transact(this.#sqlite, () => this.#insertSome(first, chunks, name));
        damagedLines += step.damagedLines;
        report.progress(name, step.position);
      }
      return damagedLines;
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
    this.#writePosition.run(name, chunk.position);
    return { position: chunk.position, damagedLines };
  }

  /** Returns how many lines are no entries. */
  #insert(lines: readonly string[]): number {
    let damagedLines = 0;
    for (const line of lines) {
      if (line.trim() === '') continue;
      const row = readOrSkip(line);
      if (row === undefined) damagedLines += 1;
      else this.#insertRecord.run(...row);
    }
    return damagedLines;
  }

  /** Syncs the write-ahead log, and with it all earlier transactions, before the journal's copy goes. */
  #makeDurable(name: string): void {
    this.#sqlite.exec('PRAGMA synchronous = FULL');
    try {
      transact(this.#sqlite, () => this.#writePosition.run(name, 0));
    } finally {
      this.#sqlite.exec('PRAGMA synchronous = NORMAL');
    }
  }
}

function readOrSkip(line: string): RecordRowToInsert | undefined {
  try {
    return readRecordRow(line);
  } catch {
    return undefined;
  }
}
