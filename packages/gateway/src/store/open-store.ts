import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import { type AttemptTable, SqliteAttemptTable } from './attempt-table.js';
import { type DataDirectory, openDataDirectory, readOrCreateSecret } from './data-directory.js';
import { FileJournal, type JournalLimits, journalLimits } from './file-journal.js';
import type { HoldTable } from './hold-table.js';
import { IngestFeed } from './ingest-feed.js';
import { type Journal, JournalUnavailable } from './journal.js';
import { type KeyTable, SqliteKeyTable } from './key-table.js';
import { type KillTable, SqliteKillTable } from './kill-table.js';
import { type LayerTable, SqliteLayerTable } from './layer-table.js';
import { type LedgerTable, SqliteLedgerTable } from './ledger-table.js';
import { countNeighbours, findLeftSegments, hasSegments } from './left-segments.js';
import { migrate } from './migrate.js';
import { type NoticeTable, SqliteNoticeTable } from './notice-table.js';
import { type PinTable, SqlitePinTable } from './pin-table.js';
import { PlacedSqlite } from './placed-sqlite.js';
import { type RecordTable, SqliteRecordTable } from './record-table.js';
import { type Disk, realDisk } from './segment-file.js';
import { claimOwner, isGone, ownerText } from './segment-name.js';
import { type SessionTable, SqliteSessionTable } from './session-table.js';
import { type SignInTable, SqliteSignInTable } from './sign-in-table.js';
import { type SpendTable, SqliteSpendTable } from './spend-table.js';
import { openSqlite, openSqliteToRead, type Sqlite } from './sqlite.js';
import { type HoldUser, SqliteHoldTable } from './sqlite-hold-table.js';
import { SqliteStandingTable, type StandingTable } from './standing-table.js';

export interface StoreOptions {
  readonly directory: string;
  /** `process`: an acknowledged record survives the end of this process. `power`: also that of the machine. */
  readonly durability: 'process' | 'power';
  readonly clock: Clock;
  readonly log: Log;
  /**
   * False for commands that only read and write tables, beside a running gateway or without one. They see a record
   * up to 200 ms after its commit, up to 10 s while that gateway is saturated, and nothing that a killed gateway left
   * to the next writer. Reading is possible on a file system that takes no writes.
   */
  readonly writer?: boolean;
  /**
   * How many calls are under way: an entry waits for others of its turn of the event loop only where there may be some.
   * Absent: it always waits.
   */
  readonly callsUnderWay?: () => number;
  /** For tests: other system calls, limits and load than the usual. */
  readonly disk?: Disk;
  readonly limits?: Partial<JournalLimits>;
  readonly utilization?: () => number;
}

export interface Store {
  readonly journal: Journal;
  readonly records: RecordTable;
  readonly keys: KeyTable;
  readonly ledger: LedgerTable;
  readonly pins: PinTable;
  readonly holds: HoldTable;
  readonly standing: StandingTable;
  readonly layer: LayerTable;
  readonly sessions: SessionTable;
  readonly signIns: SignInTable;
  readonly kills: KillTable;
  readonly notices: NoticeTable;
  readonly spend: SpendTable;
  readonly attempts: AttemptTable;
  /** Other processes that wrote in the data directory when it was opened. */
  readonly neighbours: number;
  /** The random bytes kept in a file of that name beside the database, made on first use. */
  secretFile(name: string, bytes: number): Uint8Array;
  /** Brings everything committed into the database, as far as it can be written, and closes. */
  close(): Promise<void>;
}

interface OpenJournal {
  readonly journal: Journal;
  /** Who writes it. */
  readonly user?: HoldUser;
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
  const sqlite = new PlacedSqlite(directory.database, () => openTables(options, directory));
  try {
    const written = options.writer === false ? readersJournal() : await openJournal(options, directory);
    return {
      journal: written.journal,
      records: new SqliteRecordTable(sqlite),
      keys: new SqliteKeyTable(sqlite),
      ledger: new SqliteLedgerTable(sqlite),
      pins: new SqlitePinTable(sqlite),
      holds: new SqliteHoldTable(sqlite, written.user),
      standing: new SqliteStandingTable(sqlite),
      layer: new SqliteLayerTable(sqlite),
      sessions: new SqliteSessionTable(sqlite),
      signIns: new SqliteSignInTable(sqlite),
      kills: new SqliteKillTable(sqlite),
      notices: new SqliteNoticeTable(sqlite),
      spend: new SqliteSpendTable(sqlite),
      attempts: new SqliteAttemptTable(sqlite),
      neighbours: countNeighbours(directory.journal),
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

function openTables({ writer, clock }: StoreOptions, { path, database }: DataDirectory): Sqlite {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const sqlite = writer === false ? openSqliteToRead(database) : openSqlite(database);
  try {
    migrate(sqlite, clock.now());
    return sqlite;
  } catch (cause) {
    sqlite.close();
    throw cause;
  }
}

async function openJournal(options: StoreOptions, directory: DataDirectory): Promise<OpenJournal> {
  const { clock, log, durability, utilization } = options;
  const { owner, release } = claimOwner();
  const { database, journal: folder } = directory;
  const load = utilization === undefined ? {} : { utilization };
  const feed = new IngestFeed({ database, folder, clock, log, ...load });
  let cancel = () => {};
  const adopt = async (): Promise<void> => feed.adopt(findLeftSegments(folder, clock.now()));
  const adoptAgain = (): void => {
    cancel = clock.after(adoptionMs, adoptAgain);
    adopt().catch((cause: unknown) => log.warn({ err: cause }, 'the journal folder cannot be read'));
  };
  try {
    await adopt();
    cancel = clock.after(adoptionMs, adoptAgain);
    const journal = await FileJournal.open({
      folder,
      owner,
      durability,
      clock,
      log,
      feed,
      disk: options.disk ?? realDisk,
      limits: { ...journalLimits, ...options.limits },
      callsUnderWay: options.callsUnderWay ?? (() => Number.POSITIVE_INFINITY),
    });
    const close = async (): Promise<void> => {
      cancel();
      await journal.close();
      await feed.close();
      release();
    };
    const isOver = (one: string): boolean => isGone(one) && !hasSegments(folder, one);
    return { journal, user: { owner: ownerText(owner), isGone: isOver }, close };
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
