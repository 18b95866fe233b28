import { firstMigrations } from './first-migrations.js';

/** Schema changes in order; the first is number 1. One that was released is never edited: add another. */
export const migrations: readonly string[] = [
  ...firstMigrations,
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
  `
  -- Who is signed in on the pages of the gateway. Whoever is signed out has no row.
  CREATE TABLE sign_in (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    credential TEXT NOT NULL,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- The held call that they have signed in again for, until they answer it or the time is over.
    proven_for TEXT,
    proven_until INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sign_in_of ON sign_in (tenant, principal);
  CREATE INDEX sign_in_end ON sign_in (expires_at);
  `,
  `
  -- used_at: when. used_in: the process that used it, until the record of the call that did is in this database (see
  -- record-writer.ts). edited: what used it is a call with other arguments.
  ALTER TABLE hold ADD COLUMN used_at INTEGER;
  ALTER TABLE hold ADD COLUMN used_in TEXT;
  ALTER TABLE hold ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
  UPDATE hold SET used_at = decided_at WHERE used_by IS NOT NULL;
  DROP INDEX hold_result;
  CREATE INDEX hold_result ON hold (used_at) WHERE result IS NOT NULL;
  CREATE INDEX hold_unrecorded ON hold (used_in) WHERE state = 'used' AND used_in IS NOT NULL;
  CREATE INDEX standing_end ON standing_approval (until);
  `,
  `
  -- What was stopped at once and is not on record yet: by whom, until the record is written.
  ALTER TABLE session ADD COLUMN unrecorded_by TEXT;
  CREATE INDEX session_unrecorded ON session (seq) WHERE unrecorded_by IS NOT NULL;
  ALTER TABLE kill_switch ADD COLUMN unrecorded INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- What callers asked under keys of their own; made of the trail, so that it is there exactly where something was done.
  CREATE TABLE attempt (
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    call TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attempt_by_time ON attempt (at);
  `,
  `
  -- What calls and payments cost in US dollars; made of the trail like the ledger, and read without going through that.
  CREATE TABLE spend (
    call TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    agent TEXT,
    session TEXT,
    tool TEXT,
    reserved INTEGER,
    spent INTEGER
  ) STRICT, WITHOUT ROWID;
  INSERT INTO spend (call, at, tenant, agent, session, tool, reserved, spent)
    SELECT call, at, rec ->> '$.tenant', coalesce(rec ->> '$.session.agent', caller), rec ->> '$.session.id', tool,
      max(reserved), max(spent)
    FROM record JOIN ledger USING (call)
    WHERE type = 'call.decided' AND record.effect = 'allow' AND unit = 'USD' GROUP BY call;
  INSERT INTO spend (call, at, tenant, agent, session, tool, spent)
    SELECT call, at, rec ->> '$.tenant', coalesce(rec ->> '$.session.agent', caller), rec ->> '$.session.id',
      'sallyport.payments',
      CAST(rec ->> '$.amount_usd' AS INTEGER) * 1000000 + CASE instr(rec ->> '$.amount_usd', '.') WHEN 0 THEN 0 ELSE
        CAST(substr(substr(rec ->> '$.amount_usd', instr(rec ->> '$.amount_usd', '.') + 1) || '000000', 1, 6) AS INTEGER) END
    FROM record WHERE type = 'payment.authorized' AND call IS NOT NULL;
  CREATE INDEX spend_of_tenant ON spend (tenant, at);
  `,
  `
  -- Whose each charge is, and one row per counter with whose first call it was: lists read a page, not the whole ledger.
  ALTER TABLE ledger ADD COLUMN tenant TEXT;
  UPDATE ledger SET tenant = (SELECT rec ->> '$.tenant' FROM record WHERE record.call = ledger.call LIMIT 1);
  CREATE INDEX ledger_of_tenant ON ledger (tenant, budget, call);
  CREATE TABLE counter (
    budget TEXT NOT NULL,
    unit TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- '~', which is behind every time, where it never ends.
    until TEXT NOT NULL,
    tenant TEXT,
    PRIMARY KEY (budget, unit, scope, until)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO counter (budget, unit, scope, until, tenant)
    SELECT budget, unit, scope, ending, tenant
    FROM (
      SELECT budget, unit, scope, coalesce(until, '~') AS ending, tenant, min(call)
      FROM ledger GROUP BY budget, unit, scope, coalesce(until, '~')
    ) WHERE true;
  CREATE INDEX counter_of_tenant ON counter (tenant, budget, unit, scope, until);
  CREATE INDEX counter_end ON counter (until);
  `,
  `
  -- By tenant first, as lists ask: one index less to write for each call.
  CREATE TABLE charge (
    tenant TEXT NOT NULL,
    budget TEXT NOT NULL,
    call TEXT NOT NULL,
    unit TEXT NOT NULL,
    scope TEXT NOT NULL,
    until TEXT,
    reserved INTEGER,
    spent INTEGER,
    PRIMARY KEY (tenant, budget, call, unit, scope)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO charge (tenant, budget, call, unit, scope, until, reserved, spent)
    SELECT coalesce(tenant, 'default'), budget, call, unit, scope, until, reserved, spent FROM ledger;
  DROP TABLE ledger;
  ALTER TABLE charge RENAME TO ledger;
  CREATE INDEX ledger_open ON ledger (budget, unit, scope, until);
  `,
];
