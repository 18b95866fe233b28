import { chargeColumns } from './charge-row.js';
import { insertedColumns, type RecordToInsert } from './record-row.js';
import type { Sqlite, Statement } from './sqlite.js';

/**
 * Inserts records, and what they say of budgets into the ledger; one transaction must hold both. A trigger would do the
 * same at six times the cost: with one on the table SQLite copies each page before each insert changes it.
 */
export class RecordWriter {
  readonly #insertRecord: Statement;
  readonly #insertCharge: Statement;

  constructor(sqlite: Sqlite) {
    this.#insertRecord = sqlite.prepare(
      `INSERT INTO record (${insertedColumns}) VALUES (${placesFor(insertedColumns)}) ON CONFLICT (entry) DO NOTHING`,
    );
    // An outcome may come in before its decision, from another process's segment.
    this.#insertCharge = sqlite.prepare(
      `INSERT INTO ledger (call, ${chargeColumns}) VALUES (?, ${placesFor(chargeColumns)})
       ON CONFLICT DO UPDATE SET reserved = coalesce(reserved, excluded.reserved),
         spent = coalesce(spent, excluded.spent), until = coalesce(until, excluded.until)`,
    );
  }

  /** An entry that is there already is left alone. */
  insert({ row, call, charges }: RecordToInsert): void {
    const { changes } = this.#insertRecord.run(...row);
    if (call === null || Number(changes) === 0) return;
    for (const charge of charges) this.#insertCharge.run(call, ...charge);
  }
}

function placesFor(columns: string): string {
  return columns.replaceAll(/\w+/g, '?');
}
