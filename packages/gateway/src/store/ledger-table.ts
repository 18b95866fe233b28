import { isoTime } from '../lib/clock.js';
import type { Balance } from '../model/charge.js';
import type { Sqlite, SqlRow } from './sqlite.js';

/** What calls reserved and spent, as their records say. */
export interface LedgerTable {
  /** What each counter has used up, of stretches that are not over at `now`. */
  balances(now: number): Balance[];
  /** What one counter of a budget that never begins anew has used up, in micro-units. */
  totalOf(counter: Pick<Balance, 'budget' | 'unit' | 'scope'>): bigint;
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

  totalOf({ budget, unit, scope }: Pick<Balance, 'budget' | 'unit' | 'scope'>): bigint {
    const sql = `SELECT ${used} FROM ledger WHERE budget = ? AND unit = ? AND scope = ? AND until IS NULL`;
    return BigInt(String(this.#sqlite.prepare(sql).get(budget, unit, scope)?.used));
  }
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
