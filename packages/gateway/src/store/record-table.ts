import type { Kysely } from 'kysely';
import type { AuditRecord } from '../model/record.js';
import type { Tables } from './tables.js';

/** All members must hold; absent ones do not matter. Names are compared exactly. */
export interface RecordFilter {
  readonly type?: readonly string[];
  readonly call?: string;
  /** The principal's id. */
  readonly caller?: string;
  /** The name by which callers know the tool. */
  readonly tool?: string;
  readonly upstream?: string;
  readonly effect?: string;
  readonly rule?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number;
  /** The id of the last row of the page before. */
  readonly after?: number;
  /** At most 1000 rows come at a time. */
  readonly limit: number;
  readonly order: 'asc' | 'desc';
}

export interface RecordRow {
  /** Grows in the order in which records came into the database. */
  readonly id: number;
  readonly entry: string;
  readonly record: AuditRecord;
  /** JSON text of what was kept of the call's content. */
  readonly payloads: { readonly args?: string; readonly result?: string };
}

export interface RecordTable {
  query(filter: RecordFilter): Promise<RecordRow[]>;
}

const longestPage = 1000;
const columns = ['call', 'caller', 'tool', 'upstream', 'effect', 'rule'] as const;

/** The audit records that the journal has brought into SQLite: those of the last 200 ms may still be on their way. */
export class SqliteRecordTable implements RecordTable {
  readonly #queries: Kysely<Tables>;

  constructor(queries: Kysely<Tables>) {
    this.#queries = queries;
  }

  async query(filter: RecordFilter): Promise<RecordRow[]> {
    const rows = await this.#select(filter).execute();
    const bodies = await this.#bodiesOf(rows.map(({ entry }) => entry));
    return rows.map(({ id, entry, rec }) => ({
      id,
      entry,
      record: JSON.parse(Buffer.from(rec).toString()) as AuditRecord,
      payloads: bodies.get(entry) ?? {},
    }));
  }

  #select(filter: RecordFilter) {
    const { type, since, until, after, order } = filter;
    const limit = Math.min(Math.max(Math.trunc(filter.limit), 1), longestPage);
    let query = this.#queries
      .selectFrom('record')
      .select(['id', 'entry', 'rec'])
      .orderBy('id', order)
      .limit(limit);
    for (const column of columns) {
      const value = filter[column];
      if (value !== undefined) query = query.where(column, '=', value);
    }
    if (type !== undefined) query = query.where('type', 'in', type);
    if (since !== undefined) query = query.where('at', '>=', since);
    if (until !== undefined) query = query.where('at', '<', until);
    if (after !== undefined) query = query.where('id', order === 'asc' ? '>' : '<', after);
    return query;
  }

  async #bodiesOf(entries: readonly string[]): Promise<Map<string, { args?: string; result?: string }>> {
    const bodies = new Map<string, { args?: string; result?: string }>();
    if (entries.length === 0) return bodies;
    const rows = await this.#queries
      .selectFrom('payload')
      .select(['entry', 'part', 'body'])
      .where('entry', 'in', entries)
      .where('body', 'is not', null)
      .execute();
    for (const { entry, part, body } of rows) bodies.set(entry, { ...bodies.get(entry), [part]: body });
    return bodies;
  }
}
