import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import { UpstreamFailure, type UpstreamStatus } from '../model/upstream.js';
import { Backoff } from './backoff.js';
import type { ClosingConnections } from './closing-connections.js';
import { type Connection, type ConnectionContext, OtherTransport, ProbeExit } from './connection.js';
import { Conversation } from './conversation.js';
import { ServerVerdict } from './server-verdict.js';
import type { StartLimit } from './start-limit.js';
import type { ListName, UpstreamEvent } from './upstream-event.js';
import type { Listed, UpstreamLists } from './upstream-lists.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** After this long up, a failure counts as the first one again. */
const steadyMs = 30_000;
const longestReason = 500;
const idleUnlessSetMs = 600_000;

export interface MainDeps {
  readonly spec: () => UpstreamSpec;
  readonly open: (spec: UpstreamSpec, context: ConnectionContext) => Promise<Connection>;
  readonly clock: Clock;
  readonly log: Log;
  readonly jitter: () => number;
  readonly redact: (text: string) => string;
  readonly limit: StartLimit;
  readonly closing: ClosingConnections;
  readonly lists: UpstreamLists;
  readonly onEvent: (event: UpstreamEvent) => void;
  readonly onNews: (method: string, params: string) => void;
  /** It came up, or its server has a new session: nothing is known there of what was said before. */
  readonly onFresh: (conversation: Conversation) => void;
  /** Whether somebody would miss the connection though nobody calls. */
  readonly isNeeded: () => boolean;
}

/**
 * The connection by which an upstream is listed, kept alive: started, and after any failure started again with back-off.
 * While it is down the last good lists stay, so that what models see does not flicker.
 */
export class MainConnection {
  /** The way in which sessions connect, too. */
  readonly verdict: ServerVerdict;
  readonly #deps: MainDeps;
  readonly #backoff: Backoff;
  #connection: Connection | undefined;
  /** It takes calls: it is up, or was up when it was retired. */
  conversation: Conversation | undefined;
  /** Of the last time it was up. */
  lastConversation: Conversation | undefined;
  state: UpstreamStatus['state'] = 'starting';
  /** It ended for want of calls; its state is `up`. */
  asleep = false;
  /** It went down by itself when it was up, and has not failed to come up since. */
  crashed = false;
  reason: string | undefined;
  since: number;
  #restarts = -1;
  /** Counts starts and ends, so that a start that was given up while it was being opened knows it. */
  #turn = 0;
  #stopTimers: (() => void)[] = [];
  #wakers: { resolve: (conversation: Conversation) => void; reject: (cause: UpstreamFailure) => void }[] = [];
  #settle: () => void = () => undefined;
  /** Resolves when it came up or failed for the first time. */
  readonly settled: Promise<void>;

  constructor(deps: MainDeps) {
    this.#deps = deps;
    this.verdict = new ServerVerdict(deps.clock);
    this.#backoff = new Backoff(deps.limit, deps.jitter);
    this.since = deps.clock.now();
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get restarts(): number {
    return Math.max(0, this.#restarts);
  }

  get pid(): number | undefined {
    return this.#connection?.pid;
  }

  /** Starts it; failures are retried for as long as it is not stopped. */
  begin(): void {
    if (this.#isStopped()) return;
    this.#restarts++;
    this.#startNow();
  }

  /** Resolves when it takes calls again. Rejects with UpstreamFailure when it does not come up. */
  wake(): Promise<Conversation> {
    if (this.conversation !== undefined) return Promise.resolve(this.conversation);
    return new Promise((resolve, reject) => {
      this.#wakers.push({ resolve, reject });
      if (!this.asleep) return;
      this.asleep = false;
      const waitMs = this.#deps.limit.untilOpenMs();
      if (waitMs === 0) this.#startNow();
      else this.#later(waitMs, () => this.#startNow());
    });
  }

  /** Ends the connection and keeps the lists, until it is needed. */
  sleep(): void {
    if (this.state !== 'up' || this.asleep) return;
    this.#drop(true);
    this.asleep = true;
  }

  /** No call can work on any connection, so it is down until one can, tried again with back-off. */
  fail(reason: string): void {
    if (this.state === 'up' && !this.asleep) this.#fail(this.#connection, reason, true);
  }

  stop(reason?: string): void {
    if (this.#isStopped()) return;
    this.#become('stopped', reason);
    this.#clearTimers();
    this.#deps.lists.unfollow();
    this.#rejectWakers('it was stopped');
    this.#settle();
  }

  /** Of a connection that took calls those in flight may finish. */
  letGo(mayFinish: boolean): void {
    const connection = this.#connection;
    const tookCalls = this.conversation !== undefined;
    this.conversation = undefined;
    this.#connection = undefined;
    if (connection === undefined) return;
    const { closing, spec } = this.#deps;
    if (mayFinish && tookCalls) closing.closeWhenIdle(connection, spec().timeoutMs);
    else closing.close(connection);
  }

  #startNow(): void {
    this.#deps.limit.noteStart();
    void this.#start();
  }

  async #start(): Promise<void> {
    let connection: Connection | undefined;
    const { spec, lists } = this.#deps;
    const turn = ++this.#turn;
    try {
      connection = await this.#deps.open(
        this.verdict.wayTo(spec()),
        this.#contextOf(() => connection),
      );
      if (this.#isStopped() || turn !== this.#turn) return await connection.close();
      this.#connection = connection;
      const facts = await connection.start();
      const conversation = new Conversation(connection, facts, this.#deps);
      const listed = await lists.ask({ connection, facts });
      if (this.#connection !== connection || this.#isStopped()) return;
      this.#up(conversation, listed);
    } catch (cause) {
      if (turn !== this.#turn) return;
      const isOther = cause instanceof ProbeExit || cause instanceof OtherTransport;
      if (isOther && this.#connection === connection) this.#startOtherwise(cause);
      else this.#fail(connection, cause instanceof Error ? cause.message : String(cause));
    }
  }

  #contextOf(own: () => Connection | undefined): ConnectionContext {
    const { lists, onNews, onFresh } = this.#deps;
    const isMine = () => own() === this.#connection;
    return {
      knownLegacy: this.verdict.knownLegacy,
      capabilities: '{}',
      onListChanged: (list: ListName) => {
        if (isMine()) lists.refresh(list);
      },
      onNews: (method, params) => {
        if (isMine()) onNews(method, params);
      },
      onRenewed: () => {
        const { conversation } = this;
        if (!isMine() || conversation === undefined) return;
        conversation.forget();
        onFresh(conversation);
      },
      onDown: (reason, mayFinish) => this.#fail(own(), reason, mayFinish),
    };
  }

  #up(conversation: Conversation, listed: Listed): void {
    const { lists, log, onEvent, onFresh, spec } = this.#deps;
    const { facts, connection } = conversation;
    const wasAwake = this.state !== 'up';
    this.conversation = conversation;
    this.lastConversation = conversation;
    this.verdict.heard(conversation.modern);
    this.asleep = false;
    this.crashed = false;
    this.#become('up', undefined);
    this.#later(steadyMs, () => this.#backoff.reset());
    lists.follow({ connection, facts }, listed);
    onFresh(conversation);
    const { id } = spec();
    const told = { upstream: id, revision: facts.revision, tools: listed.tools.items.length };
    log.info(told, 'upstream is up');
    if (wasAwake) onEvent({ kind: 'up', ...told });
    for (const { resolve } of this.#wakers.splice(0)) resolve(conversation);
    this.#watchIdleness();
    this.#settle();
  }

  /** Told once per cause: an upstream that stays down would otherwise fill the trail with its retries. */
  #fail(connection: Connection | undefined, cause: string, mayFinish = false): void {
    if (this.#isStopped() || connection !== this.#connection) return;
    const { redact, log, onEvent, spec } = this.#deps;
    // Cut last: half a secret would not be recognised as one.
    const reason = redact(this.verdict.explain(cause)).slice(0, longestReason);
    this.crashed = this.conversation !== undefined && !mayFinish;
    this.#drop(mayFinish);
    if (this.state !== 'up') this.verdict.forget();
    const isNews = this.state !== 'down' || this.reason !== reason;
    this.asleep = false;
    this.#become('down', reason);
    if (isNews) {
      log.warn({ upstream: spec().id, reason }, 'upstream is down');
      onEvent({ kind: 'down', upstream: spec().id, reason });
    }
    this.#later(this.#backoff.nextDelayMs(), () => this.begin());
    this.#rejectWakers(reason);
    this.#settle();
  }

  /** The server ended at the probe, or speaks another transport: neither is a failure yet. */
  #startOtherwise(cause: ProbeExit | OtherTransport): void {
    if (this.#isStopped()) return;
    this.#drop(false);
    if (!this.verdict.learnFrom(cause)) {
      this.#fail(undefined, cause.message);
      return;
    }
    const waitMs = this.#deps.limit.untilOpenMs();
    if (waitMs === 0) this.#startNow();
    else this.#later(waitMs, () => this.#startNow());
  }

  #watchIdleness(): void {
    const { idleMs = idleUnlessSetMs, stopWhenIdle } = this.#deps.spec();
    if (stopWhenIdle !== true) return;
    const { conversation } = this;
    if (conversation === undefined) return;
    const idleFor = this.#deps.clock.now() - (conversation.lastCallAt ?? conversation.startedAt);
    const isNeeded = conversation.connection.busy || this.#deps.isNeeded();
    if (idleFor >= idleMs && !isNeeded) this.sleep();
    else this.#later(Math.max(idleMs - idleFor, 1000), () => this.#watchIdleness());
  }

  #drop(mayFinish: boolean): void {
    this.#turn++;
    this.#clearTimers();
    this.#deps.lists.unfollow();
    this.letGo(mayFinish);
  }

  #rejectWakers(reason: string): void {
    const failure = new UpstreamFailure('unavailable', reason, false);
    for (const { reject } of this.#wakers.splice(0)) reject(failure);
  }

  #become(state: UpstreamStatus['state'], reason: string | undefined): void {
    if (this.state !== state) this.since = this.#deps.clock.now();
    this.state = state;
    this.reason = reason;
  }

  #isStopped(): boolean {
    return this.state === 'stopped';
  }

  #later(ms: number, run: () => void): void {
    this.#stopTimers.push(this.#deps.clock.after(ms, run));
  }

  #clearTimers(): void {
    for (const stop of this.#stopTimers.splice(0)) stop();
  }
}
