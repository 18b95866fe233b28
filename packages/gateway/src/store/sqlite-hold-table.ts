import type { Hold, HoldState, Vote } from '../model/hold.js';
import { givenIn, holdOf, personOf, stateAfter } from './hold-row.js';
import type {
  HoldCaps,
  HoldFilter,
  HoldStep,
  HoldTable,
  HoldTally,
  NewHold,
  SeenHold,
  VoteProblem,
} from './hold-table.js';
import { type Sqlite, type SqlValue, transact } from './sqlite.js';

/** The process that uses holds, as those know it that look whether it lives. */
export interface HoldUser {
  readonly owner: string;
  /** Whether a process is gone, and all that it recorded is in the database. */
  readonly isGone: (owner: string) => boolean;
}

const mostCompared = 200;
/** What lists show: neither the call as it came nor what it returned. */
const listed = `id, state, created_at, until, votes, decided_at, used_by, used_at, carried,
  json_remove(facts, '$.request') AS facts`;

export class SqliteHoldTable implements HoldTable {
  readonly #sqlite: Sqlite;
  readonly #owner: string | null;
  readonly #isGone: HoldUser['isGone'];

  constructor(sqlite: Sqlite, { owner, isGone }: Partial<HoldUser> = {}) {
    this.#sqlite = sqlite;
    this.#owner = owner ?? null;
    this.#isGone = isGone ?? (() => false);
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

  list({ tenant, state, caller, agent, session, before, limit }: HoldFilter): Hold[] {
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
    where("facts ->> '$.session' = ?", session);
    where('seq < (SELECT seq FROM hold WHERE id = ?)', before);
    const sql = `SELECT ${listed} FROM hold WHERE ${wheres.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
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

  vote(id: string, vote: Vote, seen: SeenHold): Hold | VoteProblem {
    return transact(this.#sqlite, () => {
      const hold = this.find(id);
      if (hold === undefined) return 'unknown';
      const { quorum } = hold.terms;
      if (hold.state !== 'pending' || stateAfter(hold.votes, quorum) !== 'pending') return 'decided';
      if (hold.until <= vote.at) return 'expired';
      if (hold.bind !== seen.bind) return 'changed';
      const earlier = hold.votes.filter((one) => seen.counts?.(one) !== false);
      if (earlier.some((one) => personOf(one) === personOf(vote))) return 'voted';
      const given = givenIn(hold.votes) + 1;
      const votes = [...earlier, given === earlier.length + 1 ? vote : { ...vote, given }];
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
    // What an answer itself uses up is used by the changed call.
    const isEdited = state === 'used';
    const sql = `UPDATE hold SET state = ?, until = ?, decided_at = ?, used_by = ?, used_at = ?, used_in = ?, edited = ?,
      carried = ? WHERE id = ? AND state = 'pending'`;
    const use = isEdited ? [usedBy ?? null, decidedAt ?? null, this.#owner, 1] : [null, null, null, 0];
    const values = [state, until, decidedAt ?? null, ...use, carried === true ? 1 : 0, id];
    return Number(this.#sqlite.prepare(sql).run(...values).changes) === 1;
  }

  move(id: string, { from, to, now, usedBy, carried }: HoldStep): boolean {
    const use = to === 'used' ? [now, this.#owner] : [null, null];
    const sql = `UPDATE hold SET state = ?, used_by = coalesce(?, used_by), used_at = ?, used_in = ?, carried = ?
      WHERE id = ? AND state = ? AND until > ?`;
    const values = [to, usedBy ?? null, ...use, carried === true ? 1 : 0, id, from, now];
    return Number(this.#sqlite.prepare(sql).run(...values).changes) === 1;
  }

  giveBack(id: string, usedBy: string): void {
    const sql = `UPDATE hold SET state = 'approved', used_in = NULL, carried = 0
      WHERE id = ? AND state = 'used' AND used_by = ?`;
    this.#sqlite.prepare(sql).run(id, usedBy);
  }

  releaseUnrecorded(): Hold[] {
    const owners = this.#sqlite
      .prepare("SELECT DISTINCT used_in FROM hold WHERE state = 'used' AND used_in IS NOT NULL")
      .all()
      .map(({ used_in: owner }) => String(owner));
    // Where the same call was asked for again meanwhile, that hold stays the open one.
    const sql = `UPDATE OR IGNORE hold SET state = iif(edited = 1, 'stale', 'approved'), used_in = NULL, carried = 0
      WHERE state = 'used' AND used_in = ? RETURNING *`;
    const gone = owners.filter((owner) => this.#isGone(owner));
    return gone.flatMap((owner) => this.#sqlite.prepare(sql).all(owner)).flatMap((row) => holdOf(row) ?? []);
  }

  findCarried(bind: string, since: number): Hold | undefined {
    const sql = `SELECT * FROM hold WHERE bind = ? AND state = 'used' AND carried = 1 AND used_at > ?
      ORDER BY seq DESC LIMIT 1`;
    return holdOf(this.#sqlite.prepare(sql).get(bind, since));
  }

  listToCarry(now: number, { limit, after = '' }: { limit: number; after?: string | undefined }): Hold[] {
    const sql = `SELECT * FROM hold WHERE state = 'approved' AND until > ?
      AND facts ->> '$.terms.onApprove' = 'execute' AND facts ->> '$.request' IS NOT NULL
      AND seq > coalesce((SELECT seq FROM hold WHERE id = ?), 0) ORDER BY seq LIMIT ?`;
    return this.#sqlite
      .prepare(sql)
      .all(now, after, limit)
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
    const old = 'SELECT seq FROM hold WHERE result IS NOT NULL AND used_at < ? LIMIT ?';
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
    this.#sqlite.prepare('UPDATE hold SET result = ?, used_in = NULL WHERE id = ?').run(text, id);
  }

  resultOf(id: string): string | undefined {
    const result = this.#sqlite.prepare('SELECT result FROM hold WHERE id = ?').get(id)?.result;
    return typeof result === 'string' ? result : undefined;
  }
}
