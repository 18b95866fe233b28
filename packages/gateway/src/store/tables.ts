import type { Generated } from 'kysely';
import { Kysely, SqliteDialect } from 'kysely';
import type { Sqlite, SqlValue } from './sqlite.js';

/** The columns of each table, as the latest migration leaves them. */
export interface Tables {
  record: {
    id: Generated<number>;
    entry: string;
    at: number;
    type: string;
    call: string | null;
    caller: string | null;
    tool: string | null;
    upstream: string | null;
    effect: string | null;
    rule: string | null;
    rec: Uint8Array;
    idx: Generated<number | null>;
    leaf: Generated<Uint8Array | null>;
  };
  payload: { entry: string; part: string; salt: Uint8Array; body: string | null };
  segment: { name: string; position: number };
  api_key: {
    id: string;
    principal: string;
    tenant: string;
    roles: string;
    labels: string;
    hash: Uint8Array;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    last_used_at: number | null;
    rotated_from: string | null;
  };
}

/** Typed queries over an open database, which stays its owner's to close. */
export function queriesOver(sqlite: Sqlite): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: {
        close: () => undefined,
        prepare(sql) {
          const statement = sqlite.prepare(sql);
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...(parameters as SqlValue[])),
            run: (parameters) => statement.run(...(parameters as SqlValue[])),
            iterate: (parameters) => statement.iterate(...(parameters as SqlValue[])),
          };
        },
      },
    }),
  });
}
