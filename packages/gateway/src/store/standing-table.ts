import type { StandingApproval } from '../model/standing-approval.js';
import type { Sqlite, SqlRow } from './sqlite.js';

/** Standing approvals, as rows: every use is one conditional statement, in whichever process. */
export interface StandingTable {
  /** False where the tenant has `most` that can be used already. */
  add(standing: StandingApproval, most: number): boolean;
  find(id: string): StandingApproval | undefined;
  /** Newest first, after the one of this id. */
  list(tenant: string, limit: number, after?: string): StandingApproval[];
  /** Those that can be used for a scope under a policy. */
  usable(scope: string, policyRevision: string, now: number): StandingApproval[];
  /** Takes one of its calls; false where there is none any more. */
  use(id: string, now: number): boolean;
  /** The call that took it provably never left. */
  giveBack(id: string): void;
  /** False where it was revoked before, or there is none. */
  revoke(id: string, by: string, now: number): boolean;
  /** Removes what ended before `before`, at most so many. */
  purge(before: number, limit: number): void;
}

const isUsable = 'revoked_at IS NULL AND until > ? AND calls_left > 0';

export class SqliteStandingTable implements StandingTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  add(standing: StandingApproval, most: number): boolean {
    const { id, tenant, scope, policyRevision, createdAt, until, callsLeft, ...facts } = standing;
    const sql = `INSERT INTO standing_approval (id, tenant, scope, policy, created_at, until, calls_left, facts)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?
      WHERE (SELECT count(*) FROM standing_approval WHERE tenant = ? AND ${isUsable}) < ?`;
    const row = [id, tenant, scope, policyRevision, createdAt, until, callsLeft, JSON.stringify(facts)];
    const { changes } = this.#sqlite.prepare(sql).run(...row, tenant, createdAt, most);
    return Number(changes) === 1;
  }

  find(id: string): StandingApproval | undefined {
    return this.#read('SELECT * FROM standing_approval WHERE id = ?', id)[0];
  }

  list(tenant: string, limit: number, after?: string): StandingApproval[] {
    const sql = `SELECT * FROM standing_approval WHERE tenant = ?1
      AND (?3 IS NULL OR seq < (SELECT seq FROM standing_approval WHERE id = ?3 AND tenant = ?1))
      ORDER BY seq DESC LIMIT ?2`;
    return this.#read(sql, tenant, limit, after ?? null);
  }

  usable(scope: string, policyRevision: string, now: number): StandingApproval[] {
    const sql = `SELECT * FROM standing_approval WHERE scope = ? AND policy = ? AND ${isUsable} ORDER BY seq`;
    return this.#read(sql, scope, policyRevision, now);
  }

  use(id: string, now: number): boolean {
    const sql = `UPDATE standing_approval SET calls_left = calls_left - 1 WHERE id = ? AND ${isUsable}`;
    return Number(this.#sqlite.prepare(sql).run(id, now).changes) === 1;
  }

  giveBack(id: string): void {
    this.#sqlite.prepare('UPDATE standing_approval SET calls_left = calls_left + 1 WHERE id = ?').run(id);
  }

  revoke(id: string, by: string, now: number): boolean {
    const sql =
      'UPDATE standing_approval SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL';
    return Number(this.#sqlite.prepare(sql).run(now, by, id).changes) === 1;
  }

  purge(before: number, limit: number): void {
    const ended = 'SELECT seq FROM standing_approval WHERE until < ? LIMIT ?';
    // A statement that might write waits for whoever writes now.
    if (this.#sqlite.prepare(ended).get(before, limit) === undefined) return;
    this.#sqlite.prepare(`DELETE FROM standing_approval WHERE seq IN (${ended})`).run(before, limit);
  }

  #read(sql: string, ...values: (string | number | null)[]): StandingApproval[] {
    return this.#sqlite
      .prepare(sql)
      .all(...values)
      .map(standingOf);
  }
}

function standingOf(row: SqlRow): StandingApproval {
  return {
    ...(JSON.parse(String(row.facts)) as StandingApproval),
    id: String(row.id),
    tenant: String(row.tenant),
    scope: String(row.scope),
    policyRevision: String(row.policy),
    createdAt: Number(row.created_at),
    until: Number(row.until),
    callsLeft: Number(row.calls_left),
    ...(row.revoked_at === null
      ? {}
      : { revokedAt: Number(row.revoked_at), revokedBy: String(row.revoked_by) }),
  };
}
