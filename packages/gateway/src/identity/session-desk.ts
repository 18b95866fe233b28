import { type Clock, isoTime } from '../lib/clock.js';
import { formatMicros } from '../lib/micros.js';
import type { JsonObject } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Session } from '../model/session.js';
import type { SessionFilter, SessionTable } from '../store/session-table.js';
import { KnownSessions } from './known-sessions.js';
import { digestOfToken, idOfDigest, isSessionToken, newSessionToken } from './session-token.js';
import { checkNarrows, readWish, type SessionWish, type SoundWish } from './session-wish.js';

export interface SessionDeskDeps {
  readonly table: SessionTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the event is durable. */
  readonly record: (type: 'session.created' | 'session.revoked', members: JsonObject) => Promise<void>;
  /** Whether sessions may be made that do not end by themselves. */
  readonly allowEndless: () => boolean;
}

/** A session right after it was made. */
export interface IssuedSession {
  /** Shown once and not kept. */
  readonly token: string;
  readonly session: Session;
}

export interface SessionMaking {
  /** The session that it is delegated from; has been found for the same owner. */
  readonly parent?: Session | undefined;
  /** Who makes it, for the record; by default the credential of its owner. */
  readonly by?: string;
}

/** Whose a session is: it counts with this credential of this principal only, one made by itself with all of them. */
export type SessionOwner = Pick<Principal, 'id' | 'tenant' | 'credential'>;

/** How long an ended session can still be looked up. */
const keptMs = 7 * 86_400_000;
const purgeMs = 3_600_000;
/** Little enough to hold nobody up; more than one for each that is made, so that they never pile up. */
const purgedAtOnce = 500;

/** Makes, finds and ends sessions. Expired, revoked, foreign and unknown ones are not there, all alike. */
export class SessionDesk {
  readonly #deps: SessionDeskDeps;
  readonly #known: KnownSessions;
  readonly #beingMade = new Map<string, Promise<Session>>();
  /** Records of ends that are being written, by the id of the session. */
  readonly #ending = new Map<string, Promise<void>>();
  #purgedAt = 0;

  constructor(deps: SessionDeskDeps) {
    this.#deps = deps;
    this.#known = new KnownSessions(deps);
  }

  /** Rejects with SessionFault for a wish that cannot be, and when the event cannot be recorded. */
  async create(owner: SessionOwner, wish: SessionWish, more: SessionMaking = {}): Promise<IssuedSession> {
    const { parent, by = owner.credential } = more;
    const { table, record } = this.#deps;
    const sound = readWish(wish, this.#deps.allowEndless());
    if (parent !== undefined) checkNarrows(sound, parent);
    const { token, hash, session } = this.#make(owner, sound, parent);
    await record('session.created', membersOf(session, by));
    table.insert(session, hash);
    // Revoked while it was recorded: then its children have ended with it, and this one must, too.
    // Perhaps in another process, so that what was read a moment ago does not count.
    if (parent !== undefined) this.#known.forget(parent.id);
    if (parent !== undefined && !this.isLive(parent.id)) table.revoke(session.id, this.#deps.clock.now());
    this.#purge();
    return { token, session };
  }

  /** The session behind a token, or its id, if it may be used now by this credential. */
  find(tokenOrId: string, owner: SessionOwner): Session | undefined {
    const session = isSessionToken(tokenOrId) ? this.#known.ofToken(tokenOrId) : this.#known.ofId(tokenOrId);
    if (session === undefined || !isOwnedBy(session, owner)) return undefined;
    return this.#known.isLive(session.id) ? session : undefined;
  }

  /** The session of this token or id, whoever's it is and whether it ended or not; for operators. */
  look(tokenOrId: string, tenant: string): Session | undefined {
    const isToken = isSessionToken(tokenOrId);
    const { table } = this.#deps;
    const session = isToken ? table.findByToken(digestOfToken(tokenOrId)) : table.find(tokenOrId);
    return session?.tenant === tenant ? session : undefined;
  }

  /** Whether a session is the one of this id, or was delegated from it, over however many others. */
  isWithin(session: Session, outer: string): boolean {
    let one: Session | undefined = session;
    while (one !== undefined && one.id !== outer)
      one = one.parent === undefined ? undefined : this.#known.ofId(one.parent);
    return one !== undefined;
  }

  /** Whether a session can be used now. Looks at the database at most once a second for each. */
  isLive(id: string): boolean {
    return this.#known.isLive(id);
  }

  /**
   * The session that the gateway keeps for `purpose` by itself, made where there is none. A revoked one stays revoked
   * until its time is over: else its caller would have a new one with the next call.
   */
  async automatic(owner: SessionOwner, purpose: string, wish: SessionWish): Promise<Session> {
    const known = this.knownAutomatic(owner, purpose);
    if (known !== undefined) return known;
    const name = automaticName(owner, purpose);
    const underWay = this.#beingMade.get(name);
    if (underWay !== undefined) return underWay;
    const making = this.#makeAutomatic(owner, name, wish).finally(() => this.#beingMade.delete(name));
    this.#beingMade.set(name, making);
    return making;
  }

  /** The same as far as it is known without waiting; undefined says nothing. */
  knownAutomatic(owner: SessionOwner, purpose: string): Session | undefined {
    return this.#known.ofAutomatic(automaticName(owner, purpose));
  }

  /** Newest first; with an owner those that count with the credential that it shows. */
  list(filter: Omit<SessionFilter, 'principal' | 'credential'>, owner?: SessionOwner): Session[] {
    const own = owner === undefined ? {} : { principal: owner.id, credential: bondOf(owner.credential) };
    return this.#deps.table.list({ ...filter, ...own });
  }

  /**
   * Ends a session and those delegated from it, within a second in every process; false when it had ended before. Rejects
   * when that is not on record; it has ended all the same, and may be revoked again.
   */
  async revoke(session: Session, by: string): Promise<boolean> {
    const { table, clock } = this.#deps;
    const { id } = session;
    const underWay = this.#ending.get(id);
    if (underWay !== undefined) return underWay.then(() => false);
    const ended = table.revoke(id, clock.now(), by.toWellFormed());
    for (const one of ended) this.#known.forget(one);
    const revoked = table.find(id);
    if (revoked?.unrecordedBy === undefined) return false;
    await this.#recordEnd(revoked, ended.length);
    return true;
  }

  /** As `find`; also a session whose end is not on record, for whoever ends it once more. */
  findToEnd(tokenOrId: string, owner: SessionOwner): Session | undefined {
    const live = this.find(tokenOrId, owner);
    if (live !== undefined) return live;
    const session = this.look(tokenOrId, owner.tenant);
    return session?.unrecordedBy !== undefined && isOwnedBy(session, owner) ? session : undefined;
  }

  /** Writes the records that could not be written when sessions ended; rejects when one cannot be written now either. */
  async recordLate(): Promise<void> {
    const { table } = this.#deps;
    for (const { id } of table.unrecorded()) {
      // Meanwhile somebody may have ended it once more.
      const session = table.find(id);
      if (session?.unrecordedBy !== undefined) await (this.#ending.get(id) ?? this.#recordEnd(session));
    }
  }

  #recordEnd(session: Session, ended?: number): Promise<void> {
    const { id, unrecordedBy = '', revokedAt = 0 } = session;
    const { table, record } = this.#deps;
    const members = { ...membersOf(session, unrecordedBy), revoked_at: isoTime(revokedAt) };
    const recording = record('session.revoked', ended === undefined ? members : { ...members, ended })
      .then(() => table.recorded(id))
      .finally(() => this.#ending.delete(id));
    this.#ending.set(id, recording);
    return recording;
  }

  async #makeAutomatic(owner: SessionOwner, automatic: string, wish: SessionWish): Promise<Session> {
    const { table, record, clock } = this.#deps;
    const found = table.findAutomatic(automatic, clock.now());
    if (found !== undefined) return this.#learned(automatic, found);
    const made = this.#make(owner, readWish(wish, true));
    const { session, isNew } = table.insertAutomatic({ ...made.session, automatic }, made.hash);
    if (!isNew) return this.#learned(automatic, session);
    try {
      await record('session.created', { ...membersOf(session, 'gateway'), automatic: true });
    } catch (cause) {
      table.revoke(session.id, clock.now());
      throw cause;
    }
    this.#purge();
    return this.#learned(automatic, session);
  }

  #learned(automatic: string, session: Session): Session {
    this.#known.learnAutomatic(automatic, session);
    return session;
  }

  #make(owner: SessionOwner, wish: SoundWish, parent?: Session) {
    const now = this.#deps.clock.now();
    const token = newSessionToken();
    const hash = digestOfToken(token);
    const id = idOfDigest(hash);
    const { agent, scopes, labels, ttlMs, budgetMicros } = wish;
    const wanted = ttlMs === 0 ? undefined : now + ttlMs;
    const until = earlierOf(wanted, parent?.expiresAt);
    const own = { session: id, micros: budgetMicros ?? 0n, ...(until === undefined ? {} : { until }) };
    const session: Session = {
      id,
      tenant: owner.tenant,
      principal: owner.id,
      credential: owner.credential,
      agent,
      scopes,
      // What rules read of the parent stays so: a label could open what it does not.
      labels: { ...labels, ...parent?.labels },
      budgets: [...(budgetMicros === undefined ? [] : [own]), ...(parent?.budgets ?? [])],
      createdAt: now,
      ...(parent === undefined ? { root: id } : { root: parent.root, parent: parent.id }),
      ...(until === undefined ? {} : { expiresAt: until }),
    };
    return { token, hash, session };
  }

  /** Now and then, with the making of one: nothing has a timer. */
  #purge(): void {
    const now = this.#deps.clock.now();
    if (now < this.#purgedAt + purgeMs) return;
    this.#purgedAt = now;
    try {
      const forgotten = this.#deps.table.forgetEnded(now - keptMs, purgedAtOnce);
      if (forgotten === purgedAtOnce) this.#purgedAt = 0;
    } catch (cause) {
      this.#deps.log.warn({ err: cause }, 'ended sessions could not be removed');
    }
  }
}

/** Without the credential: the next access token, or another key, would begin with a new budget. */
function automaticName({ tenant, id }: SessionOwner, purpose: string): string {
  return JSON.stringify([tenant, id, purpose]);
}

function isOwnedBy({ tenant, principal, credential, automatic }: Session, owner: SessionOwner): boolean {
  if (tenant !== owner.tenant || principal !== owner.id) return false;
  return automatic !== undefined || bondOf(credential) === bondOf(owner.credential);
}

/** A session is bound to its key. Access tokens last minutes: what their issuer says of the caller stands for all of them. */
function bondOf(credential: string): string {
  return credential.startsWith('jwt:') ? 'jwt:' : credential;
}

function earlierOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function membersOf(
  { id, parent, agent, principal, credential, tenant, scopes, ...more }: Session,
  by: string,
) {
  const { budgets, expiresAt } = more;
  const own = budgets.find(({ session }) => session === id);
  return {
    by: by.toWellFormed(),
    caller: { cred: credential.toWellFormed(), id: principal.toWellFormed() },
    scopes: scopes.join(' '),
    session: { agent: agent.toWellFormed(), id, ...(parent === undefined ? {} : { parent }) },
    tenant,
    ...(own === undefined ? {} : { budget_usd: formatMicros(own.micros) }),
    ...(expiresAt === undefined ? {} : { until: isoTime(expiresAt) }),
  } satisfies JsonObject;
}
