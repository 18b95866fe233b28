import { closeSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isFault } from './data-directory.js';

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
  readonly DatabaseSync: new (file: string, options?: { readonly readOnly: boolean }) => Sqlite;
  readonly StatementSync: { readonly prototype: object };
}

const driver = loadDriver();

/** Opens (and creates, mode 0600) a database file in WAL mode; SQLite gives its side files the same mode. */
export function openSqlite(file: string): Sqlite {
  closeSync(openSync(file, 'a', 0o600));
  return prepared(new driver.DatabaseSync(file), file, (sqlite) => {
    // The page size counts for a new file only; records fill larger pages better than the usual 4 KiB.
    sqlite.exec('PRAGMA page_size = 8192; PRAGMA busy_timeout = 5000');
    sqlite.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL');
    useWal(sqlite);
  });
}

/** The same where it can be; on a file system that takes no writes the database is opened for reading only. */
export function openSqliteToRead(file: string): Sqlite {
  try {
    return openSqlite(file);
  } catch (cause) {
    if (!['EROFS', 'EACCES', 'EPERM'].some((code) => isFault(cause, code))) throw cause;
    // SQLite shares a database in WAL mode through side files. Where there are none and none can be made, nobody else
    // has it open, and only a file that is called immutable can be read.
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
    const shared = log !== undefined && log.size > 0;
    const location = shared ? file : `${pathToFileURL(file).href}?immutable=1`;
    return prepared(new driver.DatabaseSync(location, { readOnly: true }), file, (sqlite) => {
      sqlite.exec('PRAGMA busy_timeout = 5000');
      sqlite.prepare('SELECT 1 FROM sqlite_schema').get();
    });
  }
}

function prepared(sqlite: Sqlite, file: string, prepare: (sqlite: Sqlite) => void): Sqlite {
  try {
    prepare(sqlite);
    return sqlite;
  } catch (cause) {
    sqlite.close();
    throw named(cause, file);
  }
}

/** SQLite's numbers for a file that is damaged or was never a database. */
const damaged: readonly unknown[] = [11, 26];

/** SQLite does not say which file it complains of. */
function named(cause: unknown, file: string): Error {
  const errcode = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined;
  const remedy = 'expected a database of sallyport; restore it from a backup, or use another folder';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${file}: ${message}${damaged.includes(errcode) ? `; ${remedy}` : ''}`, { cause });
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
