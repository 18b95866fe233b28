import { type Sqlite, type SqlRow, transact } from './sqlite.js';

/** What one channel is to be told of one hold. */
export interface Notice {
  readonly channel: string;
  readonly hold: string;
  /** Counts what there is to tell of the hold: 1 that it waits, and one more for each answer and for its end. */
  readonly version: number;
  /** The version that the channel was told last; 0 for none. */
  readonly told: number;
  /** How often telling this version was tried, this time included. */
  readonly attempts: number;
  /** Where the channel has put its message, in its own words. */
  readonly place?: string | undefined;
}

/** A channel is told of the holds of one tenant. */
export interface EnrolledChannel {
  readonly name: string;
  readonly tenant: string;
}

/** A notice that is not tried any more. */
export interface FailedNotice extends Notice {
  readonly failedAt: number;
  readonly fault: string;
}

export interface ClaimTerms {
  readonly now: number;
  /** Nobody else takes the same notice for so long. */
  readonly leaseMs: number;
  readonly limit: number;
}

/**
 * What channels are still to be told, as rows that come and change with the holds themselves, in the same transaction and
 * whichever process changes them: a channel that was down, or a process that ended, has missed nothing.
 */
export interface NoticeTable {
  /** From now on, and of all that waits already, these are told. */
  enroll(channels: readonly EnrolledChannel[], now: number): void;
  /** These are told of nothing more. */
  withdraw(channels: readonly string[]): void;
  /** What is due for a channel. Whoever claims it has to settle, postpone or give it up before its lease is over. */
  claim(channel: string, terms: ClaimTerms): Notice[];
  /** The channel knows this version. */
  settle(notice: Notice, place?: string): void;
  postpone(notice: Notice, until: number, fault: string): void;
  giveUp(notice: Notice, at: number, fault: string): void;
  find(channel: string, hold: string): Notice | undefined;
  /** Marks that an answer was given by means of this version; false where one was, by it or a later one. */
  spend(channel: string, hold: string, version: number): boolean;
  /** The answer did not count after all. */
  unspend(channel: string, hold: string, version: number): void;
  /** Those that were given up, the latest first. */
  listFailed(tenant: string, limit: number): FailedNotice[];
}

/** A channel that no process has enrolled for so long is told of nothing new. */
const forgottenMs = 7 * 24 * 3_600_000;

export class SqliteNoticeTable implements NoticeTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  enroll(channels: readonly EnrolledChannel[], now: number): void {
    if (channels.length === 0) return;
    transact(this.#sqlite, () => {
      const enrolled = this.#sqlite.prepare(
        `INSERT INTO channel (name, tenant, until) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET tenant = excluded.tenant, until = excluded.until`,
      );
      for (const { name, tenant } of channels) enrolled.run(name, tenant, now + forgottenMs);
      const waiting = this.#sqlite.prepare(
        `INSERT OR IGNORE INTO notice (channel, hold)
         SELECT ?, id FROM hold WHERE tenant = ? AND state = 'pending' AND until > ?`,
      );
      for (const { name, tenant } of channels) waiting.run(name, tenant, now);
    });
  }

  withdraw(channels: readonly string[]): void {
    for (const name of channels) this.#sqlite.prepare('DELETE FROM channel WHERE name = ?').run(name);
  }

  claim(channel: string, { now, leaseMs, limit }: ClaimTerms): Notice[] {
    const due = 'channel = ? AND wanted > told AND failed_at IS NULL AND next_at <= ? AND leased_until <= ?';
    // Looking takes no lock; most of the time there is nothing.
    if (
      this.#sqlite.prepare(`SELECT 1 FROM notice WHERE ${due} LIMIT 1`).get(channel, now, now) === undefined
    )
      return [];
    const sql = `UPDATE notice SET leased_until = ?, attempts = attempts + 1
      WHERE seq IN (SELECT seq FROM notice WHERE ${due} ORDER BY next_at, seq LIMIT ?) RETURNING *`;
    return this.#sqlite
      .prepare(sql)
      .all(now + leaseMs, channel, now, now, limit)
      .map(noticeOf);
  }

  settle({ channel, hold, version }: Notice, place?: string): void {
    const sql = `UPDATE notice SET told = max(told, ?), place = coalesce(?, place), attempts = 0, next_at = 0,
      leased_until = 0, fault = NULL WHERE hold = ? AND channel = ?`;
    this.#sqlite.prepare(sql).run(version, place ?? null, hold, channel);
  }

  postpone({ channel, hold, version }: Notice, until: number, fault: string): void {
    const sql = `UPDATE notice SET leased_until = 0, fault = ?, next_at = CASE wanted WHEN ? THEN ? ELSE next_at END
      WHERE hold = ? AND channel = ?`;
    this.#sqlite.prepare(sql).run(fault, version, until, hold, channel);
  }

  giveUp({ channel, hold, version }: Notice, at: number, fault: string): void {
    const sql = `UPDATE notice SET leased_until = 0, fault = ?, failed_at = CASE wanted WHEN ? THEN ? END
      WHERE hold = ? AND channel = ?`;
    this.#sqlite.prepare(sql).run(fault, version, at, hold, channel);
  }

  find(channel: string, hold: string): Notice | undefined {
    const row = this.#sqlite
      .prepare('SELECT * FROM notice WHERE hold = ? AND channel = ?')
      .get(hold, channel);
    return row === undefined ? undefined : noticeOf(row);
  }

  spend(channel: string, hold: string, version: number): boolean {
    const sql = 'UPDATE notice SET spent = ? WHERE hold = ? AND channel = ? AND spent < ? AND wanted >= ?';
    return Number(this.#sqlite.prepare(sql).run(version, hold, channel, version, version).changes) === 1;
  }

  unspend(channel: string, hold: string, version: number): void {
    const sql = 'UPDATE notice SET spent = ? WHERE hold = ? AND channel = ? AND spent = ?';
    this.#sqlite.prepare(sql).run(version - 1, hold, channel, version);
  }

  listFailed(tenant: string, limit: number): FailedNotice[] {
    const sql = `SELECT notice.* FROM notice JOIN hold ON hold.id = notice.hold
      WHERE failed_at IS NOT NULL AND tenant = ? ORDER BY failed_at DESC, notice.seq DESC LIMIT ?`;
    return this.#sqlite
      .prepare(sql)
      .all(tenant, limit)
      .map((row) => ({ ...noticeOf(row), failedAt: Number(row.failed_at), fault: String(row.fault) }));
  }
}

function noticeOf({ channel, hold, wanted, told, attempts, place }: SqlRow): Notice {
  return {
    channel: String(channel),
    hold: String(hold),
    version: Number(wanted),
    told: Number(told),
    attempts: Number(attempts),
    ...(place === null ? {} : { place: String(place) }),
  };
}
