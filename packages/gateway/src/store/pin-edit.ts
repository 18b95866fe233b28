import {
  columns,
  type Definition,
  type Pin,
  type PinDecision,
  type PinKey,
  type PinKind,
  thatPin,
  toPin,
  valuesOf,
} from './pin.js';
import type { Sqlite, SqlValue, Statement } from './sqlite.js';

/** Changes within one step. */
export interface PinEdit {
  list(upstream: string, kind: PinKind): Pin[];
  /** Characters of all definitions of that kind, without those of the history. */
  size(upstream: string, kind: PinKind): number;
  /** The upstream offers this now; a pin that is not known yet is made. */
  offer(key: PinKey, definition: Definition, at: number): void;
  /** The last list did not hold it. */
  gone(key: PinKey): void;
  /** What is present was seen at a time, which is noted where the time noted before is older than `sinceMs`. */
  seen(place: Omit<PinKey, 'name'>, at: number, sinceMs: number): void;
  /** What was accepted before goes to the history. An earlier rejection ends. */
  accept(key: PinKey, definition: Definition, decision: Omit<PinDecision, 'digest'>): void;
  /** A definition that was accepted is so no longer. */
  reject(key: PinKey, decision: PinDecision): void;
  remove(key: PinKey): void;
}

const keptHistory = 10;

/** Works within a transaction that its caller began. */
export class SqlitePinEdit implements PinEdit {
  readonly #sqlite: Sqlite;
  /** A list of thousands is one transaction. */
  readonly #statements = new Map<string, Statement>();

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  list(upstream: string, kind: PinKind): Pin[] {
    return this.#sqlite
      .prepare(`SELECT ${columns} FROM pin WHERE upstream = ? AND kind = ?`)
      .all(upstream, kind)
      .map(toPin);
  }

  size(upstream: string, kind: PinKind): number {
    const sum = 'SELECT coalesce(sum(size), 0) AS size FROM pin WHERE upstream = ? AND kind = ?';
    return Number(this.#sqlite.prepare(sum).get(upstream, kind)?.size);
  }

  offer(key: PinKey, { digest, text }: Definition, at: number): void {
    this.#run(
      `INSERT INTO pin (upstream, kind, name, offered, offered_definition, present, first_seen, last_seen)
       VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6)
       ON CONFLICT DO UPDATE SET offered = ?4, present = 1, last_seen = ?6,
         offered_definition = CASE accepted WHEN ?4 THEN NULL ELSE ?5 END`,
      [...valuesOf(key), digest, text, at],
    );
  }

  gone(key: PinKey): void {
    this.#run(`UPDATE pin SET present = 0 WHERE ${thatPin}`, valuesOf(key));
  }

  seen({ upstream, kind }: Omit<PinKey, 'name'>, at: number, sinceMs: number): void {
    this.#run(
      'UPDATE pin SET last_seen = ? WHERE upstream = ? AND kind = ? AND present = 1 AND last_seen < ?',
      [at, upstream, kind, at - sinceMs],
    );
  }

  accept(key: PinKey, { digest, text }: Definition, { by, at }: Omit<PinDecision, 'digest'>): void {
    this.#keepHistory(key, at);
    this.#run(
      `INSERT INTO pin (upstream, kind, name, accepted, accepted_definition, accepted_by, accepted_at, offered, present, first_seen, last_seen)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, 0, ?7, ?7)
       ON CONFLICT DO UPDATE SET accepted = ?4, accepted_definition = ?5, accepted_by = ?6, accepted_at = ?7,
         rejected = NULL, rejected_by = NULL, rejected_at = NULL,
         offered_definition = CASE offered WHEN ?4 THEN NULL ELSE coalesce(offered_definition, accepted_definition) END`,
      [...valuesOf(key), digest, text, by, at],
    );
  }

  reject(key: PinKey, { digest, by, at }: PinDecision): void {
    const values = [...valuesOf(key), digest, by, at];
    this.#keepHistory(key, at, digest);
    this.#run(
      `UPDATE pin SET rejected = ?4, rejected_by = ?5, rejected_at = ?6,
         offered_definition = coalesce(offered_definition, accepted_definition),
         accepted_definition = CASE accepted WHEN ?4 THEN NULL ELSE accepted_definition END,
         accepted_by = CASE accepted WHEN ?4 THEN NULL ELSE accepted_by END,
         accepted_at = CASE accepted WHEN ?4 THEN NULL ELSE accepted_at END,
         accepted = CASE accepted WHEN ?4 THEN NULL ELSE accepted END
       WHERE upstream = ?1 AND kind = ?2 AND name = ?3`,
      values,
    );
  }

  remove(key: PinKey): void {
    this.#run(`DELETE FROM pin WHERE ${thatPin}`, valuesOf(key));
    this.#run(`DELETE FROM pin_history WHERE ${thatPin}`, valuesOf(key));
  }

  /** Keeps what was accepted and will not be any more; with `digest` only if it was that. */
  #keepHistory(key: PinKey, endedAt: number, digest?: string): void {
    const kept = this.#run(
      `INSERT INTO pin_history (upstream, kind, name, digest, definition, accepted_by, accepted_at, ended_at)
       SELECT upstream, kind, name, accepted, accepted_definition, accepted_by, accepted_at, ?4 FROM pin
       WHERE upstream = ?1 AND kind = ?2 AND name = ?3 AND accepted IS NOT NULL AND accepted = coalesce(?5, accepted)`,
      [...valuesOf(key), endedAt, digest ?? null],
    );
    if (kept > 0)
      this.#run(
        `DELETE FROM pin_history WHERE ${thatPin} AND id NOT IN
         (SELECT id FROM pin_history WHERE upstream = ?1 AND kind = ?2 AND name = ?3 ORDER BY id DESC LIMIT ${keptHistory})`,
        valuesOf(key),
      );
  }

  /** How many rows were changed. */
  #run(sql: string, values: readonly SqlValue[]): number {
    const statement = this.#statements.get(sql) ?? this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return Number(statement.run(...values).changes);
  }
}

/** Removes all pins of an upstream, within a transaction that its caller began. */
export function forgetPins(sqlite: Sqlite, upstream: string): void {
  for (const table of ['pin', 'pin_history'])
    sqlite.prepare(`DELETE FROM ${table} WHERE upstream = ?`).run(upstream);
  sqlite.exec('UPDATE pin_state SET changes = changes + 1');
}
