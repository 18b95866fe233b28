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
  `
  -- Channels that are told of holds, and what each is still to be told. Triggers keep this, so that whoever changes a
  -- hold, in whichever process, leaves the notice of it in the same transaction.
  CREATE TABLE channel (name TEXT PRIMARY KEY, tenant TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE notice (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    hold TEXT NOT NULL,
    channel TEXT NOT NULL,
    -- The version that there is to tell, and the one that was told last.
    wanted INTEGER NOT NULL DEFAULT 1,
    told INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    fault TEXT,
    failed_at INTEGER,
    place TEXT,
    -- The last version by means of which somebody has answered.
    spent INTEGER NOT NULL DEFAULT 0,
    UNIQUE (hold, channel)
  ) STRICT;
  CREATE INDEX notice_due ON notice (channel, next_at) WHERE wanted > told AND failed_at IS NULL;
  CREATE INDEX notice_failed ON notice (failed_at) WHERE failed_at IS NOT NULL;
  CREATE TRIGGER hold_is_told AFTER INSERT ON hold BEGIN
    INSERT INTO notice (channel, hold) SELECT name, new.id FROM channel
      WHERE tenant = new.tenant AND until > new.created_at;
  END;
  CREATE TRIGGER answer_is_told AFTER UPDATE OF votes, state ON hold
    WHEN old.state = 'pending' AND
      (new.state <> old.state OR new.votes <> old.votes AND new.decided_at IS NULL) BEGIN
    UPDATE notice SET wanted = wanted + 1, attempts = 0, next_at = 0, failed_at = NULL WHERE hold = new.id;
  END;
  CREATE TRIGGER hold_is_forgotten AFTER DELETE ON hold BEGIN DELETE FROM notice WHERE hold = old.id; END;
  `,
  `
  -- Readers of a tenant see its records only; those of the usual tenant are nearly all, and are found without.
  CREATE INDEX record_of_tenant ON record (rec ->> '$.tenant', id) WHERE rec ->> '$.tenant' <> 'default'
  `,
  `
  -- Whether one more may be opened is counted for each new one.
  CREATE INDEX hold_counted ON hold (tenant, caller, until) WHERE state = 'pending';
  `,
  'CREATE INDEX ledger_of_budget ON ledger (budget, call)',
  `
  -- facts never change; what does has a column.
  CREATE TABLE standing_approval (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    policy TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    calls_left INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_by TEXT,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX standing_of_scope ON standing_approval (scope) WHERE revoked_at IS NULL;
  CREATE INDEX standing_of_tenant ON standing_approval (tenant, seq);
  `,
  `
  -- What ended long ago is found without reading all sessions.
  CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL AND automatic IS NULL;
  `,
  // Whoever inserts a record fills the ledger, see record-writer.ts.
  'DROP TRIGGER record_is_charged',
  `
  -- By budget first: one index less to write for each call.
  CREATE TABLE charge (
    budget TEXT NOT NULL,
    call TEXT NOT NULL,
    unit TEXT NOT NULL,
    scope TEXT NOT NULL,
    until TEXT,
    reserved INTEGER,
    spent INTEGER,
    PRIMARY KEY (budget, call, unit, scope)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO charge (budget, call, unit, scope, until, reserved, spent)
    SELECT budget, call, unit, scope, until, reserved, spent FROM ledger;
  DROP TABLE ledger;
  ALTER TABLE charge RENAME TO ledger;
  CREATE INDEX ledger_open ON ledger (budget, unit, scope, until);
  `,
];
