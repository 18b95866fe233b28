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
import { type Connection, type ConnectionContext, ProbeExit, type ServerFacts } from './connection.js';
import type { ImportedTool, ToolImport } from './import-tools.js';
import { listTools } from './list-tools.js';
import { type ListSource, ToolList } from './tool-list.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** An era is a property of the server's version; only the clock can tell that a legacy server was replaced. */
const legacyVerdictMs = 3_600_000;
/** How long a call that was decided on an upstream may take to come to it after the upstream was taken out. */
const lateCallsMs = 1000;
/** After this long up, a failure counts as the first one again. */
const steadyMs = 30_000;

export interface UpstreamDeps {
  readonly open: (spec: UpstreamSpec, context: ConnectionContext) => Promise<Connection>;
  readonly clock: Clock;
  readonly log: Log;
  readonly jitter: () => number;
  readonly onEvent: (event: UpstreamEvent) => void;
  readonly onTools: () => void;
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
  readonly #closings = new Set<Promise<void>>();
  #settle: () => void = () => undefined;
  /** Resolves when it came up or failed for the first time. */
  readonly settled: Promise<void>;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#backoff = new Backoff(deps.clock, deps.jitter);
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
    const name = `"name":${JSON.stringify(request.tool.name)}`;
    return connection.request({
      method: request.method,
      members: request.argumentsText === undefined ? name : `${name},"arguments":${request.argumentsText}`,
      meta: request.meta,
      tool: request.tool,
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

  /**
   * Ends it when nobody needs it any more: calls that were decided on it may still come for a second, and those in flight
   * may finish, for as long as one request may take.
   */
  async retire(): Promise<void> {
    this.#stop('it is no longer configured');
    const connection = this.#connection;
    if (connection !== undefined && this.#takesCalls) {
      await this.#pause(lateCallsMs);
      await Promise.race([connection.idle(), this.#pause(this.#spec.timeoutMs)]);
    }
    await this.#end();
  }

  /** Ends it now, and whatever earlier connection is still ending. */
  async close(): Promise<void> {
    this.#stop();
    await this.#end();
  }

  #stop(reason?: string): void {
    if (this.#isStopped()) return;
    this.#become('stopped', reason);
    this.#clearTimers();
    this.#list.unfollow();
    this.#settle();
  }

  async #end(): Promise<void> {
    const connection = this.#connection;
    this.#takesCalls = false;
    this.#connection = undefined;
    if (connection !== undefined) this.#track(connection.close());
    await Promise.all(this.#closings);
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
        onDown: (reason) => this.#fail(connection, reason),
      });
      if (this.#isStopped()) return await connection.close();
      this.#connection = connection;
      const facts = await connection.start();
      changedWhileListing = false;
      const listed = await listTools(connection, facts, this.#spec.startTimeoutMs);
      if (this.#connection !== connection || this.#isStopped()) return;
      this.#up({ connection, facts }, listed);
      if (changedWhileListing) this.#list.refresh();
    } catch (cause) {
      if (cause instanceof ProbeExit && this.#connection === connection) this.#startWithoutProbe(connection);
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
  #fail(connection: Connection | undefined, reason: string): void {
    if (this.#isStopped() || connection !== this.#connection) return;
    this.#drop(connection);
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

  #startWithoutProbe(connection: Connection | undefined): void {
    if (this.#isStopped()) return;
    this.#drop(connection);
    this.#legacyUntil = this.#deps.clock.now() + legacyVerdictMs;
    const wait = this.#backoff.untilWindowOpensMs();
    if (wait === 0) this.begin();
    else this.#later(wait, () => this.begin());
  }

  #drop(connection: Connection | undefined): void {
    this.#clearTimers();
    this.#list.unfollow();
    this.#takesCalls = false;
    this.#connection = undefined;
    if (connection !== undefined) this.#track(connection.close());
  }

  #track(closing: Promise<void>): void {
    this.#closings.add(closing);
    void closing.finally(() => this.#closings.delete(closing));
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

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#deps.clock.after(ms, resolve);
    });
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
