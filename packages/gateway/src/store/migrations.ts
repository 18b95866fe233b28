/** Schema changes in order; the first is number 1. One that was released is never edited: add another. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE migration (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;

  -- salt and body are the content that goes with a record; they stand in its row, since a row of their own costs as
  -- much as the record itself.
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
    rec TEXT NOT NULL,
    part TEXT,
    salt BLOB,
    body TEXT,
    idx INTEGER,
    leaf BLOB
  ) STRICT;
  CREATE INDEX record_at ON record (at);
  CREATE INDEX record_call ON record (call) WHERE call IS NOT NULL;
  CREATE INDEX record_refused ON record (effect) WHERE effect <> 'allow';
  CREATE UNIQUE INDEX record_idx ON record (idx) WHERE idx IS NOT NULL;

  CREATE TRIGGER record_is_final
    BEFORE UPDATE OF id, entry, at, type, call, caller, tool, upstream, effect, rule, rec, part
    ON record BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END;
  CREATE TRIGGER record_stays BEFORE DELETE
    ON record BEGIN SELECT RAISE(ABORT, 'audit records are never deleted'); END;
  CREATE TRIGGER content_is_only_erased BEFORE UPDATE OF salt, body
    ON record WHEN new.salt IS NOT NULL OR new.body IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the content of a record is never changed, only erased'); END;

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
  'ALTER TABLE segment ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0',
];
