import { type FileIdentity, identityOf, isStillAt } from './file-identity.js';
import type { Sqlite, Statement } from './sqlite.js';

/**
 * A database that is opened anew when its file was removed or replaced: SQLite would go on with the file that nobody
 * else sees any more. Statements are for use at once, since the next `prepare` may end those before it.
 */
export class PlacedSqlite implements Sqlite {
  readonly #file: string;
  readonly #open: () => Sqlite;
  #sqlite: Sqlite;
  #identity: FileIdentity;

  constructor(file: string, open: () => Sqlite) {
    this.#file = file;
    this.#open = open;
    this.#sqlite = open();
    this.#identity = identityOf(file);
  }

  prepare(sql: string): Statement {
    return this.#current().prepare(sql);
  }

  exec(sql: string): void {
    this.#current().exec(sql);
  }

  close(): void {
    this.#sqlite.close();
  }

  #current(): Sqlite {
    if (isStillAt(this.#file, this.#identity)) return this.#sqlite;
    const fresh = this.#open();
    this.#sqlite.close();
    this.#sqlite = fresh;
    this.#identity = identityOf(this.#file);
    return fresh;
  }
}
