import { UpstreamFailure } from '../model/upstream.js';
import type { SessionKey } from './session-key.js';
import { Subscriptions } from './subscriptions.js';
import type { UpstreamSession } from './upstream-session.js';

const mostLanes = 4;
const mostWaiters = 64;

interface Waiter {
  readonly asker: string;
  readonly seat: (session: UpstreamSession) => void;
}

/** The sessions of one key: one for all, and where the server may ask, a further one for each asker at the same time. */
export class Lanes {
  readonly key: SessionKey;
  readonly subscriptions = new Subscriptions();
  /** How often its session was opened for the sake of subscriptions alone since it last came up; kept by the pool. */
  revivals = 0;
  readonly #sessions: UpstreamSession[] = [];
  readonly #waiters: Waiter[] = [];

  constructor(key: SessionKey) {
    this.key = key;
  }

  get sessions(): readonly UpstreamSession[] {
    return this.#sessions;
  }

  /** The session on which resources are subscribed to. */
  get home(): UpstreamSession | undefined {
    return this.#sessions[0];
  }

  /** Whether nothing would be lost with it. */
  get empty(): boolean {
    return this.#sessions.length === 0 && this.#waiters.length === 0 && this.subscriptions.size === 0;
  }

  get waiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** Those that only wait for a client which may never come back are not counted. */
  get mayGrow(): boolean {
    if (!this.key.interactive) return this.#sessions.length === 0;
    return this.#sessions.filter((session) => parkedSince(session) === undefined).length < mostLanes;
  }

  /** A session that takes a call of this asker now: where others of its calls are, else the first that is free. */
  find(asker: string): UpstreamSession | undefined {
    const admitting = this.#sessions.filter((session) => session.admits(asker));
    return admitting.find(({ calls }) => calls > 0) ?? admitting[0];
  }

  add(session: UpstreamSession): void {
    this.#sessions.push(session);
  }

  remove(session: UpstreamSession): void {
    const place = this.#sessions.indexOf(session);
    if (place >= 0) this.#sessions.splice(place, 1);
  }

  /** Resolves with a session that admits the asker; the returned function gives the place in the queue up. */
  wait(asker: string, seat: (session: UpstreamSession) => void): () => void {
    if (this.#waiters.length >= mostWaiters) {
      const message = `${mostWaiters} calls wait already for a session of this caller`;
      throw new UpstreamFailure('full', message, false);
    }
    const waiter = { asker, seat };
    this.#waiters.push(waiter);
    return () => {
      const place = this.#waiters.indexOf(waiter);
      if (place >= 0) this.#waiters.splice(place, 1);
    };
  }

  /** Gives up the call that has waited longest for its client, if it has since `before` or longer. */
  giveUpOldest(before: number): void {
    const times = this.#sessions.map((session) => parkedSince(session) ?? Number.POSITIVE_INFINITY);
    const oldest = Math.min(...times);
    if (oldest <= before) this.#sessions[times.indexOf(oldest)]?.parkable?.giveUp();
  }

  /** Seats those who wait, first come first served, as far as there is room. */
  seatWaiters(): void {
    for (const waiter of this.#waiters.slice()) {
      const session = this.find(waiter.asker);
      if (session === undefined) continue;
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      waiter.seat(session);
    }
  }
}

function parkedSince({ parkable }: UpstreamSession): number | undefined {
  return parkable?.parkedSince;
}
