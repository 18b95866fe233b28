import type { Clock } from '../lib/clock.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { Conversation } from './conversation.js';
import { Lanes } from './lanes.js';
import { checkRoom } from './session-caps.js';
import type { SessionKey } from './session-key.js';
import type { SessionStarter, SessionWatch } from './session-starter.js';
import { unsubscribe } from './subscribe.js';
import type { Holder } from './subscriptions.js';
import { UpstreamSession } from './upstream-session.js';
import type { UpstreamSpec } from './upstream-spec.js';

const idleUnlessSetMs = 600_000;
/** How long a session stays whose clients have all gone: one that comes back at once finds it. */
const lingerMs = 10_000;
const sweepMs = 1000;
/** How long a client that holds no line has to itself, before a call that waits may take its place. */
const parkedGraceMs = 5000;
const firstRevivalMs = 1000;
const mostRevivals = 6;

export interface PoolDeps {
  readonly clock: Clock;
  readonly spec: () => UpstreamSpec;
  readonly starter: SessionStarter;
}

/** One client session of one principal. */
export interface ClientSession {
  readonly tenant: string;
  readonly principal: string;
  readonly session: string;
}

/** The sessions with a legacy upstream besides the connection that lists. No two keys ever share one. */
export class SessionPool implements SessionWatch {
  readonly #deps: PoolDeps;
  readonly #byKey = new Map<string, Lanes>();
  #stopSweep: (() => void) | undefined;
  #closed = false;

  constructor(deps: PoolDeps) {
    this.#deps = deps;
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  /** By when a call that has so long must be answered; one without a time of its own has that of the upstream. */
  deadlineIn(timeoutMs: number): number {
    return this.clock.now() + (timeoutMs > 0 ? timeoutMs : this.#deps.spec().timeoutMs);
  }

  get sessions(): UpstreamSession[] {
    return [...this.#byKey.values()].flatMap((lanes) => lanes.sessions);
  }

  /** Whether a session of this key is there already, up or coming up. */
  has(key: SessionKey): boolean {
    return this.#byKey.get(key.text)?.home !== undefined;
  }

  /** How long a session may still be kept without calls, in milliseconds; nothing where it is not idle. */
  idleLeftMs(session: UpstreamSession): number | undefined {
    const lanes = this.#byKey.get(session.key.text);
    if (session.calls > 0 || (lanes?.home === session && lanes.subscriptions.size > 0)) return undefined;
    const { idleMs = idleUnlessSetMs } = this.#deps.spec();
    const keptMs = session.abandoned ? Math.min(lingerMs, idleMs) : idleMs;
    return session.idleSince + keptMs - this.clock.now();
  }

  /** What is known of a key, made now if there is nothing yet. */
  lanesOf(key: SessionKey): Lanes {
    const known = this.#byKey.get(key.text);
    if (known !== undefined) return known;
    const lanes = new Lanes(key);
    this.#byKey.set(key.text, lanes);
    return lanes;
  }

  /** A session that takes a call of this asker now, opened if need be; nothing when the call has to wait for one. */
  seat(lanes: Lanes, asker: string): UpstreamSession | undefined {
    const session = lanes.find(asker);
    if (session !== undefined || !lanes.mayGrow) return session;
    try {
      return this.open(lanes);
    } catch (cause) {
      // A further session is a convenience; the first is needed, so without one the caller hears why not.
      if (lanes.home === undefined) throw cause;
      return undefined;
    }
  }

  /** Opens one more; throws UpstreamFailure when there may be no more. */
  open(lanes: Lanes): UpstreamSession {
    try {
      if (this.#closed) throw new UpstreamFailure('unavailable', 'it was taken out', false);
      checkRoom(this.sessions, lanes.key, this.#deps.spec());
    } catch (cause) {
      this.tidy(lanes);
      throw cause;
    }
    const session = new UpstreamSession(lanes.key, this.clock.now());
    lanes.add(session);
    void this.#deps.starter.start(session, this);
    this.#stopSweep ??= this.clock.after(sweepMs, this.#sweep);
    return session;
  }

  /** For calls that wait: seats them as far as there is room, and makes some. */
  makeRoom(lanes: Lanes): void {
    if (!lanes.waiting || this.#closed) return;
    try {
      if (lanes.mayGrow) this.open(lanes);
    } catch (cause) {
      // Whoever cannot be seated hears why when the time is up.
      if (!(cause instanceof UpstreamFailure)) throw cause;
    }
    lanes.seatWaiters();
    if (lanes.waiting) lanes.giveUpOldest(this.clock.now() - parkedGraceMs);
  }

  leave(lanes: Lanes, session: UpstreamSession): void {
    session.leave(this.clock.now());
    if (session.spoiled && session.calls === 0 && !session.ended) {
      this.#deps.starter.close(session, false);
      this.onEnd(session);
    } else if (lanes.waiting) lanes.seatWaiters();
  }

  /** Forgets what nobody needs any more. */
  tidy(lanes: Lanes): void {
    if (lanes.empty) this.#byKey.delete(lanes.key.text);
  }

  /** Whether there was such a subscription. */
  unsubscribe(key: SessionKey, uri: string, holder: Holder): boolean {
    const lanes = this.#byKey.get(key.text);
    if (lanes?.subscriptions.isHeldBy(uri, holder) !== true) return false;
    const { subscriptions, home } = lanes;
    unsubscribe({ subscriptions, conversation: home?.conversation }, uri, holder);
    this.tidy(lanes);
    return true;
  }

  /** Ends the sessions that belong to this client session alone; others end soon when it was the last to use them. */
  clientEnded(client: ClientSession): void {
    for (const session of this.#sessionsOf(client)) {
      session.forget(client.session, this.clock.now());
      const { owner } = session.key;
      if (owner !== 'everyone' && owner.session !== undefined) this.#end(session, false);
    }
  }

  /** Tells the servers of a client session that what it offers as roots has changed. */
  rootsChanged(client: ClientSession): void {
    for (const session of this.#sessionsOf(client)) {
      session.connection?.notify('notifications/roots/list_changed');
    }
  }

  /** Ends all; from then on none is opened. Calls in flight may finish first, if asked for. */
  close(mayFinish: boolean): void {
    this.#closed = true;
    this.#stopSweep?.();
    for (const session of this.sessions) this.#end(session, mayFinish);
  }

  onUp(session: UpstreamSession): void {
    const lanes = this.#byKey.get(session.key.text);
    if (lanes === undefined) return;
    lanes.revivals = 0;
    if (lanes.home === session) resubscribe(lanes, session.conversation);
  }

  onRenewed(session: UpstreamSession): void {
    this.onUp(session);
  }

  onEnd(session: UpstreamSession): void {
    const lanes = this.#byKey.get(session.key.text);
    if (lanes === undefined) return;
    const wasHome = lanes.home === session;
    lanes.remove(session);
    this.makeRoom(lanes);
    if (wasHome && lanes.subscriptions.size > 0) this.#revive(lanes);
    this.tidy(lanes);
  }

  #end(session: UpstreamSession, mayFinish: boolean): void {
    const lanes = this.#byKey.get(session.key.text);
    if (lanes?.home === session) lanes.subscriptions.clear();
    this.#deps.starter.close(session, mayFinish);
    this.onEnd(session);
  }

  #sessionsOf({ tenant, principal, session: client }: ClientSession): UpstreamSession[] {
    return this.sessions.filter((session) => {
      const { owner } = session.key;
      if (owner === 'everyone') return session.serves(client);
      if (owner.tenant !== tenant || owner.principal !== principal) return false;
      return owner.session === client || session.serves(client);
    });
  }

  /** Somebody listens though nobody calls, so the session is opened again without a call. */
  #revive(lanes: Lanes): void {
    if (lanes.home !== undefined) {
      resubscribe(lanes, lanes.home.conversation);
      return;
    }
    if (this.#closed || lanes.revivals >= mostRevivals) {
      lanes.subscriptions.clear();
      return;
    }
    this.clock.after(firstRevivalMs * 2 ** lanes.revivals++, () => {
      if (lanes.home !== undefined || lanes.subscriptions.size === 0) return;
      try {
        this.open(lanes);
      } catch {
        this.#revive(lanes);
      }
    });
  }

  readonly #sweep = (): void => {
    for (const lanes of this.#byKey.values()) this.makeRoom(lanes);
    for (const session of this.sessions) {
      const left = this.idleLeftMs(session);
      if (left !== undefined && left <= 0) this.#end(session, false);
    }
    this.#stopSweep = this.sessions.length > 0 ? this.clock.after(sweepMs, this.#sweep) : undefined;
  };
}

function resubscribe({ subscriptions }: Lanes, conversation: Conversation | undefined): void {
  if (subscriptions.size > 0) conversation?.resubscribe(subscriptions.uris);
}
