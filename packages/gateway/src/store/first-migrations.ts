/** The beginning of `migrations`: records, keys, the ledger, pins, holds, sessions and kill switches. */
export const firstMigrations: readonly string[] = [
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
  `
  -- What calls reserved and spent, in micro-units: made of the records themselves, in their transaction, so that the sums
  -- are those of the trail. An outcome may come in before its decision, from another process's segment.
  CREATE TABLE ledger (
    call TEXT NOT NULL,
    budget TEXT NOT NULL,
    unit TEXT NOT NULL,
    scope TEXT NOT NULL,
    until TEXT,
    reserved INTEGER,
    spent INTEGER,
    PRIMARY KEY (call, budget, unit, scope)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_open ON ledger (budget, unit, scope, until);
  CREATE TRIGGER record_is_charged AFTER INSERT ON record WHEN instr(new.rec, '"budget":[') > 0 BEGIN
    INSERT INTO ledger (call, budget, unit, scope, until, reserved, spent)
      SELECT new.call, value ->> 'id', value ->> 'unit', value ->> 'scope', value ->> 'until',
        CAST(value ->> 'reserve' AS INTEGER) * 1000000 + CASE instr(value ->> 'reserve', '.') WHEN 0 THEN 0 ELSE
          CAST(substr(substr(value ->> 'reserve', instr(value ->> 'reserve', '.') + 1) || '000000', 1, 6) AS INTEGER) END,
        CAST(value ->> 'spent' AS INTEGER) * 1000000 + CASE instr(value ->> 'spent', '.') WHEN 0 THEN 0 ELSE
          CAST(substr(substr(value ->> 'spent', instr(value ->> 'spent', '.') + 1) || '000000', 1, 6) AS INTEGER) END
      FROM json_each(new.rec, '$.budget') WHERE new.call IS NOT NULL
      ON CONFLICT DO UPDATE SET reserved = coalesce(reserved, excluded.reserved),
        spent = coalesce(spent, excluded.spent), until = coalesce(until, excluded.until);
  END;
  `,
  `
  CREATE TABLE pin (
    upstream TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    accepted TEXT,
    accepted_by TEXT,
    accepted_at INTEGER,
    rejected TEXT,
    rejected_by TEXT,
    rejected_at INTEGER,
    offered TEXT NOT NULL,
    present INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    -- Stands before the texts, so that a sum of sizes does not read them.
    size INTEGER GENERATED ALWAYS AS
      (coalesce(length(accepted_definition), 0) + coalesce(length(offered_definition), 0)) STORED,
    accepted_definition TEXT,
    -- NULL where it is the accepted one.
    offered_definition TEXT,
    UNIQUE (upstream, kind, name)
  ) STRICT;
  CREATE TABLE pin_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    upstream TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    definition TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pin_history_of ON pin_history (upstream, kind, name, id);
  -- One row, so that whoever keeps pins in memory learns cheaply that another process changed them.
  CREATE TABLE pin_state (changes INTEGER NOT NULL) STRICT;
  INSERT INTO pin_state (changes) VALUES (0);
  `,
  `
  -- One row per held call. facts never change; votes are a JSON array of the answers given.
  CREATE TABLE hold (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    caller TEXT NOT NULL,
    bind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    decided_at INTEGER,
    used_by TEXT,
    facts TEXT NOT NULL,
    votes TEXT NOT NULL,
    result TEXT
  ) STRICT;
  CREATE UNIQUE INDEX hold_pending ON hold (bind) WHERE state = 'pending' OR state = 'approved';
  CREATE INDEX hold_of_call ON hold (bind, seq);
  CREATE INDEX hold_open ON hold (until) WHERE state = 'pending' OR state = 'approved';
  CREATE INDEX hold_by_state ON hold (tenant, state, seq);
  CREATE INDEX hold_by_caller ON hold (tenant, caller, state, seq);
  `,
  `
  -- Whether the gateway itself made the call: 0 no, 1 yes, 2 yes and its caller has the result.
  ALTER TABLE hold ADD COLUMN carried INTEGER NOT NULL DEFAULT 0
  `,
  `
  -- Decided, and not yet on record.
  CREATE INDEX hold_unsettled ON hold (decided_at) WHERE state = 'pending' AND decided_at IS NOT NULL;
  CREATE INDEX hold_result ON hold (decided_at) WHERE result IS NOT NULL;
  `,
  `
  -- What was made over REST, every version of it: the highest of a name counts, and one without content is its end.
  CREATE TABLE layer_version (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    revision TEXT NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    note TEXT,
    content TEXT,
    UNIQUE (kind, tenant, name, version)
  ) STRICT;
  -- One row, so that every gateway on the database learns cheaply that something was changed.
  CREATE TABLE layer_state (changes INTEGER NOT NULL) STRICT;
  INSERT INTO layer_state (changes) VALUES (0);
  `,
  `
  -- What a key is narrowed to: a JSON array of resource:action, or NULL for whatever its roles may.
  ALTER TABLE api_key ADD COLUMN grants TEXT
  `,
  `
  -- Of the token of a session only its digest is kept. automatic: what the gateway made it for, where it did by itself.
  CREATE TABLE session (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    token_hash BLOB NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    credential TEXT NOT NULL,
    agent TEXT NOT NULL,
    scopes TEXT NOT NULL,
    labels TEXT NOT NULL,
    budgets TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    root TEXT NOT NULL,
    parent TEXT,
    automatic TEXT
  ) STRICT;
  CREATE INDEX session_of ON session (tenant, principal, seq);
  CREATE INDEX session_parent ON session (parent) WHERE parent IS NOT NULL;
  CREATE INDEX session_automatic ON session (automatic, seq) WHERE automatic IS NOT NULL;
  CREATE INDEX session_end ON session (expires_at) WHERE expires_at IS NOT NULL;
  `,
  `
  CREATE TABLE kill_switch (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    thrown_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (tenant, scope, name)
  ) STRICT, WITHOUT ROWID;
  -- One row, so that every process learns cheaply that another one changed them.
  CREATE TABLE kill_state (changes INTEGER NOT NULL) STRICT;
  INSERT INTO kill_state (changes) VALUES (0);
  `,
];
