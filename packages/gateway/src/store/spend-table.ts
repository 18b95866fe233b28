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
  /** What calls cost in US dollars, by tool; most first. */
  byTool(filter: SpendFilter): SpentOnTool[];
}

/** A call that several budgets count costs once: what the one that counts most says. */
const spent = `SELECT record.tool AS tool, count(*) AS calls, CAST(sum(cost) AS TEXT) AS micros FROM (
  SELECT call, max(coalesce(spent, reserved, 0)) AS cost FROM ledger WHERE unit = 'USD' GROUP BY call HAVING cost > 0
) JOIN record USING (call) WHERE record.type = 'call.decided' AND record.effect = 'allow' AND rec ->> '$.tenant' = ?`;

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
    where("coalesce(rec ->> '$.session.agent', caller) = ?", agent);
    where("rec ->> '$.session.id' = ?", session);
    where('at >= ?', since);
    where('at < ?', until);
    const sql = `${wheres.join(' AND ')} GROUP BY record.tool ORDER BY sum(cost) DESC`;
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
