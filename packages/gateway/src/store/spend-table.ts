import type { Sqlite, SqlValue } from './sqlite.js';

export interface SpendFilter {
  readonly tenant: string;
  /** The agent of a session, or the principal that called. */
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number | undefined;
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number | undefined;
}

export interface SpentOnTool {
  readonly tool: string;
  readonly calls: number;
  readonly micros: bigint;
}

export interface SpendTable {
  /** What calls and payments cost in US dollars, by tool; most first. */
  byTool(filter: SpendFilter): SpentOnTool[];
}

const spent = `SELECT tool, count(*) AS calls, CAST(sum(coalesce(spent, reserved)) AS TEXT) AS micros FROM spend
  WHERE coalesce(spent, reserved) > 0 AND tenant = ?`;

export class SqliteSpendTable implements SpendTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  byTool({ tenant, agent, session, since, until }: SpendFilter): SpentOnTool[] {
    const wheres = [spent];
    const values: SqlValue[] = [tenant];
    const where = (sql: string, value: SqlValue | undefined): void => {
      if (value === undefined) return;
      wheres.push(sql);
      values.push(value);
    };
    where('agent = ?', agent);
    where('session = ?', session);
    where('at >= ?', since);
    where('at < ?', until);
    const sql = `${wheres.join(' AND ')} GROUP BY tool ORDER BY sum(coalesce(spent, reserved)) DESC, tool`;
    return this.#sqlite
      .prepare(sql)
      .all(...values)
      .map(({ tool, calls, micros }) => ({
        tool: tool === null || tool === undefined ? '' : String(tool),
        calls: Number(calls),
        micros: BigInt(String(micros)),
      }));
  }
}
