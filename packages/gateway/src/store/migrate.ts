import { migrations } from './migrations.js';
import { type Sqlite, transact } from './sqlite.js';

/**
 * Brings the schema up to date. Several processes may do so at once: one works, the others wait and find it done.
 * Throws for a database that a newer version has written.
 */
export function migrate(sqlite: Sqlite, at: number): void {
  if (versionOf(sqlite) === migrations.length) return;
  transact(sqlite, () => {
    const version = versionOf(sqlite);
    if (version > migrations.length) {
      throw new Error(
        `the database has schema ${version}, this version of sallyport knows ${migrations.length}: use the newer version`,
      );
    }
    for (const [index, sql] of migrations.slice(version).entries()) {
      sqlite.exec(sql);
      sqlite.prepare('INSERT INTO migration (version, at) VALUES (?, ?)').run(version + index + 1, at);
    }
  });
}

function versionOf(sqlite: Sqlite): number {
  const known = sqlite
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'")
    .get();
  if (known === undefined) return 0;
  return Number(sqlite.prepare('SELECT coalesce(max(version), 0) AS version FROM migration').get()?.version);
}
