import { isoTime } from '../lib/clock.js';
import { attemptColumns } from './attempt-row.js';
import { type ChargeRow, chargeColumns, never } from './charge-row.js';
import { insertedColumns, type RecordToInsert } from './record-row.js';
import { spendColumns } from './spend-row.js';
import type { Sqlite, Statement } from './sqlite.js';

const dayMs = 86_400_000;
const keptCounters = 1000;
/** So long an attempt is known. */
const attemptMs = dayMs;

/**
 * Inserts records, what they say of budgets into the ledger and of money besides, and the keys that callers asked under;
 * and uses the approvals that they name: a use counts with the commit of its record. One transaction must hold all of it.
 * A trigger would do the same at six times the cost: with one on the table SQLite copies each page before each insert
 * changes it.
 */
export class RecordWriter {
  readonly #insertRecord: Statement;
  readonly #insertCharge: Statement;
  readonly #insertCounter: Statement;
  readonly #forgetCounters: Statement;
  readonly #insertSpend: Statement;
  readonly #useHold: Statement;
  readonly #useEdit: Statement;
  readonly #forgetAttempts: Statement;
  readonly #insertAttempt: Statement;
  /** Counters that are in the database. Whoever undoes a transaction drops this writer with it. */
  readonly #counters = new Set<string>();

  constructor(sqlite: Sqlite) {
    this.#insertRecord = sqlite.prepare(
      `INSERT INTO record (${insertedColumns}) VALUES (${placesFor(insertedColumns)}) ON CONFLICT (entry) DO NOTHING`,
    );
    // An outcome may come in before its decision, from another process's segment.
    this.#insertCharge = sqlite.prepare(
      `INSERT INTO ledger (call, tenant, ${chargeColumns}) VALUES (?, ?, ${placesFor(chargeColumns)})
       ON CONFLICT DO UPDATE SET reserved = coalesce(reserved, excluded.reserved),
         spent = coalesce(spent, excluded.spent), until = coalesce(until, excluded.until)`,
    );
    this.#insertCounter = sqlite.prepare(
      'INSERT OR IGNORE INTO counter (tenant, budget, unit, scope, until) VALUES (?, ?, ?, ?, ?)',
    );
    this.#forgetCounters = sqlite.prepare('DELETE FROM counter WHERE until < ?');
    // What a call came to is mostly what was reserved for it; then there is nothing to write.
    this.#insertSpend = sqlite.prepare(
      `INSERT INTO spend (call, at, ${spendColumns}) VALUES (?, ?, ${placesFor(spendColumns)})
       ON CONFLICT (call) DO UPDATE SET at = min(at, excluded.at),
         reserved = coalesce(reserved, excluded.reserved), spent = coalesce(spent, excluded.spent)
       WHERE reserved IS NULL OR excluded.spent IS NOT reserved`,
    );
    // Whatever became of the row meanwhile: one that was given back keeps the name of the call that gave it back.
    this.#useHold = sqlite.prepare(
      `UPDATE hold SET used_at = coalesce(used_at, ?), state = 'used', used_by = ?, used_in = NULL
       WHERE id = ? AND (state = 'used' AND used_by = ? OR state = 'approved' AND used_by IS NOT ?)`,
    );
    this.#useEdit = sqlite.prepare('UPDATE hold SET used_in = NULL WHERE id = ? AND used_by = ?');
    this.#forgetAttempts = sqlite.prepare('DELETE FROM attempt WHERE at < ?');
    this.#insertAttempt = sqlite.prepare(
      `INSERT INTO attempt (call, type, at, ${attemptColumns}) VALUES (?, ?, ?, ${placesFor(attemptColumns)})
       ON CONFLICT (name) DO UPDATE SET call = excluded.call, type = excluded.type, at = excluded.at,
         digest = excluded.digest WHERE excluded.at >= attempt.at`,
    );
  }

  /** An entry that is there already is left alone. */
  insert({ row, call, tenant, charges, approval, edits, attempt, spend }: RecordToInsert): void {
    const { changes } = this.#insertRecord.run(...row);
    if (call === null || Number(changes) === 0) return;
    const [, at = null, type = null] = row;
    for (const charge of charges) this.#charge({ call, tenant, at: Number(at) }, charge);
    if (spend !== undefined) this.#insertSpend.run(call, at, ...spend);
    if (approval !== null) this.#useHold.run(at, call, approval, call, call);
    if (edits !== null) this.#useEdit.run(edits, call);
    if (attempt === undefined) return;
    this.#forgetAttempts.run(Number(at) - attemptMs);
    this.#insertAttempt.run(call, type, at, ...attempt);
  }

  #charge(
    { call, tenant, at }: { call: string; tenant: string | null; at: number },
    charge: ChargeRow,
  ): void {
    this.#insertCharge.run(call, tenant ?? 'default', ...charge);
    const [budget = null, unit = null, scope = null, until, reserved] = charge;
    if (reserved === null) return;
    const name = [budget, unit, scope, until].join('\0');
    if (this.#counters.has(name)) return;
    if (this.#counters.size >= keptCounters) this.#counters.clear();
    this.#counters.add(name);
    const { changes } = this.#insertCounter.run(tenant, budget, unit, scope, until ?? never);
    // A day later no clock goes back to it; the ledger keeps what it counted.
    if (Number(changes) > 0) this.#forgetCounters.run(isoTime(at - dayMs));
  }
}

function placesFor(columns: string): string {
  return columns.replaceAll(/\w+/g, '?');
}
