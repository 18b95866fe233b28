import type { KillScope, KillSwitch } from '../model/kill-switch.js';
import { type Sqlite, type SqlRow, transact } from './sqlite.js';

/** The kill switches that are thrown. */
export interface KillTable {
  /** Oldest first. */
  list(): KillSwitch[];
  /** The one that stands, without a record at first: another for the same changes nothing. */
  insert(one: KillSwitch): KillSwitch;
  /** From now on the record of it is written. */
  recorded(id: string): void;
  /** False when there is no such one. */
  remove(id: string): boolean;
  /** A number that is another after each change, by whatever process. */
  changes(): number;
}

export class SqliteKillTable implements KillTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  list(): KillSwitch[] {
    return this.#sqlite.prepare('SELECT * FROM kill_switch ORDER BY at, id').all().map(killSwitchOf);
  }

  insert({ id, tenant, scope, name, reason, by, at }: KillSwitch): KillSwitch {
    return transact(this.#sqlite, () => {
      const sql = `INSERT INTO kill_switch (id, tenant, scope, name, reason, thrown_by, at, unrecorded)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`;
      const { changes } = this.#sqlite.prepare(sql).run(id, tenant, scope, name, reason, by, at);
      if (Number(changes) === 1) this.#changed();
      const found = this.#sqlite
        .prepare('SELECT * FROM kill_switch WHERE tenant = ? AND scope = ? AND name = ?')
        .get(tenant, scope, name);
      if (found === undefined) throw new Error('a kill switch could not be kept');
      return killSwitchOf(found);
    });
  }

  recorded(id: string): void {
    this.#sqlite.prepare('UPDATE kill_switch SET unrecorded = 0 WHERE id = ?').run(id);
  }

  remove(id: string): boolean {
    return transact(this.#sqlite, () => {
      const { changes } = this.#sqlite.prepare('DELETE FROM kill_switch WHERE id = ?').run(id);
      if (Number(changes) === 1) this.#changed();
      return Number(changes) === 1;
    });
  }

  changes(): number {
    return Number(this.#sqlite.prepare('SELECT changes FROM kill_state').get()?.changes);
  }

  #changed(): void {
    this.#sqlite.prepare('UPDATE kill_state SET changes = changes + 1').run();
  }
}

function killSwitchOf(row: SqlRow): KillSwitch {
  return {
    id: String(row.id),
    tenant: String(row.tenant),
    scope: String(row.scope) as KillScope,
    name: String(row.name),
    reason: String(row.reason),
    by: String(row.thrown_by),
    at: Number(row.at),
    ...(row.unrecorded === 0 ? {} : { isUnrecorded: true }),
  };
}
