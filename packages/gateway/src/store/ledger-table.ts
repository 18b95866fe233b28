import { isoTime } from '../lib/clock.js';
import type { Balance } from '../model/charge.js';
import { never } from './charge-row.js';
import type { Sqlite, SqlRow, SqlValue } from './sqlite.js';

/** What calls reserved and spent, as their records say. */
export interface LedgerTable {
  /** What each counter has used up, of stretches that are not over at `now`. */
  balances(now: number): Balance[];
  /** What one counter of a budget that never begins anew has used up, in micro-units. */
  totalOf(counter: Pick<Balance, 'budget' | 'unit' | 'scope'>): bigint;
  /** Counters whose stretch is not over, by budget, unit and scope. */
  counters(page: CounterPage): LedgerCounter[];
  /** What calls took of a budget, the latest call first. */
  entries(page: EntryPage): LedgerEntry[];
}

/** One counter of a budget, and whose first call it was. */
export interface LedgerCounter extends Balance {
  readonly tenant: string;
  /** How many calls took of it. */
  readonly calls: number;
}

export interface CounterPage {
  readonly now: number;
  readonly tenant: string;
  /** The last one of the page before. */
  readonly after?: Pick<LedgerCounter, 'budget' | 'unit' | 'scope' | 'until'> | undefined;
  readonly limit: number;
}

/** What one call took of a budget. */
export interface LedgerEntry extends Omit<Balance, 'usedMicros'> {
  readonly call: string;
  readonly reservedMicros?: bigint | undefined;
  /** Absent while the call is under way, and where nobody knows how it ended. */
  readonly spentMicros?: bigint | undefined;
}

export interface EntryPage {
  readonly tenant: string;
  readonly budget: string;
  /** Of this call and earlier ones nothing more. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** As text, because sums may leave what a JavaScript number holds exactly. */
const used = 'CAST(coalesce(sum(coalesce(spent, reserved, 0)), 0) AS TEXT) AS used';

export class SqliteLedgerTable implements LedgerTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  balances(now: number): Balance[] {
    const rows = this.#sqlite
      .prepare(
        `SELECT budget, unit, scope, until, ${used}
         FROM ledger WHERE until > ? GROUP BY budget, unit, scope, until`,
      )
      .all(isoTime(now));
    return rows.map(balanceOf);
  }

  counters({ now, tenant, after, limit }: CounterPage): LedgerCounter[] {
    const last =
      after === undefined ? ['', '', '', ''] : [after.budget, after.unit, after.scope, textOf(after.until)];
    // The page is cut before anything is added up.
    const sql = `SELECT page.budget, page.unit, page.scope, nullif(page.until, '${never}') AS until, count(*) AS calls, ${used}
      FROM (
        SELECT budget, unit, scope, until FROM counter
        WHERE tenant = ? AND until > ? AND (budget, unit, scope, until) > (?, ?, ?, ?)
        ORDER BY budget, unit, scope, until LIMIT ?
      ) AS page CROSS JOIN ledger ON ledger.budget = page.budget AND ledger.unit = page.unit
        AND ledger.scope = page.scope AND ledger.until IS nullif(page.until, '${never}')
      GROUP BY page.budget, page.unit, page.scope, page.until
      ORDER BY page.budget, page.unit, page.scope, page.until`;
    const rows = this.#sqlite.prepare(sql).all(tenant, isoTime(now), ...last, limit);
    return rows.map((row) => ({
      budget: String(row.budget),
      unit: String(row.unit),
      scope: String(row.scope),
      ...untilIn(row),
      usedMicros: BigInt(String(row.used)),
      calls: Number(row.calls),
      tenant,
    }));
  }

  entries({ tenant, budget, before, limit }: EntryPage): LedgerEntry[] {
    const sql = `SELECT call, budget, unit, scope, until, CAST(reserved AS TEXT) AS reserved, CAST(spent AS TEXT) AS spent
      FROM ledger
      WHERE tenant = ? AND budget = ? AND call < ? ORDER BY call DESC, unit, scope LIMIT ?`;
    const rows = this.#sqlite.prepare(sql).all(tenant, budget, before ?? never, limit);
    return rows.map((row) => ({
      call: String(row.call),
      budget: String(row.budget),
      unit: String(row.unit),
      scope: String(row.scope),
      ...untilIn(row),
      reservedMicros: microsIn(row.reserved),
      spentMicros: microsIn(row.spent),
    }));
  }

  totalOf({ budget, unit, scope }: Pick<Balance, 'budget' | 'unit' | 'scope'>): bigint {
    const sql = `SELECT ${used} FROM ledger WHERE budget = ? AND unit = ? AND scope = ? AND until IS NULL`;
    return BigInt(String(this.#sqlite.prepare(sql).get(budget, unit, scope)?.used));
  }
}

function textOf(until: number | undefined): string {
  return until === undefined ? never : isoTime(until);
}

function microsIn(value: SqlValue | undefined): bigint | undefined {
  return value === null || value === undefined ? undefined : BigInt(String(value));
}

function untilIn({ until }: SqlRow): { until?: number } {
  return until === null || until === undefined ? {} : { until: Date.parse(String(until)) };
}

function balanceOf({ budget, unit, scope, until, used: micros }: SqlRow): Balance {
  return {
    budget: String(budget),
    unit: String(unit),
    scope: String(scope),
    until: Date.parse(String(until)),
    usedMicros: BigInt(String(micros)),
  };
}
