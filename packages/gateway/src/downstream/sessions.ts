import type { Clock } from '../lib/clock.js';
import { randomToken } from '../lib/ids.js';
import type { Revision } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import type { SessionLimits } from './face-options.js';

/** A legacy conversation over HTTP. Its id is no credential: it only works together with its principal's. */
export interface Session {
  readonly id: string;
  readonly revision: Revision;
  readonly owner: string;
  readonly endpoint: string | undefined;
  usedAt: number;
}

/** Who asks, and where. */
export interface SessionAsker {
  readonly principal: Principal;
  readonly endpoint?: string | undefined;
}

const defaults: SessionLimits = { idleMs: 3_600_000, perPrincipal: 256, total: 10_000 };
/** 192 random bits. */
const idBytes = 24;

export class Sessions {
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #byId = new Map<string, Session>();
  /** Each owner's sessions, least recently used first. */
  readonly #byOwner = new Map<string, Set<Session>>();

  constructor(clock: Clock, limits: Partial<SessionLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...defaults, ...limits };
  }

  /** Undefined when the gateway holds as many sessions as it may. */
  open(asker: SessionAsker, revision: Revision): Session | undefined {
    const owner = ownerOf(asker.principal);
    const [oldest] = this.#byOwner.get(owner) ?? [];
    if (oldest !== undefined && this.#owned(owner).size >= this.#limits.perPrincipal) this.#end(oldest);
    if (this.#byId.size >= this.#limits.total) this.#endIdle();
    if (this.#byId.size >= this.#limits.total) return undefined;
    const id = randomToken(idBytes);
    const session = { id, revision, owner, endpoint: asker.endpoint, usedAt: this.#clock.now() };
    this.#byId.set(id, session);
    this.#owned(owner).add(session);
    return session;
  }

  /** Undefined alike for ids that never were, that ended, and that belong to somebody or somewhere else. */
  find(id: string, asker: SessionAsker): Session | undefined {
    const session = this.#byId.get(id);
    if (session === undefined || session.owner !== ownerOf(asker.principal)) return undefined;
    if (session.endpoint !== asker.endpoint) return undefined;
    if (this.#isIdle(session)) {
      this.#end(session);
      return undefined;
    }
    session.usedAt = this.#clock.now();
    const owned = this.#owned(session.owner);
    owned.delete(session);
    owned.add(session);
    return session;
  }

  close(id: string, asker: SessionAsker): boolean {
    const session = this.find(id, asker);
    if (session !== undefined) this.#end(session);
    return session !== undefined;
  }

  get size(): number {
    return this.#byId.size;
  }

  #owned(owner: string): Set<Session> {
    let owned = this.#byOwner.get(owner);
    if (owned === undefined) {
      owned = new Set();
      this.#byOwner.set(owner, owned);
    }
    return owned;
  }

  #isIdle(session: Session): boolean {
    return this.#clock.now() - session.usedAt > this.#limits.idleMs;
  }

  #endIdle(): void {
    for (const session of this.#byId.values()) if (this.#isIdle(session)) this.#end(session);
  }

  #end(session: Session): void {
    this.#byId.delete(session.id);
    const owned = this.#byOwner.get(session.owner);
    owned?.delete(session);
    if (owned?.size === 0) this.#byOwner.delete(session.owner);
  }
}

/** Whose cancellations count for a request: the principal, and its session where it has one. */
export function scopeOf(principal: Principal, session: string | undefined): string {
  return `${ownerOf(principal)}\n${session ?? ''}`;
}

/** The principal, whichever of its credentials it shows. */
function ownerOf(principal: Principal): string {
  return `${principal.tenant}\n${principal.id}`;
}
