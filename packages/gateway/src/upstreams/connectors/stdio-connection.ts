import { onOneLine } from '../../lib/json/members.js';
import { decodeUtf8 } from '../../lib/json/parse-json.js';
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
import { Duplex, type DuplexChannel } from './duplex.js';
import { writeNotification } from './json-rpc.js';
import { ModernEnvelope } from './modern-envelope.js';
import type { PendingRequest } from './pending-request.js';
import { StdioListen } from './stdio-listen.js';
import { negotiate } from './stdio-negotiation.js';
import { StdioProcess } from './stdio-process.js';
import type { StdioWatchdog } from './stdio-watchdog.js';

/** What is not a message is skipped, but a child that sends nothing else is not a server. */
const mostStrangeLines = 1000;
const mostSkippedBytes = 64 * 1024 * 1024;

/** Speaks MCP with one child process over its standard streams, many requests at a time. */
export class StdioConnection implements Connection, DuplexChannel {
  readonly #spec: StdioSpec;
  readonly #deps: ConnectionDeps;
  readonly #context: ConnectionContext;
  readonly #watchdog: StdioWatchdog;
  readonly #duplex: Duplex;
  readonly #envelope: ModernEnvelope;
  #process: StdioProcess | undefined;
  #listen: StdioListen | undefined;
  #strangeLines = 0;
  #skippedBytes = 0;

  constructor(
    spec: StdioSpec,
    with_: { deps: ConnectionDeps; watchdog: StdioWatchdog },
    context: ConnectionContext,
  ) {
    this.#spec = spec;
    this.#deps = with_.deps;
    this.#watchdog = with_.watchdog;
    this.#context = context;
    this.#envelope = new ModernEnvelope(with_.deps.version);
    const { clock, log } = with_.deps;
    const onAgreed = (id: number) => this.#listen?.acknowledged(id);
    this.#duplex = new Duplex({ id: spec.id, clock, log, context, channel: this, onAgreed });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get busy(): boolean {
    return this.#duplex.requests.busy;
  }

  async start(): Promise<ServerFacts> {
    const configured = await this.#deps.resolve(this.#spec.env, 'variable');
    if (this.#duplex.gone !== undefined) throw new UpstreamFailure('unavailable', this.#duplex.gone, false);
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
    const facts = await this.#negotiate();
    this.#begin(facts);
    return facts;
  }

  request(request: OutgoingRequest): Promise<UpstreamReply> {
    return this.#duplex.send(request);
  }

  notify(method: string): void {
    if (this.#duplex.started && this.#duplex.envelope === undefined)
      this.tell(writeNotification(method, '{}'), true);
  }

  async follow(uris: readonly string[]): Promise<void> {
    await this.#listen?.follow(uris);
  }

  async memoryBytes(): Promise<number | undefined> {
    if (this.pid === undefined) return undefined;
    // Only who looks at the state of upstreams needs it.
    const { groupMemoryBytes } = await import('./stdio-memory.js');
    return groupMemoryBytes(this.pid);
  }

  idle(): Promise<void> {
    return this.#duplex.requests.idle();
  }

  async close(): Promise<void> {
    this.#duplex.started = false;
    this.#end('the connection was closed');
    await this.#process?.stop();
  }

  // What the conversation needs of its channel.

  sendRequest(pending: PendingRequest, text: string): void {
    if (this.#process === undefined) {
      pending.fail('unavailable', 'it was not started');
      return;
    }
    pending.sent = this.#process.write(onOneLine(text));
    pending.line = this.#process.taken;
    if (!pending.sent) pending.fail('unavailable', 'the process does not read its input');
  }

  tell(text: string, needed: boolean): void {
    if (needed || this.#process?.behind === false) this.#process?.write(onOneLine(text));
  }

  onObsolete(reason: string): void {
    this.#end(reason);
  }

  #negotiate(): Promise<ServerFacts> {
    const duplex = this.#duplex;
    return negotiate(
      {
        ask: (request, era) => duplex.begin(request, era === 'modern' ? this.#envelope : undefined).reply,
        gone: () => duplex.gone,
      },
      {
        clock: this.#deps.clock,
        version: this.#deps.version,
        pinned: this.#spec.revision,
        capabilities: this.#context.capabilities,
        knownLegacy: this.#context.knownLegacy,
        timeoutMs: this.#spec.startTimeoutMs,
      },
    );
  }

  #begin(facts: ServerFacts): void {
    const duplex = this.#duplex;
    duplex.started = duplex.gone === undefined;
    if (facts.revision !== modernRevision) {
      this.tell(writeNotification('notifications/initialized', '{}'), true);
      return;
    }
    duplex.envelope = this.#envelope;
    const begin = (request: OutgoingRequest) => duplex.begin(request, this.#envelope);
    this.#listen = new StdioListen({ clock: this.#deps.clock, begin }, facts);
    this.#listen.follow([]).catch((cause: unknown) => this.#note('it tells of no changes', String(cause)));
  }

  #onLine(line: Buffer): void {
    let problem: string | undefined;
    try {
      problem = this.#duplex.receive(decodeUtf8(line));
    } catch (cause) {
      problem = cause instanceof Error ? cause.message : String(cause);
    }
    if (problem !== undefined) {
      this.#onStrangeLine(problem);
      return;
    }
    this.#strangeLines = 0;
    this.#skippedBytes = 0;
  }

  #onStrangeLine(problem: string): void {
    this.#note('skipped a line that is not a message', problem);
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

  #note(what: string, problem: string): void {
    const { log, redact } = this.#deps;
    log.debug({ upstream: this.#spec.id, problem: redact(problem) }, what);
  }

  #end(reason: string): void {
    if (!this.#duplex.end(reason, ({ line }) => this.#process?.hasLost(line) === true)) return;
    this.#listen?.stop();
    if (this.#duplex.started) this.#context.onDown(reason);
  }
}
