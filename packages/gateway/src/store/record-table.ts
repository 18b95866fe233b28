import type { AuditRecord } from '../model/record.js';
import type { Sqlite, SqlRow, SqlValue } from './sqlite.js';

/** All members must hold; absent ones do not matter. Names are compared exactly. */
export interface RecordFilter {
  readonly tenant?: string;
  readonly type?: readonly string[];
  readonly call?: string;
  /** Records of any of these calls. */
  readonly calls?: readonly string[];
  /** The name of a session, which is not its token. */
  readonly session?: string;
  /** The agent of the session or, without one, the principal's id. */
  readonly agent?: string;
  /** Any of these. */
  readonly effects?: readonly string[];
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
  /** What a caller tried last, of the latest records of everybody: never slow, whatever the trail holds. */
  latestOf(whose: LatestFilter): Promise<LatestCall[]>;
}

export interface LatestFilter {
  readonly caller: string;
  readonly tenant: string;
  readonly limit: number;
}

/** One decision, newest first. */
export interface LatestCall {
  readonly at: string;
  readonly target: string;
  readonly effect: string;
}

const latestLooked = 5000;

const longestPage = 1000;
const columns = ['call', 'caller', 'tool', 'upstream', 'effect', 'rule'] as const;

/**
 * The audit records that the journal has brought into SQLite: those of the last 200 ms (10 s on a saturated machine)
 * may still be on their way; `drained` of the journal waits for them.
 */
export class SqliteRecordTable implements RecordTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  async query(filter: RecordFilter): Promise<RecordRow[]> {
    const conditions = conditionsOf(filter);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
    const order = filter.order === 'asc' ? 'ASC' : 'DESC';
    const limit = Math.min(Math.max(Math.trunc(filter.limit), 1), longestPage);
    const select = `SELECT id, entry, rec, part, body FROM record ${where} ORDER BY id ${order} LIMIT ?`;
    return this.#sqlite
      .prepare(select)
      .all(...conditions.flatMap(([, ...values]) => values), limit)
      .map(toRecordRow);
  }

  async latestOf({ caller, tenant, limit }: LatestFilter): Promise<LatestCall[]> {
    const latest = 'SELECT id, type, caller, tool, effect, rec FROM record ORDER BY id DESC LIMIT ?';
    const sql = `SELECT rec ->> '$.at' AS at, tool, effect FROM (${latest})
      WHERE type = 'call.decided' AND caller = ? AND rec ->> '$.tenant' = ? ORDER BY id DESC LIMIT ?`;
    const rows = this.#sqlite.prepare(sql).all(latestLooked, caller, tenant, limit);
    return rows.map(({ at, tool, effect }) => ({
      at: String(at),
      target: String(tool ?? ''),
      effect: String(effect ?? ''),
    }));
  }
}

/** SQL with its values. */
type Condition = readonly [sql: string, ...values: SqlValue[]];

function conditionsOf(filter: RecordFilter): Condition[] {
  const { tenant, type, effect, since, until, after, order } = filter;
  const conditions: Condition[] = [];
  for (const column of columns) {
    const value = filter[column];
    if (value !== undefined) conditions.push([`${column} = ?`, value]);
  }
  if (tenant !== undefined) conditions.push(["rec ->> '$.tenant' = ?", tenant]);
  // Says what the index needs to know to be used: nearly all records are of this tenant, and need none.
  if (tenant !== undefined && tenant !== 'default') conditions.push(["rec ->> '$.tenant' <> 'default'"]);
  // Says what the index of refusals needs to know to be used.
  if (effect !== undefined && effect !== 'allow') conditions.push(["effect <> 'allow'"]);
  const { calls, session, agent, effects } = filter;
  if (calls !== undefined) conditions.push([`call IN (${places(calls)})`, ...calls]);
  if (effects !== undefined) conditions.push([`effect IN (${places(effects)})`, ...effects]);
  if (session !== undefined) conditions.push(["rec ->> '$.session.id' = ?", session]);
  if (agent !== undefined) conditions.push(["coalesce(rec ->> '$.session.agent', caller) = ?", agent]);
  if (type !== undefined) conditions.push([`type IN (${places(type)})`, ...type]);
  if (since !== undefined) conditions.push(['at >= ?', since]);
  if (until !== undefined) conditions.push(['at < ?', until]);
  if (after !== undefined) conditions.push([order === 'asc' ? 'id > ?' : 'id < ?', after]);
  return conditions;
}

function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

function toRecordRow({ id, entry, rec, part, body }: SqlRow): RecordRow {
  return {
    id: Number(id),
    entry: String(entry),
    record: JSON.parse(String(rec)) as AuditRecord,
    payloads: body === null ? {} : { [String(part)]: String(body) },
  };
}
