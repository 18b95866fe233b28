import type { Kysely } from 'kysely';
import type { Role } from '../model/principal.js';
import type { Sqlite, SqlRow, Statement } from './sqlite.js';
import type { Tables } from './tables.js';

/** One API key as it is stored: never the key itself. Times are milliseconds since the epoch. */
export interface KeyRow {
  /** The eight characters by which the key is looked up and named. */
  readonly id: string;
  readonly principal: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, string>>;
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
  /** In one step, ends the old key at `endsAt` and inserts the one that replaces it. */
  replace(old: { readonly id: string; readonly endsAt: number }, row: KeyRow): Promise<void>;
  /** False when there is no such key or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
  /** Remembers the use; an earlier `at` than the one remembered changes nothing. */
  touch(id: string, at: number): Promise<void>;
}

export class SqliteKeyTable implements KeyTable {
  readonly #queries: Kysely<Tables>;
  readonly #find: Statement;

  constructor(sqlite: Sqlite, queries: Kysely<Tables>) {
    this.#queries = queries;
    this.#find = sqlite.prepare('SELECT * FROM api_key WHERE id = ?');
  }

  find(id: string): KeyRow | undefined {
    const row = this.#find.get(id);
    return row === undefined ? undefined : toKeyRow(row);
  }

  async list(): Promise<KeyRow[]> {
    const rows = await this.#queries
      .selectFrom('api_key')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(toKeyRow);
  }

  async insert(row: KeyRow): Promise<void> {
    await this.#queries.insertInto('api_key').values(toColumns(row)).execute();
  }

  async replace(old: { readonly id: string; readonly endsAt: number }, row: KeyRow): Promise<void> {
    await this.#queries.transaction().execute(async (step) => {
      // Inserting comes first: a transaction that starts with a write never has to give way to another writer.
      await step.insertInto('api_key').values(toColumns(row)).execute();
      await step.updateTable('api_key').set({ expires_at: old.endsAt }).where('id', '=', old.id).execute();
    });
  }

  async revoke(id: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#queries
      .updateTable('api_key')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#queries
      .updateTable('api_key')
      .set({ last_used_at: at })
      .where('id', '=', id)
      .where((column) => column.or([column('last_used_at', 'is', null), column('last_used_at', '<', at)]))
      .execute();
  }
}

function toColumns(row: KeyRow): Tables['api_key'] {
  return {
    id: row.id,
    principal: row.principal,
    tenant: row.tenant,
    roles: JSON.stringify(row.roles),
    labels: JSON.stringify(row.labels),
    hash: row.hash,
    created_at: row.createdAt,
    expires_at: row.expiresAt ?? null,
    revoked_at: row.revokedAt ?? null,
    last_used_at: row.lastUsedAt ?? null,
    rotated_from: row.rotatedFrom ?? null,
  };
}

function toKeyRow(columns: SqlRow | Tables['api_key']): KeyRow {
  const row = columns as Tables['api_key'];
  return {
    id: row.id,
    principal: row.principal,
    tenant: row.tenant,
    roles: JSON.parse(row.roles) as Role[],
    labels: JSON.parse(row.labels) as Record<string, string>,
    hash: row.hash,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ...(row.rotated_from === null ? {} : { rotatedFrom: row.rotated_from }),
  };
}
