import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import { type DataDirectory, openDataDirectory, readOrCreateSecret } from './data-directory.js';
import { FileJournal, type JournalLimits, journalLimits } from './file-journal.js';
import { IngestFeed } from './ingest-feed.js';
import { type Journal, JournalUnavailable } from './journal.js';
import { type KeyTable, SqliteKeyTable } from './key-table.js';
import { findLeftSegments } from './left-segments.js';
import { migrate } from './migrate.js';
import { type RecordTable, SqliteRecordTable } from './record-table.js';
import { type Disk, realDisk } from './segment-file.js';
import { claimOwner } from './segment-name.js';
import { openSqlite } from './sqlite.js';

export interface StoreOptions {
  readonly directory: string;
  /** `process`: an acknowledged record survives the end of this process. `power`: also that of the machine. */
  readonly durability: 'process' | 'power';
  readonly clock: Clock;
  readonly log: Log;
  /**
   * False for commands that only read and write tables, beside a running gateway or without one. They see a record
   * up to 200 ms after its commit, and nothing that a killed gateway left to the next writer.
   */
  readonly writer?: boolean;
  /** For tests: other system calls and limits than the usual. */
  readonly disk?: Disk;
  readonly limits?: Partial<JournalLimits>;
}

export interface Store {
  readonly journal: Journal;
  readonly records: RecordTable;
  readonly keys: KeyTable;
  /** The random bytes kept in a file of that name beside the database, made on first use. */
  secretFile(name: string, bytes: number): Uint8Array;
  /** Brings everything committed into the database, as far as it can be written, and closes. */
  close(): Promise<void>;
}

interface OpenJournal {
  readonly journal: Journal;
  close(): Promise<void>;
}

/** How often segments are looked for whose process died meanwhile. */
const adoptionMs = 10_000;

/**
 * Opens the data directory, which several processes may share. What earlier processes left in their journals is in
 * the database when this resolves. Throws when the directory or the database cannot be used.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const directory = openDataDirectory(options.directory, options.log);
  const sqlite = openSqlite(directory.database);
  try {
    migrate(sqlite, options.clock.now());
    const written = options.writer === false ? readersJournal() : await openJournal(options, directory);
    return {
      journal: written.journal,
      records: new SqliteRecordTable(sqlite),
      keys: new SqliteKeyTable(sqlite),
      secretFile: (name, bytes) => readOrCreateSecret(join(directory.path, name), bytes),
      async close() {
        await written.close();
        sqlite.close();
      },
    };
  } catch (cause) {
    sqlite.close();
    throw cause;
  }
}

async function openJournal(options: StoreOptions, directory: DataDirectory): Promise<OpenJournal> {
  const { clock, log, durability } = options;
  const { owner, release } = claimOwner();
  const feed = new IngestFeed({ database: directory.database, folder: directory.journal, clock, log });
  let cancel = () => {};
  const adopt = async (): Promise<void> => feed.adopt(findLeftSegments(directory.journal, clock.now()));
  const adoptAgain = (): void => {
    cancel = clock.after(adoptionMs, adoptAgain);
    adopt().catch((cause: unknown) => log.warn({ err: cause }, 'the journal folder cannot be read'));
  };
  try {
    await adopt();
    cancel = clock.after(adoptionMs, adoptAgain);
    const journal = await FileJournal.open({
      folder: directory.journal,
      owner,
      durability,
      clock,
      log,
      feed,
      disk: options.disk ?? realDisk,
      limits: { ...journalLimits, ...options.limits },
    });
    const close = async (): Promise<void> => {
      cancel();
      await journal.close();
      await feed.close();
      release();
    };
    return { journal, close };
  } catch (cause) {
    cancel();
    await feed.close();
    release();
    throw cause;
  }
}

function readersJournal(): OpenJournal {
  const reason = 'the store was opened without a journal';
  const journal: Journal = {
    commit: () => Promise.reject(new JournalUnavailable(reason)),
    health: () => ({ ok: false, reason }),
    lag: () => ({ bytes: 0 }),
    drained: () => Promise.resolve(),
  };
  return { journal, close: () => Promise.resolve() };
}
