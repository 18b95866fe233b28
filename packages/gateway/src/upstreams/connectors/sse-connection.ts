import { type AddressRules, addressRules } from '../../lib/net/address-rules.js';
import { modernRevision } from '../../model/revisions.js';
import { type AttachedCredential, UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type {
  Connection,
  ConnectionContext,
  ConnectionDeps,
  OutgoingRequest,
  ServerFacts,
} from '../connection.js';
import { isReservedHeader } from '../reserved-headers.js';
import type { SseSpec } from '../upstream-spec.js';
import { waitWithin } from '../wait-within.js';
import { Duplex, type DuplexChannel } from './duplex.js';
import { HttpStatusFailure } from './http-call.js';
import { HttpExchange } from './http-exchange.js';
import { addCredential, httpSession } from './http-headers.js';
import { HttpReplies } from './http-replies.js';
import { HttpWire } from './http-wire.js';
import { writeNotification } from './json-rpc.js';
import { initializeMembers, readInitialize } from './negotiation.js';
import type { PendingRequest } from './pending-request.js';
import { SseStream } from './sse-stream.js';

/** Speaks MCP with one HTTP+SSE server: everything comes on one stream, and each message goes out in a POST of its own. */
export class SseConnection implements Connection, DuplexChannel {
  readonly pid = undefined;
  readonly #spec: SseSpec;
  readonly #deps: ConnectionDeps;
  readonly #context: ConnectionContext;
  readonly #duplex: Duplex;
  readonly #replies: HttpReplies;
  /** Carries the stream alone. */
  readonly #down: HttpWire;
  readonly #stream: SseStream;
  /** Leads to where the server takes messages. */
  #up: HttpWire | undefined;
  #headers: readonly string[];
  readonly #addresses: AddressRules | undefined;

  constructor(spec: SseSpec, deps: ConnectionDeps, context: ConnectionContext) {
    this.#spec = spec;
    this.#deps = deps;
    this.#context = context;
    const { clock, log } = deps;
    this.#duplex = new Duplex({ id: spec.id, clock, log, context, channel: this });
    this.#replies = new HttpReplies(log, spec.id);
    this.#headers = httpSession(deps.version).headers;
    this.#addresses = spec.addresses && addressRules(spec.addresses);
    const url = new URL(spec.url);
    this.#down = new HttpWire(url, clock, this.#addresses);
    this.#stream = new SseStream({
      url,
      onMessage: (text) => this.#onMessage(text),
      onOver: (reason) => this.#end(reason),
    });
  }

  get busy(): boolean {
    return this.#duplex.requests.busy;
  }

  async start(): Promise<ServerFacts> {
    const { clock, version } = this.#deps;
    const { headers, revision: pinned, startTimeoutMs: timeoutMs } = this.#spec;
    const forbidden = Object.keys(headers).find(isReservedHeader);
    if (forbidden !== undefined) throw unavailable(`the header "${forbidden}" belongs to the protocol`);
    if (pinned === modernRevision) throw unavailable(`nobody speaks ${pinned} over HTTP+SSE`);
    const deadline = clock.now() + timeoutMs;
    this.#down.dispatch({ method: 'GET', headers: await this.#streamHeaders() }, this.#stream.exchange);
    const endpoint = await waitWithin(this.#stream.endpoint, { clock, deadline, what: 'endpoint' });
    this.#up = new HttpWire(endpoint, clock, this.#addresses);
    const { capabilities } = this.#context;
    const members = initializeMembers({ version, pinned, capabilities });
    const facts = readInitialize(
      await this.#duplex.send({ method: 'initialize', members, timeoutMs: deadline - clock.now() }),
    );
    this.#headers = httpSession(version, facts.revision).headers;
    await this.#deliver(writeNotification('notifications/initialized', '{}'));
    this.#duplex.started = this.#duplex.gone === undefined;
    return facts;
  }

  request(request: OutgoingRequest): Promise<UpstreamReply> {
    return this.#duplex.send(request);
  }

  notify(method: string): void {
    if (this.#duplex.started) this.tell(writeNotification(method, '{}'), true);
  }

  async follow(): Promise<void> {}

  async memoryBytes(): Promise<undefined> {
    return undefined;
  }

  idle(): Promise<void> {
    return this.#duplex.requests.idle();
  }

  async close(): Promise<void> {
    this.#duplex.started = false;
    this.#end('the connection was closed');
    await Promise.all([this.#down.close(), this.#up?.close()]);
  }

  // What the conversation needs of its channel.

  sendRequest(pending: PendingRequest, text: string): void {
    const { credential } = pending.request;
    if (credential !== undefined) this.#post(pending, text, credential);
    else {
      this.#credential().then(
        (own) => this.#post(pending, text, own),
        (cause: unknown) => pending.fail('unavailable', wordsOf(cause)),
      );
    }
  }

  tell(text: string, needed: boolean): void {
    this.#replies.post(() => this.#deliver(text).catch(() => undefined), needed);
  }

  onObsolete(reason: string): void {
    this.#end(reason);
  }

  /** The answer comes on the stream; the response to the POST only says whether the request was taken. */
  #post(pending: PendingRequest, text: string, credential: AttachedCredential): void {
    if (pending.ended) return;
    if (this.#up === undefined) {
      pending.fail('unavailable', 'it was not started');
      return;
    }
    const exchange = new HttpExchange({
      onSent: () => {
        pending.sent = true;
      },
      onMessage: () => undefined,
      onEnd: ({ status }) => {
        if (status >= 300) exchange.distrust();
        if (status >= 300) pending.failWith(new HttpStatusFailure(status));
      },
      onFault: ({ kind, message, unreachable }) => {
        pending.fail(kind, message);
        if (unreachable) this.#end(message);
      },
    });
    const headers = [...this.#headers];
    addCredential(headers, credential);
    this.#up.dispatch({ method: 'POST', headers, body: text }, exchange);
  }

  async #deliver(body: string): Promise<void> {
    const headers = [...this.#headers];
    addCredential(headers, await this.#credential());
    await this.#up?.deliver({ method: 'POST', headers, body }, this.#spec.startTimeoutMs);
  }

  async #streamHeaders(): Promise<string[]> {
    const headers = ['accept', 'text/event-stream', ...this.#headers.slice(4)];
    addCredential(headers, await this.#credential());
    return headers;
  }

  /** For the gateway's own requests. What they cannot get calls cannot get either, so without it the upstream is down. */
  async #credential(): Promise<AttachedCredential> {
    try {
      return await this.#deps.resolve(this.#spec.headers, 'header');
    } catch (cause) {
      this.#end(wordsOf(cause));
      throw cause;
    }
  }

  #onMessage(text: string): void {
    const problem = this.#duplex.receive(text);
    if (problem === undefined) return;
    const { log, redact } = this.#deps;
    log.debug({ upstream: this.#spec.id, problem: redact(problem) }, 'skipped an event that is no message');
  }

  #end(reason: string): void {
    if (!this.#duplex.end(reason)) return;
    this.#stream.abort(reason);
    if (this.#duplex.started) this.#context.onDown(reason);
  }
}

function unavailable(message: string): UpstreamFailure {
  return new UpstreamFailure('unavailable', message, false);
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
