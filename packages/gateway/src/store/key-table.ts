import type { Role } from '../model/principal.js';
import { type Sqlite, type SqlRow, type SqlValue, transact } from './sqlite.js';

/** One API key as it is stored: never the key itself. Times are milliseconds since the epoch. */
export interface KeyRow {
  /** The eight characters by which the key is looked up and named. */
  readonly id: string;
  readonly principal: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, string>>;
  /** What the key is narrowed to, `resource:action` each; absent: whatever its roles may. */
  readonly grants?: readonly string[];
  readonly hash: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  readonly lastUsedAt?: number;
  /** The key that this one replaces. */
  readonly rotatedFrom?: string;
}

export interface KeyTable {
  /** Sees at once what any process on the same database wrote. */
  find(id: string): KeyRow | undefined;
  /** Oldest first, revoked and expired ones included. */
  list(): Promise<KeyRow[]>;
  insert(row: KeyRow): Promise<void>;
  /** Inserts the very first key; false, and nothing, once there has been any. */
  insertFirst(row: KeyRow): Promise<boolean>;
  /** In one step, ends the old key at `endsAt` and inserts the one that replaces it. */
  replace(old: { readonly id: string; readonly endsAt: number }, row: KeyRow): Promise<void>;
  /** False when there is no such key or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
  /** Remembers the use; an earlier `at` than the one remembered changes nothing. */
  touch(id: string, at: number): Promise<void>;
}

/** A row's columns, in the order in which they are inserted. */
const columns = [
  'id',
  'principal',
  'tenant',
  'roles',
  'labels',
  'hash',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'rotated_from',
  'grants',
] as const;

export class SqliteKeyTable implements KeyTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  find(id: string): KeyRow | undefined {
    const row = this.#sqlite.prepare('SELECT * FROM api_key WHERE id = ?').get(id);
    return row === undefined ? undefined : toKeyRow(row);
  }

  async list(): Promise<KeyRow[]> {
    return this.#sqlite.prepare('SELECT * FROM api_key ORDER BY created_at, id').all().map(toKeyRow);
  }

  async insert(row: KeyRow): Promise<void> {
    this.#insert(row);
  }

  async insertFirst(row: KeyRow): Promise<boolean> {
    return transact(this.#sqlite, () => {
      if (this.#sqlite.prepare('SELECT 1 FROM api_key LIMIT 1').get() !== undefined) return false;
      this.#insert(row);
      return true;
    });
  }

  async replace(old: { readonly id: string; readonly endsAt: number }, row: KeyRow): Promise<void> {
    transact(this.#sqlite, () => {
      this.#insert(row);
      this.#sqlite.prepare('UPDATE api_key SET expires_at = ? WHERE id = ?').run(old.endsAt, old.id);
    });
  }

  async revoke(id: string, at: number): Promise<boolean> {
    const { changes } = this.#sqlite
      .prepare('UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(at, id);
    return Number(changes) > 0;
  }

  async touch(id: string, at: number): Promise<void> {
    this.#sqlite
      .prepare('UPDATE api_key SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?')
      .run(at, id);
  }

  #insert(row: KeyRow): void {
    const places = columns.map(() => '?').join(', ');
    this.#sqlite
      .prepare(`INSERT INTO api_key (${columns.join(', ')}) VALUES (${places})`)
      .run(...toValues(row));
  }
}

function toValues(row: KeyRow): SqlValue[] {
  return [
    row.id,
    row.principal,
    row.tenant,
    JSON.stringify(row.roles),
    JSON.stringify(row.labels),
    row.hash,
    row.createdAt,
    row.expiresAt ?? null,
    row.revokedAt ?? null,
    row.lastUsedAt ?? null,
    row.rotatedFrom ?? null,
    row.grants === undefined ? null : JSON.stringify(row.grants),
  ];
}

function toKeyRow(row: SqlRow): KeyRow {
  return {
    id: String(row.id),
    principal: String(row.principal),
    tenant: String(row.tenant),
    roles: JSON.parse(String(row.roles)) as Role[],
    labels: JSON.parse(String(row.labels)) as Record<string, string>,
    hash: row.hash as Uint8Array,
    createdAt: Number(row.created_at),
    ...(row.expires_at === null ? {} : { expiresAt: Number(row.expires_at) }),
    ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
    ...(row.rotated_from === null ? {} : { rotatedFrom: String(row.rotated_from) }),
    ...(row.grants === null ? {} : { grants: JSON.parse(String(row.grants)) as string[] }),
  };
}
