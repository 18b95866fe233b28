import {
  columns,
  type PastPin,
  type Pin,
  type PinDefinitions,
  type PinKey,
  thatPin,
  toPin,
  valuesOf,
} from './pin.js';
import { type PinEdit, SqlitePinEdit } from './pin-edit.js';
import { type Sqlite, transact } from './sqlite.js';

/** The accepted definitions of tools and prompts. Whatever throws changed nothing. */
export interface PinTable {
  /** A number that grows with every change, of any process. */
  changes(): number;
  /** All, or those of one upstream, by upstream, kind and name. */
  list(upstream?: string): Pin[];
  definitions(key: PinKey): PinDefinitions | undefined;
  /** Newest first, at most ten. */
  history(key: PinKey): PastPin[];
  /** Changes pins in one step; `work` sees what every other process wrote before. */
  change<Result>(work: (pins: PinEdit) => Result): Result;
}

export class SqlitePinTable implements PinTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  changes(): number {
    return Number(this.#sqlite.prepare('SELECT changes FROM pin_state').get()?.changes ?? 0);
  }

  list(upstream?: string): Pin[] {
    const where = upstream === undefined ? '' : 'WHERE upstream = ?';
    const values = upstream === undefined ? [] : [upstream];
    return this.#sqlite
      .prepare(`SELECT ${columns} FROM pin ${where} ORDER BY upstream, kind DESC, name`)
      .all(...values)
      .map(toPin);
  }

  definitions(key: PinKey): PinDefinitions | undefined {
    const row = this.#sqlite
      .prepare(`SELECT accepted, accepted_definition, offered, offered_definition FROM pin WHERE ${thatPin}`)
      .get(...valuesOf(key));
    if (row === undefined) return undefined;
    const { accepted, accepted_definition: acceptedText, offered, offered_definition: offeredText } = row;
    return {
      ...(accepted === null ? {} : { accepted: { digest: String(accepted), text: String(acceptedText) } }),
      // What is offered is kept once where it is what is accepted.
      offered: { digest: String(offered), text: String(offeredText ?? acceptedText) },
    };
  }

  history(key: PinKey): PastPin[] {
    return this.#sqlite
      .prepare(
        `SELECT digest, definition, accepted_by, accepted_at, ended_at FROM pin_history WHERE ${thatPin} ORDER BY id DESC`,
      )
      .all(...valuesOf(key))
      .map((row) => ({
        digest: String(row.digest),
        definition: String(row.definition),
        by: String(row.accepted_by),
        at: Number(row.accepted_at),
        endedAt: Number(row.ended_at),
      }));
  }

  change<Result>(work: (pins: PinEdit) => Result): Result {
    return transact(this.#sqlite, () => {
      const result = work(new SqlitePinEdit(this.#sqlite));
      this.#sqlite.exec('UPDATE pin_state SET changes = changes + 1');
      return result;
    });
  }
}
