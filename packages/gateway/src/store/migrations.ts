/** Schema changes in order; the first is number 1. One that was released is never edited: add another. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE migration (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;

  CREATE TABLE record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    call TEXT,
    caller TEXT,
    tool TEXT,
    upstream TEXT,
    effect TEXT,
    rule TEXT,
    rec BLOB NOT NULL,
    idx INTEGER,
    leaf BLOB
  ) STRICT;
  CREATE INDEX record_at ON record (at);
  CREATE INDEX record_type ON record (type);
  CREATE INDEX record_caller ON record (caller) WHERE caller IS NOT NULL;
  CREATE INDEX record_tool ON record (tool) WHERE tool IS NOT NULL;
  CREATE INDEX record_call ON record (call) WHERE call IS NOT NULL;
  CREATE UNIQUE INDEX record_idx ON record (idx) WHERE idx IS NOT NULL;

  CREATE TRIGGER record_is_final BEFORE UPDATE OF id, entry, at, type, call, caller, tool, upstream, effect, rule, rec
    ON record BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END;
  CREATE TRIGGER record_stays BEFORE DELETE
    ON record BEGIN SELECT RAISE(ABORT, 'audit records are never deleted'); END;

  CREATE TABLE payload (
    entry TEXT NOT NULL REFERENCES record (entry),
    part TEXT NOT NULL,
    salt BLOB NOT NULL,
    body TEXT,
    PRIMARY KEY (entry, part)
  ) STRICT;

  CREATE TABLE segment (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    tenant TEXT NOT NULL,
    roles TEXT NOT NULL,
    labels TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    rotated_from TEXT REFERENCES api_key (id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX api_key_rotated_from ON api_key (rotated_from) WHERE rotated_from IS NOT NULL;
  `,
];
