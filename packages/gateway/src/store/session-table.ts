import type { Session, SessionBudget, SessionScope } from '../model/session.js';
import { type Sqlite, type SqlRow, type SqlValue, transact } from './sqlite.js';

export interface SessionFilter {
  readonly tenant: string;
  readonly principal?: string | undefined;
  /** Only those that count with this credential; one that ends with a colon stands for all that begin so. */
  readonly credential?: string | undefined;
  /** Only those that are neither over nor revoked at this time. */
  readonly validAt?: number | undefined;
  /** Only sessions made before the one of this id; for the next page. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Sessions, as rows: none is kept in memory, and none has a timer. Tokens are known by their SHA-256 only. */
export interface SessionTable {
  insert(session: Session, tokenHash: Uint8Array): void;
  /**
   * The one that the gateway made for `session.automatic` and that is not over yet, even when it is revoked; else this
   * one, which is new then.
   */
  insertAutomatic(
    session: Session,
    tokenHash: Uint8Array,
  ): { readonly session: Session; readonly isNew: boolean };
  findAutomatic(automatic: string, now: number): Session | undefined;
  find(id: string): Session | undefined;
  findByToken(tokenHash: Uint8Array): Session | undefined;
  /** Newest first. */
  list(filter: SessionFilter): Session[];
  /**
   * Revokes it and all that were delegated from it; returns the ids of those that were not revoked before. With `by`, the
   * session says so until that is `recorded`.
   */
  revoke(id: string, at: number, by?: string): string[];
  recorded(id: string): void;
  /** Those whose end is not on record. */
  unrecorded(): Session[];
  /**
   * Forgets what ended before `before`, at most `limit` at a time; returns how many. A revoked one that the gateway made
   * is kept until its time is over, for it stands in the way of the next.
   */
  forgetEnded(before: number, limit: number): number;
}

export class SqliteSessionTable implements SessionTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  insert(session: Session, tokenHash: Uint8Array): void {
    const values = valuesOf(session, tokenHash);
    const places = columns.map(() => '?').join(', ');
    this.#sqlite
      .prepare(`INSERT INTO session (${columns.join(', ')}) VALUES (${places})`)
      .run(...columns.map((column) => values[column]));
  }

  insertAutomatic(session: Session, tokenHash: Uint8Array): { session: Session; isNew: boolean } {
    return transact(this.#sqlite, () => {
      const known = this.findAutomatic(session.automatic ?? '', session.createdAt);
      if (known !== undefined) return { session: known, isNew: false };
      this.insert(session, tokenHash);
      return { session, isNew: true };
    });
  }

  findAutomatic(automatic: string, now: number): Session | undefined {
    const sql = `SELECT * FROM session WHERE automatic = ? AND (expires_at IS NULL OR expires_at > ?)
      ORDER BY seq DESC LIMIT 1`;
    return sessionOf(this.#sqlite.prepare(sql).get(automatic, now));
  }

  find(id: string): Session | undefined {
    return sessionOf(this.#sqlite.prepare('SELECT * FROM session WHERE id = ?').get(id));
  }

  findByToken(tokenHash: Uint8Array): Session | undefined {
    return sessionOf(this.#sqlite.prepare('SELECT * FROM session WHERE token_hash = ?').get(tokenHash));
  }

  list({ tenant, principal, credential, validAt, before, limit }: SessionFilter): Session[] {
    const sql = `SELECT * FROM session WHERE tenant = ?1 AND (?2 IS NULL OR principal = ?2)
      AND (?3 IS NULL OR automatic IS NOT NULL OR credential = ?3
        OR (substr(?3, -1) = ':' AND substr(credential, 1, length(?3)) = ?3))
      AND (?4 IS NULL OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?4)))
      AND (?5 IS NULL OR seq < (SELECT seq FROM session WHERE id = ?5)) ORDER BY seq DESC LIMIT ?6`;
    return this.#sqlite
      .prepare(sql)
      .all(tenant, principal ?? null, credential ?? null, validAt ?? null, before ?? null, limit)
      .flatMap((row) => sessionOf(row) ?? []);
  }

  revoke(id: string, at: number, by?: string): string[] {
    const sql = `WITH RECURSIVE tree (id) AS
        (SELECT ?1 UNION SELECT session.id FROM session JOIN tree ON session.parent = tree.id)
      UPDATE session SET revoked_at = ?2, unrecorded_by = CASE id WHEN ?1 THEN ?3 END WHERE revoked_at IS NULL AND id IN (SELECT id FROM tree) RETURNING id`;
    return this.#sqlite
      .prepare(sql)
      .all(id, at, by ?? null)
      .map((row) => String(row.id));
  }

  recorded(id: string): void {
    this.#sqlite.prepare('UPDATE session SET unrecorded_by = NULL WHERE id = ?').run(id);
  }

  unrecorded(): Session[] {
    const sql = 'SELECT * FROM session WHERE unrecorded_by IS NOT NULL ORDER BY seq';
    return this.#sqlite
      .prepare(sql)
      .all()
      .flatMap((row) => sessionOf(row) ?? []);
  }

  forgetEnded(before: number, limit: number): number {
    const sql = `DELETE FROM session WHERE seq IN
      (SELECT seq FROM session WHERE expires_at < ?1 OR (revoked_at < ?1 AND automatic IS NULL) LIMIT ?2)`;
    return Number(this.#sqlite.prepare(sql).run(before, limit).changes);
  }
}

const columns = [
  'id',
  'token_hash',
  'tenant',
  'principal',
  'credential',
  'agent',
  'scopes',
  'labels',
  'budgets',
  'created_at',
  'expires_at',
  'revoked_at',
  'root',
  'parent',
  'automatic',
] as const;

function valuesOf(session: Session, tokenHash: Uint8Array): Record<(typeof columns)[number], SqlValue> {
  const { id, tenant, principal, credential, agent, scopes, labels, root } = session;
  return {
    id,
    token_hash: tokenHash,
    tenant,
    principal,
    credential,
    agent,
    scopes: scopes.join(' '),
    labels: JSON.stringify(labels),
    budgets: JSON.stringify(session.budgets, (_name, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
    created_at: session.createdAt,
    expires_at: session.expiresAt ?? null,
    revoked_at: session.revokedAt ?? null,
    root,
    parent: session.parent ?? null,
    automatic: session.automatic ?? null,
  };
}

function sessionOf(row: SqlRow | undefined): Session | undefined {
  if (row === undefined) return undefined;
  return {
    id: String(row.id),
    tenant: String(row.tenant),
    principal: String(row.principal),
    credential: String(row.credential),
    agent: String(row.agent),
    scopes: String(row.scopes).split(' ') as SessionScope[],
    labels: JSON.parse(String(row.labels)) as Record<string, string>,
    budgets: budgetsIn(String(row.budgets)),
    createdAt: Number(row.created_at),
    root: String(row.root),
    ...(row.expires_at === null ? {} : { expiresAt: Number(row.expires_at) }),
    ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
    ...(row.unrecorded_by === null ? {} : { unrecordedBy: String(row.unrecorded_by) }),
    ...(row.parent === null ? {} : { parent: String(row.parent) }),
    ...(row.automatic === null ? {} : { automatic: String(row.automatic) }),
  };
}

/** Amounts stand as text, because they may be larger than what a JavaScript number holds exactly. */
function budgetsIn(text: string): SessionBudget[] {
  const budgets = JSON.parse(text) as (Omit<SessionBudget, 'micros'> & { micros: string })[];
  return budgets.map((budget) => ({ ...budget, micros: BigInt(budget.micros) }));
}
