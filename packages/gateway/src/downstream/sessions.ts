import type { Clock } from '../lib/clock.js';
import { randomToken } from '../lib/ids.js';
import type { Principal } from '../model/principal.js';
import type { Conversation } from './conversation.js';
import type { SessionLimits } from './face-options.js';
import type { SessionStreams } from './session-streams.js';

/** A legacy conversation over HTTP. Its id is no credential: it only works together with its principal's. */
export interface Session {
  readonly id: string;
  readonly transport: 'http' | 'sse';
  /** As its last request showed it: roles and labels can become others. */
  readonly principal: Principal;
  readonly endpoint: string | undefined;
  readonly conversation: Conversation;
  /** Made when the first one opens. */
  streams?: SessionStreams;
  /** How many of them are connected: with one the session is in use, even when nothing is asked. */
  openStreams: number;
  /** What else ends with it. */
  onEnd?: (() => void) | undefined;
}

/** Who asks, where, and how. */
export interface SessionAsker {
  readonly principal: Principal;
  readonly endpoint?: string | undefined;
  readonly transport?: Session['transport'];
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly limits?: Partial<SessionLimits> | undefined;
  /** Told once of each session that ends, however it does. */
  readonly onEnd: (session: Session) => void;
  /** Whether a request of the session is under way. */
  readonly isBusy: (session: Session) => boolean;
}

interface KnownSession extends Session {
  readonly owner: string;
  principal: Principal;
  usedAt: number;
  /** Grows with each use, so that the order is known within a millisecond. */
  lastUse: number;
}

const defaults: SessionLimits = { idleMs: 3_600_000, perPrincipal: 256, total: 10_000 };
/** 192 random bits. */
const idBytes = 24;
const sweepMs = 60_000;

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #limits: SessionLimits;
  readonly #byId = new Map<string, KnownSession>();
  readonly #byOwner = new Map<string, Set<KnownSession>>();
  #uses = 0;
  #isSweeping = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Undefined when the gateway holds as many sessions as it may. */
  open(
    { principal, endpoint, transport = 'http' }: SessionAsker,
    conversation: Conversation,
  ): Session | undefined {
    const owner = ownerOf(principal);
    this.#endLeastUsed(owner);
    if (this.#byId.size >= this.#limits.total) this.#endIdle();
    if (this.#byId.size >= this.#limits.total) return undefined;
    const id = randomToken(idBytes);
    const fixed = { id, transport, principal, endpoint, conversation, owner };
    const session: KnownSession = { ...fixed, openStreams: 0, usedAt: 0, lastUse: 0 };
    this.#use(session);
    this.#byId.set(id, session);
    this.#owned(owner).add(session);
    if (!this.#isSweeping) this.#sweepLater();
    return session;
  }

  /** Undefined alike for ids that never were, that ended, and that belong to somebody or somewhere else. */
  find(id: string, { principal, endpoint, transport = 'http' }: SessionAsker): Session | undefined {
    const session = this.#byId.get(id);
    if (session === undefined || session.transport !== transport) return undefined;
    if (session.owner !== ownerOf(principal)) return undefined;
    // Over HTTP+SSE messages are sent to one place, whichever endpoint the stream was opened at.
    if (transport === 'http' && session.endpoint !== endpoint) return undefined;
    if (this.#isIdle(session)) {
      this.end(session);
      return undefined;
    }
    session.principal = principal;
    this.#use(session);
    return session;
  }

  /** Does nothing for a session that has ended. */
  end({ id }: Session): void {
    const session = this.#byId.get(id);
    if (session === undefined) return;
    this.#byId.delete(id);
    const owned = this.#byOwner.get(session.owner);
    owned?.delete(session);
    if (owned?.size === 0) this.#byOwner.delete(session.owner);
    this.#options.onEnd(session);
  }

  /** The session has one more stream connected; returns what is to be called when that is over. */
  hold(session: Session): () => void {
    session.openStreams += 1;
    return () => {
      session.openStreams -= 1;
      const known = this.#byId.get(session.id);
      if (known !== undefined) this.#use(known);
    };
  }

  #use(session: KnownSession): void {
    this.#uses += 1;
    session.lastUse = this.#uses;
    session.usedAt = this.#options.clock.now();
  }

  #owned(owner: string): Set<KnownSession> {
    let owned = this.#byOwner.get(owner);
    if (owned === undefined) {
      owned = new Set();
      this.#byOwner.set(owner, owned);
    }
    return owned;
  }

  /** Where the owner has as many as it may, one of them ends: rather one without a call under way, or a listener. */
  #endLeastUsed(owner: string): void {
    const owned = [...(this.#byOwner.get(owner) ?? [])];
    if (owned.length < this.#limits.perPrincipal) return;
    const { isBusy } = this.#options;
    const ranked = owned.map((session) => ({
      session,
      uses: Math.sign(session.openStreams) + (isBusy(session) ? 2 : 0),
    }));
    const [first] = ranked.sort((a, b) => a.uses - b.uses || a.session.lastUse - b.session.lastUse);
    if (first !== undefined) this.end(first.session);
  }

  #isIdle(session: KnownSession): boolean {
    const now = this.#options.clock.now();
    if (now - session.usedAt <= this.#limits.idleMs) return false;
    if (session.openStreams === 0 && !this.#options.isBusy(session)) return true;
    session.usedAt = now;
    return false;
  }

  #endIdle(): void {
    for (const session of this.#byId.values()) if (this.#isIdle(session)) this.end(session);
  }

  #sweepLater(): void {
    this.#isSweeping = true;
    this.#options.clock.after(sweepMs, () => {
      this.#isSweeping = false;
      this.#endIdle();
      if (this.#byId.size > 0) this.#sweepLater();
    });
  }
}

/** Whose cancellations count for a request: the principal, and its session where it has one. */
export function scopeOf(principal: Principal, session: string | undefined): string {
  return `${ownerOf(principal)}\n${session ?? ''}`;
}

/** The principal, whichever of its credentials it shows; no two have the same text, whatever their names hold. */
function ownerOf({ tenant, id }: Principal): string {
  return `${tenant.length} ${tenant} ${id}`;
}
