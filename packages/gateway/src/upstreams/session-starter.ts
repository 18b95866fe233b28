import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { NewsOwner } from '../model/upstream-news.js';
import type { ClosingConnections } from './closing-connections.js';
import type { Connection, ConnectionContext } from './connection.js';
import { Conversation } from './conversation.js';
import type { StartLimit } from './start-limit.js';
import type { ListName } from './upstream-event.js';
import type { UpstreamSession } from './upstream-session.js';
import type { UpstreamSpec } from './upstream-spec.js';

const mostStartingAtOnce = 6;
const longestReason = 500;

export interface StarterDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
  readonly spec: () => UpstreamSpec;
  /** Connects in the way in which the connection that lists did. */
  readonly open: (context: Omit<ConnectionContext, 'knownLegacy'>) => Promise<Connection>;
  readonly limit: StartLimit;
  readonly closing: ClosingConnections;
  readonly onNews: (owner: NewsOwner, method: string, params: string) => void;
  readonly onListChanged: (list: ListName) => void;
}

/** Who hears what becomes of sessions. */
export interface SessionWatch {
  onUp(session: UpstreamSession): void;
  /** It ended by itself, or never came up. */
  onEnd(session: UpstreamSession): void;
  /** It goes on, but its server knows nothing any more of what it was told. */
  onRenewed(session: UpstreamSession): void;
}

interface Watched {
  readonly session: UpstreamSession;
  readonly watch: SessionWatch;
}

/** Opens sessions, a few at a time, and ends them. */
export class SessionStarter {
  readonly #deps: StarterDeps;
  readonly #queue: (() => void)[] = [];
  #starting = 0;

  constructor(deps: StarterDeps) {
    this.#deps = deps;
  }

  /** Never throws: `session.ready` tells. */
  async start(session: UpstreamSession, watch: SessionWatch): Promise<void> {
    await this.#turn();
    try {
      await this.#open(session, watch);
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      this.#lost({ session, watch }, `no session could be opened: ${words}`);
    } finally {
      this.#starting--;
      this.#queue.shift()?.();
    }
  }

  /** Ends one; calls in flight may finish first, for as long as one may take. */
  close(session: UpstreamSession, mayFinish: boolean): void {
    session.ended = true;
    session.failed(new UpstreamFailure('unavailable', 'the session was ended', false));
    const { connection } = session;
    session.connection = undefined;
    if (connection === undefined) return;
    const { closing, spec } = this.#deps;
    if (mayFinish) closing.closeWhenIdle(connection, spec().timeoutMs);
    else closing.close(connection);
  }

  async #open(session: UpstreamSession, watch: SessionWatch): Promise<void> {
    if (session.ended) return;
    const { limit, clock } = this.#deps;
    const waitMs = limit.untilOpenMs();
    if (waitMs > 0) {
      throw new Error(`it failed too often, the next start is in ${Math.ceil(waitMs / 1000)} s`);
    }
    limit.noteStart();
    try {
      const connection = await this.#deps.open(this.#contextOf(session, watch));
      if (session.ended) return await connection.close();
      session.connection = connection;
      const facts = await connection.start();
      if (session.ended) return;
      session.idleSince = clock.now();
      session.up(new Conversation(connection, facts, this.#deps));
      watch.onUp(session);
    } catch (cause) {
      limit.noteFailure();
      throw cause;
    }
  }

  #contextOf(session: UpstreamSession, watch: SessionWatch): Omit<ConnectionContext, 'knownLegacy'> {
    const { onNews, onListChanged, limit } = this.#deps;
    const { owner, capabilities } = session.key;
    return {
      capabilities,
      onListChanged,
      onNews: (method, params) => onNews(owner, method, params),
      onRenewed: () => {
        session.conversation?.forget();
        watch.onRenewed(session);
      },
      onDown: (reason, mayFinish = false) => {
        if (!mayFinish) limit.noteFailure();
        this.#lost({ session, watch }, reason, mayFinish);
      },
    };
  }

  #lost({ session, watch }: Watched, cause: string, mayFinish = false): void {
    if (session.ended) return;
    const { log, redact, spec } = this.#deps;
    // Cut last: half a secret would not be recognised as one.
    const reason = redact(cause).slice(0, longestReason);
    log.warn({ upstream: spec().id, reason }, 'a session with the upstream ended');
    session.failed(new UpstreamFailure('unavailable', reason, false));
    this.close(session, mayFinish);
    watch.onEnd(session);
  }

  /** A burst of callers must not start as many processes at the same moment. */
  #turn(): Promise<void> | undefined {
    this.#starting++;
    if (this.#starting <= mostStartingAtOnce) return undefined;
    return new Promise((resolve) => this.#queue.push(resolve));
  }
}
