import type { Hold, HoldFacts, HoldState, Vote } from '../model/hold.js';
import { holdOf, personOf, stateAfter } from './hold-row.js';
import { type Sqlite, type SqlValue, transact } from './sqlite.js';

/** What is stored of a hold when it is made. */
export interface NewHold extends HoldFacts {
  readonly id: string;
  readonly createdAt: number;
  readonly until: number;
}

export interface HoldFilter {
  readonly tenant: string;
  readonly state?: HoldState | undefined;
  readonly caller?: string | undefined;
  /** The agent that the session is for or, of those without one, the caller. */
  readonly agent?: string | undefined;
  /** Only holds made before the one of this id; for the next page. */
  readonly before?: string | undefined;
  /** At most this many, newest first. */
  readonly limit: number;
}

/** Why an answer to a hold was not taken. */
export type VoteProblem = 'unknown' | 'decided' | 'expired' | 'changed' | 'voted';

export interface HoldTally {
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
}

/** How many holds may be open at a time. */
export interface HoldCaps {
  readonly perCaller: number;
  readonly perTenant: number;
}

/**
 * Holds, as rows: no timer and no memory per hold, nothing lost with a process. Every change of state is one conditional
 * statement, so of several who try the same only one succeeds, in whichever process.
 */
export interface HoldTable {
  /** The open hold of the same `bind` if there is one, else the new one; `full` where a cap is reached. */
  open(hold: NewHold, caps: HoldCaps): { readonly hold: Hold; readonly joined: boolean } | 'full';
  find(id: string): Hold | undefined;
  /** The one of this bind that is pending, approved and not used, or denied and not over yet. */
  findLatest(bind: string, now: number): Hold | undefined;
  list(filter: HoldFilter): Hold[];
  count(tenant: string, state: HoldState): number;
  /** The last call of the same target by the same caller that people approved, of those asked for before this one. */
  findApprovedBefore(hold: Hold): Hold | undefined;
  /** How many holds of a caller there are, and what became of them. */
  tally(tenant: string, caller: string): HoldTally;
  /**
   * Takes one answer, and returns the hold as it is with that: with the last approval that is needed, approved until
   * `usableUntil`. Stored it stays pending until `settle`, so that nobody uses a decision that is not on record.
   */
  vote(
    id: string,
    vote: Vote,
    seen: { readonly bind: string; readonly usableUntil: number },
  ): Hold | VoteProblem;
  /** Makes a decision count that `vote` returned; false when the hold is not pending any more. */
  settle(decided: Hold): boolean;
  /** Moves a hold on; false when it was not in `from` any more, or its time was over at `now`. */
  move(id: string, step: HoldStep): boolean;
  /** Ends what is over; returns what it ended, at most `limit` at a time. */
  expire(now: number, limit: number): Hold[];
  /** Ends as stale, likewise, those whose last answer decided them before `before` and that `settle` never came for. */
  expireUnsettled(before: number, limit: number): Hold[];
  /** Removes the results of calls that were decided before `before`, at most so many. */
  forgetResults(before: number, limit: number): void;
  /** Removes what ended before `before`, of the oldest holds at most `limit`. */
  purge(before: number, limit: number): void;
  /** The latest of this bind that the gateway carried out, decided after `since`, whose result was not collected. */
  findCarried(bind: string, since: number): Hold | undefined;
  /** Approved holds that the gateway is to carry out. */
  listToCarry(now: number, limit: number): Hold[];
  /** Hands the result out, once; undefined while there is none. */
  collect(id: string): string | undefined;
  /** Keeps what an approved call returned, for whoever asked for it. */
  keepResult(id: string, text: string): void;
  resultOf(id: string): string | undefined;
}

export interface HoldStep {
  readonly from: HoldState;
  readonly to: HoldState;
  readonly now: number;
  readonly usedBy?: string | undefined;
  /** The gateway itself makes the call, for its caller to collect the result. */
  readonly carried?: boolean;
}

const mostCompared = 200;

export class SqliteHoldTable implements HoldTable {
  readonly #sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  open(hold: NewHold, caps: HoldCaps): { hold: Hold; joined: boolean } | 'full' {
    return transact(this.#sqlite, () => {
      const known = this.findLatest(hold.bind, hold.createdAt);
      if (known !== undefined && known.state !== 'denied') return { hold: known, joined: true };
      // One of this bind whose time is over would stand in the way of the new one.
      this.#sqlite
        .prepare("UPDATE hold SET state = 'expired' WHERE bind = ? AND state IN ('pending', 'approved')")
        .run(hold.bind);
      const open = this.#sqlite
        .prepare(
          `SELECT count(*) AS tenant, coalesce(sum(caller = ?), 0) AS caller
           FROM hold WHERE tenant = ? AND state = 'pending' AND until > ?`,
        )
        .get(hold.caller, hold.tenant, hold.createdAt);
      if (Number(open?.caller) >= caps.perCaller || Number(open?.tenant) >= caps.perTenant) return 'full';
      const { id, createdAt, until, ...facts } = hold;
      this.#sqlite
        .prepare(
          `INSERT INTO hold (id, tenant, caller, bind, state, created_at, until, facts, votes)
           VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, '[]')`,
        )
        .run(id, hold.tenant, hold.caller, hold.bind, createdAt, until, JSON.stringify(facts));
      return { hold: { ...hold, state: 'pending', votes: [] }, joined: false };
    });
  }

  find(id: string): Hold | undefined {
    return holdOf(this.#sqlite.prepare('SELECT * FROM hold WHERE id = ?').get(id));
  }

  findLatest(bind: string, now: number): Hold | undefined {
    const sql = `SELECT * FROM hold WHERE bind = ? AND state IN ('pending', 'approved', 'denied') AND until > ?
      ORDER BY seq DESC LIMIT 1`;
    return holdOf(this.#sqlite.prepare(sql).get(bind, now));
  }

  list({ tenant, state, caller, agent, before, limit }: HoldFilter): Hold[] {
    const wheres = ['tenant = ?'];
    const values: SqlValue[] = [tenant];
    const where = (sql: string, value: string | undefined): void => {
      if (value === undefined) return;
      wheres.push(sql);
      values.push(value);
    };
    where('state = ?', state);
    where('caller = ?', caller);
    where("coalesce(facts ->> '$.agent', caller) = ?", agent);
    where('seq < (SELECT seq FROM hold WHERE id = ?)', before);
    const sql = `SELECT * FROM hold WHERE ${wheres.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
    return this.#sqlite
      .prepare(sql)
      .all(...values, limit)
      .flatMap((row) => holdOf(row) ?? []);
  }

  count(tenant: string, state: HoldState): number {
    const sql = 'SELECT count(*) AS n FROM hold WHERE tenant = ? AND state = ?';
    return Number(this.#sqlite.prepare(sql).get(tenant, state)?.n);
  }

  findApprovedBefore({ id, tenant, caller, upstream, method, target }: Hold): Hold | undefined {
    // Of the latest only: whoever has so many others since does not remember this one either.
    const latest = `SELECT * FROM hold WHERE tenant = ? AND caller = ? AND state = ?
      AND seq < (SELECT seq FROM hold WHERE id = ?) ORDER BY seq DESC LIMIT ${mostCompared}`;
    const sql = `SELECT * FROM (SELECT * FROM (${latest}) UNION ALL SELECT * FROM (${latest}))
      WHERE facts ->> '$.upstream' = ? AND facts ->> '$.method' = ? AND facts ->> '$.target' = ? ORDER BY seq DESC LIMIT 1`;
    const values = [tenant, caller, 'used', id, tenant, caller, 'approved', id, upstream, method, target];
    return holdOf(this.#sqlite.prepare(sql).get(...values));
  }

  tally(tenant: string, caller: string): HoldTally {
    const sql = 'SELECT state, count(*) AS n FROM hold WHERE tenant = ? AND caller = ? GROUP BY state';
    const rows = this.#sqlite.prepare(sql).all(tenant, caller);
    const counts = new Map(rows.map(({ state, n }) => [state, Number(n)]));
    const asked = [...counts.values()].reduce((sum, one) => sum + one, 0);
    const approved = (counts.get('approved') ?? 0) + (counts.get('used') ?? 0);
    return { asked, approved, denied: counts.get('denied') ?? 0 };
  }

  vote(id: string, vote: Vote, seen: { bind: string; usableUntil: number }): Hold | VoteProblem {
    return transact(this.#sqlite, () => {
      const hold = this.find(id);
      if (hold === undefined) return 'unknown';
      const { quorum } = hold.terms;
      if (hold.state !== 'pending' || stateAfter(hold.votes, quorum) !== 'pending') return 'decided';
      if (hold.until <= vote.at) return 'expired';
      if (hold.bind !== seen.bind) return 'changed';
      if (hold.votes.some((one) => personOf(one) === personOf(vote))) return 'voted';
      const votes = [...hold.votes, vote];
      const state = stateAfter(votes, quorum);
      this.#sqlite
        .prepare('UPDATE hold SET votes = ?, decided_at = ? WHERE id = ?')
        .run(JSON.stringify(votes), state === 'pending' ? null : vote.at, id);
      if (state === 'pending') return { ...hold, votes };
      const until = state === 'approved' ? seen.usableUntil : hold.until;
      return { ...hold, votes, state, until, decidedAt: vote.at };
    });
  }

  settle({ id, state, until, decidedAt, usedBy, carried }: Hold): boolean {
    const sql = `UPDATE hold SET state = ?, until = ?, decided_at = ?, used_by = ?, carried = ?
      WHERE id = ? AND state = 'pending'`;
    const values = [state, until, decidedAt ?? null, usedBy ?? null, carried === true ? 1 : 0, id];
    return Number(this.#sqlite.prepare(sql).run(...values).changes) === 1;
  }

  move(id: string, { from, to, now, usedBy, carried }: HoldStep): boolean {
    const sql = `UPDATE hold SET state = ?, used_by = coalesce(?, used_by), carried = ?
      WHERE id = ? AND state = ? AND until > ?`;
    const values = [to, usedBy ?? null, carried === true ? 1 : 0, id, from, now];
    return Number(this.#sqlite.prepare(sql).run(...values).changes) === 1;
  }

  findCarried(bind: string, since: number): Hold | undefined {
    const sql = `SELECT * FROM hold WHERE bind = ? AND state = 'used' AND carried = 1 AND decided_at > ?
      ORDER BY seq DESC LIMIT 1`;
    return holdOf(this.#sqlite.prepare(sql).get(bind, since));
  }

  listToCarry(now: number, limit: number): Hold[] {
    const sql = `SELECT * FROM hold WHERE state = 'approved' AND until > ?
      AND facts ->> '$.terms.onApprove' = 'execute' LIMIT ?`;
    return this.#sqlite
      .prepare(sql)
      .all(now, limit)
      .flatMap((row) => holdOf(row) ?? []);
  }

  collect(id: string): string | undefined {
    const sql = `UPDATE hold SET carried = 2 WHERE id = ? AND carried = 1 AND result IS NOT NULL RETURNING result`;
    const result = this.#sqlite.prepare(sql).get(id)?.result;
    return typeof result === 'string' ? result : undefined;
  }

  expire(now: number, limit: number): Hold[] {
    const over = "SELECT seq FROM hold WHERE state IN ('pending', 'approved') AND until <= ? LIMIT ?";
    return this.#end('expired', over, [now, limit]);
  }

  expireUnsettled(before: number, limit: number): Hold[] {
    const unsettled = "SELECT seq FROM hold WHERE state = 'pending' AND decided_at < ? LIMIT ?";
    return this.#end('stale', unsettled, [before, limit]);
  }

  forgetResults(before: number, limit: number): void {
    const old = 'SELECT seq FROM hold WHERE result IS NOT NULL AND decided_at < ? LIMIT ?';
    if (!this.#finds(old, [before, limit])) return;
    this.#sqlite.prepare(`UPDATE hold SET result = NULL WHERE seq IN (${old})`).run(before, limit);
  }

  purge(before: number, limit: number): void {
    const oldest = 'SELECT seq, state, until FROM hold ORDER BY seq LIMIT ?';
    const ended = `SELECT seq FROM (${oldest}) WHERE state NOT IN ('pending', 'approved') AND until < ?`;
    if (!this.#finds(ended, [limit, before])) return;
    this.#sqlite.prepare(`DELETE FROM hold WHERE seq IN (${ended})`).run(limit, before);
  }

  #end(state: 'expired' | 'stale', which: string, values: SqlValue[]): Hold[] {
    if (!this.#finds(which, values)) return [];
    return this.#sqlite
      .prepare(`UPDATE hold SET state = '${state}' WHERE seq IN (${which}) RETURNING *`)
      .all(...values)
      .flatMap((row) => holdOf(row) ?? []);
  }

  /** Looked up first: a statement that might write waits for whoever writes now, and with it every call. */
  #finds(which: string, values: SqlValue[]): boolean {
    return this.#sqlite.prepare(which).get(...values) !== undefined;
  }

  keepResult(id: string, text: string): void {
    this.#sqlite.prepare('UPDATE hold SET result = ? WHERE id = ?').run(text, id);
  }

  resultOf(id: string): string | undefined {
    const result = this.#sqlite.prepare('SELECT result FROM hold WHERE id = ?').get(id)?.result;
    return typeof result === 'string' ? result : undefined;
  }
}
