import type { Clock } from '../../lib/clock.js';
import { onOneLine } from '../../lib/json/members.js';
import { decodeUtf8, isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonText } from '../../model/json.js';
import { modernRevision } from '../../model/revisions.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type {
  Connection,
  ConnectionContext,
  ConnectionDeps,
  OutgoingRequest,
  ServerFacts,
} from '../connection.js';
import type { StdioSpec } from '../upstream-spec.js';
import {
  answerTo,
  type Message,
  readMessage,
  salvageId,
  writeNotification,
  writeRequest,
} from './json-rpc.js';
import { consequenceOf, modernEnvelope } from './negotiation.js';
import { OpenRequests } from './open-requests.js';
import { PendingRequest, type RequestEnd, type RequestHost } from './pending-request.js';
import { negotiate } from './stdio-negotiation.js';
import { StdioProcess } from './stdio-process.js';
import type { StdioWatchdog } from './stdio-watchdog.js';

/** What is not a message is skipped, but a child that sends nothing else is not a server. */
const mostStrangeLines = 1000;
const mostSkippedBytes = 64 * 1024 * 1024;
const neverCancelled = new Set(['initialize', 'server/discover', 'subscriptions/listen']);

/** Speaks MCP with one child process over its standard streams, many requests at a time. */
export class StdioConnection implements Connection, RequestHost<PendingRequest> {
  readonly #spec: StdioSpec;
  readonly #deps: ConnectionDeps;
  readonly #context: ConnectionContext;
  readonly #watchdog: StdioWatchdog;
  readonly #pending = new OpenRequests<PendingRequest>();
  #process: StdioProcess | undefined;
  #envelope: string | undefined;
  #strangeLines = 0;
  #skippedBytes = 0;
  #started = false;
  #gone: string | undefined;

  constructor(
    spec: StdioSpec,
    with_: { deps: ConnectionDeps; watchdog: StdioWatchdog },
    context: ConnectionContext,
  ) {
    this.#spec = spec;
    this.#deps = with_.deps;
    this.#watchdog = with_.watchdog;
    this.#context = context;
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<ServerFacts> {
    const configured = await this.#deps.resolve(this.#spec.env, 'variable');
    if (this.#gone !== undefined) throw new UpstreamFailure('unavailable', this.#gone, false);
    const env: Record<string, string> = { ...this.#deps.baseEnvironment };
    for (const [name, secret] of configured) env[name] = secret.reveal();
    const { command, args, cwd } = this.#spec;
    this.#process = new StdioProcess(
      { command, args, cwd, env },
      { ...this.#deps, watchdog: this.#watchdog },
      {
        onLine: (line) => this.#onLine(line),
        onSkipped: (bytes) => this.#onSkipped(bytes),
        onExit: (reason) => this.#end(reason),
      },
    );
    const facts = await negotiate(
      { ask: (request, envelope) => this.#send(request, envelope), gone: () => this.#gone },
      {
        clock: this.#deps.clock,
        version: this.#deps.version,
        pinned: this.#spec.revision,
        knownLegacy: this.#context.knownLegacy,
        timeoutMs: this.#spec.startTimeoutMs,
      },
    );
    this.#begin(facts);
    return facts;
  }

  request(request: OutgoingRequest): Promise<UpstreamReply> {
    return this.#send(request, this.#envelope);
  }

  idle(): Promise<void> {
    return this.#pending.idle();
  }

  async close(): Promise<void> {
    this.#started = false;
    this.#end('the connection was closed');
    await this.#process?.stop();
  }

  #begin(facts: ServerFacts): void {
    this.#started = this.#gone === undefined;
    if (facts.revision === modernRevision) {
      this.#envelope = modernEnvelope(this.#deps.version);
      if (facts.listChanged) this.#listen();
    } else {
      this.#process?.write(writeNotification('notifications/initialized', '{}'));
    }
  }

  /** A modern server tells of changes only to those who ask; the answer comes when the subscription ends. */
  #listen(): void {
    const members = '"notifications":{"toolsListChanged":true}';
    this.request({ method: 'subscriptions/listen', members, timeoutMs: 0 }).catch(() => undefined);
  }

  #send(request: OutgoingRequest, envelope: string | undefined): Promise<UpstreamReply> {
    if (this.#process === undefined || this.#gone !== undefined) {
      return Promise.reject(new UpstreamFailure('unavailable', this.#gone ?? 'it was not started', false));
    }
    if (request.signal?.aborted === true) {
      return Promise.reject(new UpstreamFailure('cancelled', 'the caller cancelled', false));
    }
    const pending = new PendingRequest(this, request);
    this.#pending.add(pending);
    pending.sent = this.#process.write(onOneLine(writeRequest(pending.id, request, envelope)));
    pending.line = this.#process.taken;
    if (!pending.sent) pending.fail('unavailable', 'the process does not read its input');
    return pending.reply;
  }

  onRequestEnd(pending: PendingRequest, end: RequestEnd): void {
    this.#pending.remove(pending);
    const { id, request } = pending;
    if (end === 'settled' || neverCancelled.has(request.method)) return;
    const reason = end === 'timeout' ? 'timeout' : 'cancelled by the caller';
    const params = `{"requestId":${id},"reason":"${reason}"}`;
    this.#process?.write(writeNotification('notifications/cancelled', params));
  }

  #onLine(line: Buffer): void {
    let text = '';
    let message: Message;
    try {
      text = decodeUtf8(line);
      message = readMessage(text);
    } catch (cause) {
      const id = salvageId(text);
      if (id !== undefined) this.#pending.find(id)?.fail('malformed', `unreadable answer: ${String(cause)}`);
      this.#onStrangeLine(cause instanceof Error ? cause.message : String(cause));
      return;
    }
    if (message.kind === 'nonsense') {
      this.#onStrangeLine('not a JSON-RPC message');
      return;
    }
    this.#strangeLines = 0;
    this.#skippedBytes = 0;
    this.#onMessage(message);
  }

  #onMessage(message: Exclude<Message, { kind: 'nonsense' }>): void {
    if (message.kind === 'response') this.#onResponse(message.id, message.reply);
    else if (message.kind === 'request') this.#process?.write(onOneLine(answerTo(message)));
    else if (message.method === 'notifications/progress') this.#onProgress(message.params);
    else if (message.method === 'notifications/tools/list_changed') this.#context.onToolsChanged();
  }

  #onResponse(id: number | undefined, reply: UpstreamReply | undefined): void {
    const pending = id === undefined ? undefined : this.#pending.find(id);
    if (pending === undefined) {
      this.#deps.log.debug({ upstream: this.#spec.id, id }, 'upstream answered a request that is not open');
      return;
    }
    if (reply === undefined) {
      pending.fail('malformed', 'the answer is no JSON-RPC 2.0 response with either a result or an error');
      return;
    }
    pending.answer(reply);
    if (!this.#started) return;
    const consequence = consequenceOf(reply);
    if (consequence === 'list_again') this.#context.onToolsChanged();
    else if (consequence === 'negotiate_again') this.#end('it no longer speaks the negotiated revision');
  }

  #onProgress(params: JsonText | undefined): void {
    if (params === undefined || !isJsonObject(params.value)) return;
    const token = params.value.progressToken;
    if (typeof token === 'number') this.#pending.find(token)?.progress(params.text);
  }

  #onStrangeLine(problem: string): void {
    const { log, redact } = this.#deps;
    log.debug({ upstream: this.#spec.id, problem: redact(problem) }, 'skipped a line that is not a message');
    if (++this.#strangeLines > mostStrangeLines)
      this.#end(`wrote ${mostStrangeLines} lines that are no messages`);
  }

  #onSkipped(bytes: number): void {
    if (this.#skippedBytes === 0) {
      this.#deps.log.warn({ upstream: this.#spec.id }, 'skipped a line of more than 16 MiB');
    }
    this.#skippedBytes += bytes;
    if (this.#skippedBytes > mostSkippedBytes) this.#end('wrote lines without end');
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    this.#pending.failAll(reason, ({ line }) => this.#process?.hasLost(line) === true);
    if (this.#started) this.#context.onDown(reason);
  }
}
