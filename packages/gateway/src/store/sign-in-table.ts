import type { Principal } from '../model/principal.js';
import type { SignIn, SignInProof } from '../model/sign-in.js';
import { type Sqlite, type SqlRow, transact } from './sqlite.js';

export interface SignInFilter {
  readonly tenant: string;
  /** Whose; of everybody where it is absent. */
  readonly principal?: string | undefined;
  /** Those that began before this one. */
  readonly before?: string | undefined;
  readonly limit: number;
  readonly now: number;
}

/** Who is signed in, for every process on the store. */
export interface SignInTable {
  /** Forgets those whose time is over. */
  add(signIn: SignIn): void;
  find(id: string): SignIn | undefined;
  /** Newest first, without those whose time is over. */
  list(filter: SignInFilter): SignIn[];
  /** False when there is no such one. */
  remove(id: string): boolean;
  /** The ids of those that are gone now. */
  removeOf(tenant: string, principal: string): string[];
  /** Uses a proof for this hold up; false when there is none that is good until after `now`. */
  takeProof(id: string, hold: string, now: number): boolean;
}

type Facts = Pick<Principal, 'roles' | 'labels'> & Pick<SignIn, 'issuer' | 'terms'>;

export class SqliteSignInTable implements SignInTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  add({ id, principal, issuer, terms, createdAt, expiresAt, proof }: SignIn): void {
    const { tenant, id: name, credential, roles, labels } = principal;
    const facts: Facts = { roles, labels, issuer, terms };
    const sql = `INSERT INTO sign_in
      (id, tenant, principal, credential, facts, created_at, expires_at, proven_for, proven_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    transact(this.#sqlite, () => {
      this.#sqlite.prepare('DELETE FROM sign_in WHERE expires_at <= ?').run(createdAt);
      const row = [id, tenant, name, credential, JSON.stringify(facts), createdAt, expiresAt];
      this.#sqlite.prepare(sql).run(...row, proof?.hold ?? null, proof?.until ?? null);
    });
  }

  find(id: string): SignIn | undefined {
    const row = this.#sqlite.prepare('SELECT * FROM sign_in WHERE id = ?').get(id);
    return row === undefined ? undefined : signInOf(row);
  }

  list({ tenant, principal, before, limit, now }: SignInFilter): SignIn[] {
    const whose = principal === undefined ? '' : 'AND principal = ?';
    const from = before === undefined ? '' : 'AND id < ?';
    const sql = `SELECT * FROM sign_in WHERE tenant = ? AND expires_at > ? ${whose} ${from} ORDER BY id DESC LIMIT ?`;
    const values = [tenant, now, principal, before, limit].filter((value) => value !== undefined);
    return this.#sqlite
      .prepare(sql)
      .all(...values)
      .map(signInOf);
  }

  remove(id: string): boolean {
    return Number(this.#sqlite.prepare('DELETE FROM sign_in WHERE id = ?').run(id).changes) === 1;
  }

  removeOf(tenant: string, principal: string): string[] {
    const sql = 'DELETE FROM sign_in WHERE tenant = ? AND principal = ? RETURNING id';
    const rows = this.#sqlite.prepare(sql).all(tenant, principal);
    return rows.map(({ id }) => String(id));
  }

  takeProof(id: string, hold: string, now: number): boolean {
    const sql = `UPDATE sign_in SET proven_for = NULL, proven_until = NULL
      WHERE id = ? AND proven_for = ? AND proven_until > ?`;
    return Number(this.#sqlite.prepare(sql).run(id, hold, now).changes) === 1;
  }
}

function signInOf(row: SqlRow): SignIn {
  const { roles, labels, issuer, terms } = JSON.parse(String(row.facts)) as Facts;
  const proof = proofOf(row);
  return {
    id: String(row.id),
    principal: {
      id: String(row.principal),
      credential: String(row.credential),
      tenant: String(row.tenant),
      roles,
      labels,
    },
    ...(issuer === undefined ? {} : { issuer }),
    ...(terms === undefined ? {} : { terms }),
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    ...(proof === undefined ? {} : { proof }),
  };
}

function proofOf({ proven_for: hold, proven_until: until }: SqlRow): SignInProof | undefined {
  return typeof hold === 'string' ? { hold, until: Number(until) } : undefined;
}
