import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

export interface Statement {
  get(...parameters: SqlValue[]): SqlRow | undefined;
  all(...parameters: SqlValue[]): SqlRow[];
  run(...parameters: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: SqlValue[]): IterableIterator<SqlRow>;
  columns(): unknown[];
}

/** The part of `node:sqlite` in use here; Node's own module and the package that backports it both have it. */
export interface Sqlite {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (file: string) => Sqlite;
  readonly StatementSync: { readonly prototype: object };
}

const driver = loadDriver();

/** Opens (and creates, mode 0600) a database file in WAL mode; SQLite gives its side files the same mode. */
export function openSqlite(file: string): Sqlite {
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new driver.DatabaseSync(file);
  try {
    // The page size counts for a new file only; records fill larger pages better than the usual 4 KiB.
    sqlite.exec('PRAGMA page_size = 8192; PRAGMA busy_timeout = 5000');
    sqlite.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL');
    useWal(sqlite);
    return sqlite;
  } catch (cause) {
    sqlite.close();
    throw cause;
  }
}

/** Runs `work` in one write transaction; whatever it throws undoes it. */
export function transact<T>(sqlite: Sqlite, work: () => T): T {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (cause) {
    rollBack(sqlite);
    throw cause;
  }
}

/** SQLite undoes the transaction by itself after some errors; a second ROLLBACK would hide the first cause. */
function rollBack(sqlite: Sqlite): void {
  try {
    sqlite.exec('ROLLBACK');
  } catch {
    return;
  }
}

/** The busy timeout does not cover the switch to WAL, so openers that race for it take turns here. */
function useWal(sqlite: Sqlite): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const mode = sqlite.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
      if (mode === 'wal') return;
      throw new Error(`the file system does not support WAL: SQLite uses journal mode "${String(mode)}"`);
    } catch (cause) {
      if (attempt === 100 || !/locked|busy/i.test(String(cause))) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** `node:sqlite` without a flag and with `columns()` came during Node 22; before that the package stands in. */
function loadDriver(): Driver {
  const require = createRequire(import.meta.url);
  const builtIn = quietly(() => tryRequire(require, 'node:sqlite'));
  if (builtIn !== undefined && 'columns' in builtIn.StatementSync.prototype) return builtIn;
  return require('@photostructure/sqlite') as Driver;
}

function tryRequire(require: NodeJS.Require, name: string): Driver | undefined {
  try {
    return require(name) as Driver;
  } catch {
    return undefined;
  }
}

/** Loading `node:sqlite` prints an ExperimentalWarning on some versions, which operators cannot act on. */
function quietly<T>(load: () => T): T {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    if (original !== undefined) Object.defineProperty(process, 'emitWarning', original);
  }
}
