import type { KnownAttempt } from '../model/attempt.js';
import type { Sqlite } from './sqlite.js';

/** What was asked under keys of callers, as far as records say. They are forgotten after a day. */
export interface AttemptTable {
  find(name: string, since: number): KnownAttempt | undefined;
}

const found = `SELECT digest, call, CASE type WHEN 'payment.authorized' THEN 'paid' ELSE (
    SELECT rec ->> '$.outcome' FROM record WHERE record.call = attempt.call AND record.type = 'call.outcome'
  ) END AS ended FROM attempt WHERE name = ? AND at > ?`;

export class SqliteAttemptTable implements AttemptTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  find(name: string, since: number): KnownAttempt | undefined {
    const row = this.#sqlite.prepare(found).get(name, since);
    if (row === undefined) return undefined;
    const { digest, call, ended } = row;
    const end = ended === null ? {} : { end: ended as NonNullable<KnownAttempt['end']> };
    return { digest: String(digest), call: String(call), ...end };
  }
}
