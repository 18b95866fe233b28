import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFault } from './data-directory.js';
import type { SegmentTask } from './ingest-messages.js';
import { insertedColumns, type RecordRowToInsert, readRecordRow } from './record-row.js';
import { readLines } from './segment-lines.js';
import { openSqlite, type Sqlite, type Statement, transact } from './sqlite.js';

export interface IngestReport {
  progress(name: string, position: number): void;
  finished(name: string, damagedLines: number): void;
}

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
    let damagedLines = 0;
    const start = Number(this.#readPosition.get(name)?.position ?? 0);
    report.progress(name, start);
    for (const { lines, position } of readLines(path, start, upTo)) {
      const rows: RecordRowToInsert[] = [];
      for (const line of lines) {
        if (line.trim() === '') continue;
        try {
          rows.push(readRecordRow(line));
        } catch {
          damagedLines += 1;
        }
      }
      this.#insert(rows, name, position);
      report.progress(name, position);
    }
    return damagedLines;
  }

  #insert(rows: readonly RecordRowToInsert[], name: string, position: number): void {
    transact(this.#sqlite, () => {
      for (const row of rows) this.#insertRecord.run(...row);
      this.#writePosition.run(name, position);
    });
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
