import { isoTime } from '../lib/clock.js';
import type { Balance } from '../model/charge.js';
import type { Sqlite, SqlRow } from './sqlite.js';

/** What calls reserved and spent, as their records say. */
export interface LedgerTable {
  /** What each counter has used up, of stretches that are not over at `now` and of budgets that never begin anew. */
  balances(now: number): Balance[];
}

export class SqliteLedgerTable implements LedgerTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  balances(now: number): Balance[] {
    // As text, because sums may leave what a JavaScript number holds exactly.
    const rows = this.#sqlite
      .prepare(
        `SELECT budget, unit, scope, until, CAST(sum(coalesce(spent, reserved, 0)) AS TEXT) AS used
         FROM ledger WHERE until IS NULL OR until > ? GROUP BY budget, unit, scope, until`,
      )
      .all(isoTime(now));
    return rows.map(balanceOf);
  }
}

function balanceOf({ budget, unit, scope, until, used }: SqlRow): Balance {
  const balance = {
    budget: String(budget),
    unit: String(unit),
    scope: String(scope),
    usedMicros: BigInt(String(used)),
  };
  return until === null || until === undefined ? balance : { ...balance, until: Date.parse(String(until)) };
}
