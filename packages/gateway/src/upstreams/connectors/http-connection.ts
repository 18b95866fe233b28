import type { Clock } from '../../lib/clock.js';
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
import type { HttpSpec } from '../upstream-spec.js';
import { type CallHost, HttpCall, HttpStatusFailure } from './http-call.js';
import type { HttpExchange } from './http-exchange.js';
import { addCredential, type HttpRequest, type HttpSession, httpSession } from './http-headers.js';
import { HttpListener } from './http-listener.js';
import type { HttpMessage } from './http-request-text.js';
import { HttpWire } from './http-wire.js';
import { answerTo, type Message, writeNotification, writeRequest } from './json-rpc.js';
import {
  consequenceOf,
  initializeMembers,
  judgeProbe,
  modernEnvelope,
  type ProbeVerdict,
  readInitialize,
} from './negotiation.js';
import { OpenRequests } from './open-requests.js';
import type { RequestEnd } from './pending-request.js';

const farewellMs = 1000;
/** Answers to a server's own requests under way at once: more would take the sockets of calls. */
const mostAnswers = 16;

/** Speaks MCP with one Streamable HTTP endpoint, of either era, through a pool of sockets that is its own. */
export class HttpConnection implements Connection, CallHost {
  readonly pid = undefined;
  readonly #spec: HttpSpec;
  readonly #deps: ConnectionDeps;
  readonly #context: ConnectionContext;
  readonly #wire: HttpWire;
  readonly #calls = new OpenRequests<HttpCall>();
  readonly #modernMeta: string;
  #session: HttpSession;
  #renewal: Promise<HttpSession> | undefined;
  #listener: HttpListener | undefined;
  #answering = 0;
  #toldOfDropped = false;
  #started = false;
  #gone: string | undefined;

  constructor(spec: HttpSpec, deps: ConnectionDeps, context: ConnectionContext) {
    this.#spec = spec;
    this.#deps = deps;
    this.#context = context;
    this.#wire = new HttpWire(new URL(spec.url), deps.clock);
    this.#modernMeta = modernEnvelope(deps.version);
    this.#session = httpSession(deps.version);
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  async start(): Promise<ServerFacts> {
    const forbidden = Object.keys(this.#spec.headers).find(isReservedHeader);
    if (forbidden !== undefined) {
      throw new UpstreamFailure('unavailable', `the header "${forbidden}" belongs to the protocol`, false);
    }
    const facts = await this.#negotiate(await this.#credential());
    this.#started = this.#gone === undefined;
    if (this.#started && facts.listChanged) this.#listen();
    return facts;
  }

  request(request: OutgoingRequest): Promise<UpstreamReply> {
    if (hasCredential(request)) return this.#send(request, this.#session).reply;
    return this.#credential().then(
      (credential) => this.#send({ ...request, credential }, this.#session).reply,
    );
  }

  idle(): Promise<void> {
    return this.#calls.idle();
  }

  async close(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.#gone = 'the connection was closed';
    this.#listener?.stop();
    this.#calls.failAll(this.#gone);
    if (this.#started && this.#session.id !== undefined) await this.#sayFarewell();
    await this.#wire.close();
  }

  // What calls need of their connection.

  dispatch(message: HttpMessage, exchange: HttpExchange): void {
    this.#wire.dispatch(message, exchange);
  }

  envelopeOf(session: HttpSession): string | undefined {
    return session.era === 'modern' ? this.#modernMeta : undefined;
  }

  onMessage(message: Message, session: HttpSession, credential: AttachedCredential): void {
    if (message.kind === 'notification' && message.method === 'notifications/tools/list_changed') {
      this.#context.onToolsChanged();
    } else if (message.kind === 'request' && session.era === 'legacy') {
      this.#answer(answerTo(message), session, credential);
    }
  }

  onAnswer(reply: UpstreamReply): void {
    if (!this.#started) return;
    const consequence = consequenceOf(reply);
    if (consequence === 'list_again') this.#context.onToolsChanged();
    else if (consequence === 'negotiate_again') this.#goDown('it no longer speaks the negotiated revision');
  }

  /** One refused connection says nothing about those that are open: what is under way on them may finish. */
  onUnreachable(message: string): void {
    this.#goDown(message, true);
  }

  onRequestEnd(call: HttpCall, end: RequestEnd): void {
    this.#calls.remove(call);
    if (end === 'settled') return;
    const { session, request, id } = call;
    // For a modern server the closed stream is the cancellation; a legacy one must be told.
    if (session.era === 'legacy' && call.sent && request.method !== 'initialize') {
      const reason = end === 'timeout' ? 'timeout' : 'cancelled by the caller';
      const params = `{"requestId":${id},"reason":"${reason}"}`;
      void this.#post(writeNotification('notifications/cancelled', params), session, request.credential);
    }
    call.leave();
  }

  /** Many calls may find the session gone at the same time; they share one new one. */
  renewSession(stale: HttpSession, credential: AttachedCredential): Promise<HttpSession> {
    if (this.#session !== stale) return Promise.resolve(this.#session);
    this.#renewal ??= this.#initialize(credential)
      .then(() => this.#onNewSession())
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  /** A server that lost its sessions was started again: it tells of changes on new streams only, and may have changed. */
  #onNewSession(): HttpSession {
    if (this.#started) {
      this.#listener?.reopen();
      this.#context.onToolsChanged();
    }
    return this.#session;
  }

  async #negotiate(credential: AttachedCredential): Promise<ServerFacts> {
    const pinned = this.#spec.revision;
    const legacy = pinned !== undefined ? pinned !== modernRevision : this.#context.knownLegacy;
    if (legacy) return this.#initialize(credential);
    const verdict = await this.#probe(credential, pinned !== undefined);
    if (verdict.era === 'modern') {
      this.#session = httpSession(this.#deps.version, modernRevision);
      return verdict.facts;
    }
    if (pinned === undefined) return this.#initialize(credential);
    throw new UpstreamFailure('malformed', `the server does not speak the pinned revision ${pinned}`, true);
  }

  /** Refused credentials, faults of the server and of the network say nothing about its era. */
  async #probe(credential: AttachedCredential, pinned: boolean): Promise<ProbeVerdict> {
    const { startTimeoutMs: timeoutMs } = this.#spec;
    const request = { method: 'server/discover', members: '', timeoutMs, credential };
    const session = httpSession(this.#deps.version, modernRevision);
    try {
      return judgeProbe(await this.#send(request, session).reply);
    } catch (cause) {
      if (pinned || !(cause instanceof UpstreamFailure)) throw cause;
      if (cause instanceof HttpStatusFailure ? speaksOfEra(cause.status) : cause.kind === 'malformed') {
        return { era: 'legacy' };
      }
      throw cause;
    }
  }

  async #initialize(credential: AttachedCredential): Promise<ServerFacts> {
    const { version } = this.#deps;
    const { startTimeoutMs: timeoutMs, revision } = this.#spec;
    const members = initializeMembers(version, revision);
    const call = this.#send({ method: 'initialize', members, timeoutMs, credential }, httpSession(version));
    const facts = readInitialize(await call.reply);
    const session = httpSession(version, facts.revision, call.mintedSession);
    await this.#post(writeNotification('notifications/initialized', '{}'), session, credential);
    this.#session = session;
    return facts;
  }

  #send(request: HttpRequest, session: HttpSession): HttpCall {
    const call = new HttpCall(this, request, session);
    this.#calls.add(call);
    if (this.#gone !== undefined) call.fail('unavailable', this.#gone);
    else if (request.signal?.aborted === true) call.fail('cancelled', 'the caller cancelled');
    else call.send();
    return call;
  }

  /** A server that asks faster than it takes answers goes without most of them. */
  #answer(body: string, session: HttpSession, credential: AttachedCredential): void {
    if (this.#answering < mostAnswers) {
      const posted = this.#post(body, session, credential);
      this.#answering++;
      void posted.finally(() => this.#answering--);
    } else if (!this.#toldOfDropped) {
      this.#toldOfDropped = true;
      this.#deps.log.debug({ upstream: this.#spec.id }, 'requests of the upstream go unanswered: too many');
    }
  }

  #post(body: string, session: HttpSession, credential: AttachedCredential): Promise<void> {
    const headers = [...session.headers];
    addCredential(headers, credential);
    return this.#wire.deliver({ method: 'POST', headers, body }, this.#spec.startTimeoutMs);
  }

  #listen(): void {
    const message = (heard: Message, credential: AttachedCredential) =>
      this.onMessage(heard, this.#session, credential);
    let credential: AttachedCredential = new Map();
    this.#listener = new HttpListener({
      clock: this.clock,
      openStream: async (exchange) => {
        credential = await this.#credential();
        this.#openStream(exchange, credential);
      },
      onMessage: (heard) => message(heard, credential),
      onGap: () => this.#context.onToolsChanged(),
      onUnreachable: (reason) => this.onUnreachable(reason),
    });
    this.#listener.open();
  }

  #openStream(exchange: HttpExchange, credential: AttachedCredential): void {
    const session = this.#session;
    if (session.era === 'modern') {
      const members = '"notifications":{"toolsListChanged":true}';
      const request = { method: 'subscriptions/listen', members, timeoutMs: 0 };
      const headers = [...session.headers, 'mcp-method', request.method];
      addCredential(headers, credential);
      const body = writeRequest(this.#calls.nextId(), request, this.#modernMeta);
      this.dispatch({ method: 'POST', headers, body }, exchange);
      return;
    }
    const headers = session.headers.slice(2);
    addCredential(headers, credential);
    this.dispatch({ method: 'GET', headers }, exchange);
  }

  /** For the gateway's own requests. What they cannot get calls cannot get either, so without it the upstream is down. */
  async #credential(): Promise<AttachedCredential> {
    try {
      return await this.#deps.resolve(this.#spec.headers, 'header');
    } catch (cause) {
      this.#goDown(cause instanceof Error ? cause.message : String(cause), true);
      throw cause;
    }
  }

  async #sayFarewell(): Promise<void> {
    const headers = this.#session.headers.slice(2);
    try {
      addCredential(headers, await this.#credential());
      await this.#wire.deliver({ method: 'DELETE', headers }, farewellMs);
    } catch {
      // Without a credential the session is left to expire.
    }
  }

  #goDown(reason: string, mayFinish = false): void {
    if (!this.#started || this.#gone !== undefined) return;
    this.#started = false;
    this.#listener?.stop();
    this.#context.onDown(reason, mayFinish);
  }
}

function hasCredential(request: OutgoingRequest): request is HttpRequest {
  return request.credential !== undefined;
}

/** Whether a refusal of the probe may come from a server of the other era; other statuses are plain failures. */
function speaksOfEra(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);
}
