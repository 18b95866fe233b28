import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Session } from '../model/session.js';
import type { SessionTable } from '../store/session-table.js';
import { digestOfToken, idOfDigest } from './session-token.js';

export interface KnownSessionsDeps {
  readonly table: SessionTable;
  readonly clock: Clock;
  readonly log: Log;
}

interface Reading {
  readonly session: Session;
  readonly readAt: number;
}

/** Bounds how long a session still works that another process revoked. */
const trustMs = 1000;
const keptSessions = 10_000;

/**
 * What was read of sessions a moment ago, so that a call costs a look-up and no query. However many sessions there are,
 * only so many are kept. What cannot be read is not there.
 */
export class KnownSessions {
  readonly #deps: KnownSessionsDeps;
  readonly #byId = new LRUCache<string, Reading>({ max: keptSessions });
  /** The ids, by token and by what the gateway made them for: neither ever means another session. */
  readonly #ids = new LRUCache<string, string>({ max: keptSessions });

  constructor(deps: KnownSessionsDeps) {
    this.#deps = deps;
  }

  ofToken(token: string): Session | undefined {
    const known = this.#ids.get(token);
    if (known !== undefined) return this.ofId(known);
    const digest = digestOfToken(token);
    const session = this.#read(idOfDigest(digest), () => this.#deps.table.findByToken(digest));
    if (session !== undefined) this.#ids.set(token, session.id);
    return session;
  }

  /** Undefined while none is known whose time is not over; the caller looks in the database then. */
  ofAutomatic(name: string): Session | undefined {
    const id = this.#ids.get(name);
    const session = id === undefined ? undefined : this.ofId(id);
    return session === undefined || this.#isOver(session) ? undefined : session;
  }

  learnAutomatic(name: string, session: Session): void {
    this.#ids.set(name, session.id);
  }

  ofId(id: string): Session | undefined {
    const known = this.#byId.get(id);
    const now = this.#deps.clock.now();
    if (known !== undefined && now >= known.readAt && now - known.readAt < trustMs) return known.session;
    return this.#read(id, () => this.#deps.table.find(id));
  }

  isLive(id: string): boolean {
    const session = this.ofId(id);
    return session !== undefined && session.revokedAt === undefined && !this.#isOver(session);
  }

  forget(id: string): void {
    this.#byId.delete(id);
  }

  #isOver({ expiresAt }: Session): boolean {
    return expiresAt !== undefined && expiresAt <= this.#deps.clock.now();
  }

  #read(id: string, read: () => Session | undefined): Session | undefined {
    try {
      const session = read();
      if (session === undefined) this.#byId.delete(id);
      else this.#byId.set(id, { session, readAt: this.#deps.clock.now() });
      return session;
    } catch (cause) {
      this.#byId.delete(id);
      this.#deps.log.error({ err: cause }, 'a session cannot be read; its calls are refused');
      return undefined;
    }
  }
}
