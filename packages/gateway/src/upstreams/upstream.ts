import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import {
  type ForwardRequest,
  UpstreamFailure,
  type UpstreamReply,
  type UpstreamStatus,
} from '../model/upstream.js';
import { Backoff } from './backoff.js';
import { ClosingConnections } from './closing-connections.js';
import { type Connection, type ConnectionContext, ProbeExit, type ServerFacts } from './connection.js';
import type { ImportedTool, ToolImport } from './import-tools.js';
import { type ListSource, listTools } from './list-tools.js';
import { ToolList } from './tool-list.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** An era is a property of the server's version; only the clock can tell that a legacy server was replaced. */
const legacyVerdictMs = 3_600_000;
/** How long a call that was decided on an upstream may take to come to it after the upstream was taken out. */
const lateCallsMs = 1000;
/** After this long up, a failure counts as the first one again. */
const steadyMs = 30_000;
const longestReason = 500;

export interface UpstreamDeps {
  readonly open: (spec: UpstreamSpec, context: ConnectionContext) => Promise<Connection>;
  readonly clock: Clock;
  readonly log: Log;
  readonly jitter: () => number;
  readonly onEvent: (event: UpstreamEvent) => void;
  readonly onTools: () => void;
  /** Takes known secrets out of what an upstream wrote. */
  readonly redact: (text: string) => string;
}

/**
 * One upstream, kept alive: started, listed, and after any failure started again with back-off.
 * While it is down its last good list of tools stays, so that what models see does not flicker.
 */
export class Upstream {
  #spec: UpstreamSpec;
  readonly #deps: UpstreamDeps;
  readonly #backoff: Backoff;
  readonly #list: ToolList;
  #connection: Connection | undefined;
  /** It is up, or was up when it was retired. */
  #takesCalls = false;
  #facts: ServerFacts | undefined;
  #state: UpstreamStatus['state'] = 'starting';
  #reason: string | undefined;
  #since: number;
  #restarts = -1;
  #legacyUntil = 0;
  #stopTimers: (() => void)[] = [];
  readonly #closing: ClosingConnections;
  #settle: () => void = () => undefined;
  /** Resolves when it came up or failed for the first time. */
  readonly settled: Promise<void>;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#backoff = new Backoff(deps.clock, deps.jitter);
    this.#closing = new ClosingConnections(deps.clock);
    this.#list = new ToolList({ ...deps, spec: () => this.#spec });
    this.#since = deps.clock.now();
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get spec(): UpstreamSpec {
    return this.#spec;
  }

  get tools(): readonly ImportedTool[] {
    return this.#list.tools;
  }

  /** Whether a spec reaches the same server in the same way. */
  reaches(spec: UpstreamSpec): boolean {
    return isDeepStrictEqual(wayOf(this.#spec), wayOf(spec));
  }

  /** Takes over a spec that reaches the same server in the same way; false when a new connection is needed. */
  adopt(spec: UpstreamSpec): boolean {
    if (!this.reaches(spec)) return false;
    this.#spec = spec;
    return true;
  }

  /** Starts it; failures are retried for as long as it is not closed. */
  begin(): void {
    if (this.#state === 'stopped') return;
    this.#backoff.noteStart();
    this.#restarts++;
    void this.#start();
  }

  forward(request: ForwardRequest): Promise<UpstreamReply> {
    const connection = this.#connection;
    if (connection === undefined || !this.#takesCalls) {
      return Promise.reject(
        new UpstreamFailure('unavailable', this.#reason ?? `it is ${this.#state}`, false),
      );
    }
    const name = `"name":${JSON.stringify(request.target.name)}`;
    return connection.request({
      method: request.method,
      members: request.argumentsText === undefined ? name : `${name},"arguments":${request.argumentsText}`,
      meta: request.meta,
      target: request.target,
      credential: request.credential,
      timeoutMs: request.timeoutMs,
      signal: request.signal,
      args: request.args,
      onProgress: request.onProgress,
    });
  }

  status(): UpstreamStatus {
    const pid = this.#connection?.pid;
    return {
      id: this.#spec.id,
      transport: this.#spec.kind,
      state: this.#state,
      tools: this.tools.length,
      restarts: Math.max(0, this.#restarts),
      since: this.#since,
      ...(this.#facts === undefined ? {} : { revision: this.#facts.revision }),
      ...(pid === undefined ? {} : { pid }),
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
  }

  /** Its credential cannot be had, so no call can work: down until it can, tried again with back-off. */
  credentialFailed(reason: string): void {
    if (this.#state === 'up') this.#fail(this.#connection, reason, true);
  }

  /**
   * Ends it when nobody needs it any more: calls that were decided on it may still come for a second, and those in flight
   * may finish, for as long as one request may take.
   */
  async retire(): Promise<void> {
    this.#stop('a change of the configuration took it out');
    if (this.#takesCalls) await this.#closing.pause(lateCallsMs);
    this.#letGo(true);
    await this.#closing.closed();
  }

  /** Ends it now, and whatever earlier connection is still ending. */
  async close(): Promise<void> {
    this.#stop();
    this.#closing.hurry();
    this.#letGo(false);
    await this.#closing.closed();
  }

  #stop(reason?: string): void {
    if (this.#isStopped()) return;
    this.#become('stopped', reason);
    this.#clearTimers();
    this.#list.unfollow();
    this.#settle();
  }

  /** Of a connection that took calls those in flight may finish. */
  #letGo(mayFinish: boolean): void {
    const connection = this.#connection;
    const tookCalls = this.#takesCalls;
    this.#takesCalls = false;
    this.#connection = undefined;
    if (connection === undefined) return;
    if (mayFinish && tookCalls) this.#closing.closeWhenIdle(connection, this.#spec.timeoutMs);
    else this.#closing.close(connection);
  }

  async #start(): Promise<void> {
    let connection: Connection | undefined;
    let changedWhileListing = false;
    try {
      connection = await this.#deps.open(this.#spec, {
        knownLegacy: this.#deps.clock.now() < this.#legacyUntil,
        onToolsChanged: () => {
          changedWhileListing = true;
          if (connection === this.#connection) this.#list.refresh();
        },
        onDown: (reason, mayFinish) => this.#fail(connection, reason, mayFinish),
      });
      if (this.#isStopped()) return await connection.close();
      this.#connection = connection;
      const facts = await connection.start();
      changedWhileListing = false;
      const source = { connection, facts };
      const { redact } = this.#deps;
      const listed = await listTools(source, { timeoutMs: this.#spec.startTimeoutMs, redact });
      if (this.#connection !== connection || this.#isStopped()) return;
      this.#up(source, listed);
      if (changedWhileListing) this.#list.refresh();
    } catch (cause) {
      if (cause instanceof ProbeExit && this.#connection === connection) this.#startWithoutProbe();
      else this.#fail(connection, cause instanceof Error ? cause.message : String(cause));
    }
  }

  #up(source: ListSource, listed: ToolImport): void {
    const { facts } = source;
    this.#facts = facts;
    const { clock } = this.#deps;
    if (facts.revision !== '2026-07-28' && clock.now() >= this.#legacyUntil) {
      this.#legacyUntil = clock.now() + legacyVerdictMs;
    }
    this.#takesCalls = true;
    this.#become('up', undefined);
    this.#later(steadyMs, () => this.#backoff.reset());
    this.#list.follow(source, listed);
    const { id } = this.#spec;
    this.#deps.log.info(
      { upstream: id, revision: facts.revision, tools: listed.tools.length },
      'upstream is up',
    );
    this.#deps.onEvent({ kind: 'up', upstream: id, revision: facts.revision, tools: listed.tools.length });
    this.#settle();
  }

  /** Told once per cause: an upstream that stays down would otherwise fill the trail with its retries. */
  #fail(connection: Connection | undefined, cause: string, mayFinish = false): void {
    if (this.#isStopped() || connection !== this.#connection) return;
    // Cut last: half a secret would not be recognised as one.
    const reason = this.#deps.redact(cause).slice(0, longestReason);
    this.#drop(mayFinish);
    if (this.#state !== 'up') this.#legacyUntil = 0;
    const isNews = this.#state !== 'down' || this.#reason !== reason;
    this.#become('down', reason);
    const { id } = this.#spec;
    if (isNews) {
      this.#deps.log.warn({ upstream: id, reason }, 'upstream is down');
      this.#deps.onEvent({ kind: 'down', upstream: id, reason });
    }
    this.#later(this.#backoff.nextDelayMs(), () => this.begin());
    this.#settle();
  }

  #startWithoutProbe(): void {
    if (this.#isStopped()) return;
    this.#drop(false);
    this.#legacyUntil = this.#deps.clock.now() + legacyVerdictMs;
    const wait = this.#backoff.untilWindowOpensMs();
    if (wait === 0) this.begin();
    else this.#later(wait, () => this.begin());
  }

  #drop(mayFinish: boolean): void {
    this.#clearTimers();
    this.#list.unfollow();
    this.#letGo(mayFinish);
  }

  #become(state: UpstreamStatus['state'], reason: string | undefined): void {
    if (this.#state !== state) this.#since = this.#deps.clock.now();
    this.#state = state;
    this.#reason = reason;
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  #later(ms: number, run: () => void): void {
    this.#stopTimers.push(this.#deps.clock.after(ms, run));
  }

  #clearTimers(): void {
    for (const stop of this.#stopTimers.splice(0)) stop();
  }
}

/** What a connection depends on; the rest of a spec may change under a live one. */
function wayOf(spec: UpstreamSpec): object {
  const { timeoutMs: _, prefix: _prefix, openArguments: _open, ...way } = spec;
  return way;
}
