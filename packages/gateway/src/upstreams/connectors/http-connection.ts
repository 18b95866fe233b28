import type { Clock } from '../../lib/clock.js';
import { addressRules } from '../../lib/net/address-rules.js';
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
import { consequenceOf } from './hop-faults.js';
import { type CallHost, HttpCall } from './http-call.js';
import type { HttpExchange } from './http-exchange.js';
import {
  type Agreement,
  type HandshakePort,
  type HandshakeTerms,
  initialize,
  shakeHands,
} from './http-handshake.js';
import { addCredential, type HttpRequest, type HttpSession, httpSession } from './http-headers.js';
import { HttpNews, type NewsOrigin, type NewsPort } from './http-news.js';
import { HttpReplies } from './http-replies.js';
import type { HttpMessage } from './http-request-text.js';
import { HttpWire } from './http-wire.js';
import { InputRounds, type RoundsHost } from './input-rounds.js';
import { type Message, writeNotification, writeRequest } from './json-rpc.js';
import { listenerFor } from './listen-filter.js';
import { ModernEnvelope } from './modern-envelope.js';
import { OpenRequests } from './open-requests.js';
import type { RequestEnd } from './pending-request.js';
import { ServerVoice } from './server-voice.js';

const farewellMs = 1000;

/** Speaks MCP with one Streamable HTTP endpoint, of either era, through a pool of sockets that is its own. */
export class HttpConnection implements Connection, CallHost, RoundsHost {
  readonly pid = undefined;
  readonly #spec: HttpSpec;
  readonly #deps: ConnectionDeps;
  readonly #context: ConnectionContext;
  /** Carries calls alone. */
  readonly #wire: HttpWire;
  /** Carries the rest, so that calls that wait for an answer to a question do not keep that answer waiting. */
  readonly #aside: HttpWire;
  readonly requests = new OpenRequests<HttpCall>();
  readonly #voice: ServerVoice;
  readonly #replies: HttpReplies;
  readonly #envelope: ModernEnvelope;
  readonly #news: HttpNews;
  #facts: ServerFacts | undefined;
  #session: HttpSession;
  #renewal: Promise<HttpSession> | undefined;
  #started = false;
  #gone: string | undefined;

  constructor(spec: HttpSpec, deps: ConnectionDeps, context: ConnectionContext) {
    this.#spec = spec;
    this.#deps = deps;
    this.#context = context;
    const url = new URL(spec.url);
    const addresses = spec.addresses && addressRules(spec.addresses);
    this.#wire = new HttpWire(url, deps.clock, addresses);
    this.#aside = new HttpWire(url, deps.clock, addresses);
    this.#voice = new ServerVoice({ clock: deps.clock, log: deps.log, context, requests: this.requests });
    this.#replies = new HttpReplies(deps.log, spec.id);
    this.#envelope = new ModernEnvelope(deps.version);
    this.#session = httpSession(deps.version);
    this.#news = new HttpNews(this.#newsPort(), context);
  }

  get clock(): Clock {
    return this.#deps.clock;
  }

  get busy(): boolean {
    return this.requests.busy;
  }

  async start(): Promise<ServerFacts> {
    const forbidden = Object.keys(this.#spec.headers).find(isReservedHeader);
    if (forbidden !== undefined) {
      throw new UpstreamFailure('unavailable', `the header "${forbidden}" belongs to the protocol`, false);
    }
    const { session, facts } = await shakeHands(this.#port, this.#terms(await this.#credential()));
    this.#session = session;
    this.#facts = facts;
    this.#started = this.#gone === undefined;
    if (this.#started) this.#news.begin();
    return facts;
  }

  request(request: OutgoingRequest): Promise<UpstreamReply> {
    if (hasCredential(request)) return this.#send(request, this.#session).reply;
    return this.#credential().then(
      (credential) => this.#send({ ...request, credential }, this.#session).reply,
    );
  }

  notify(method: string): void {
    const session = this.#session;
    if (!this.#started || session.era === 'modern') return;
    const body = writeNotification(method, '{}');
    this.#credential().then(
      (credential) => this.#post(body, session, credential),
      () => undefined,
    );
  }

  async follow(uris: readonly string[]): Promise<void> {
    if (this.#started && this.#session.era === 'modern') await this.#news.follow(uris);
  }

  async memoryBytes(): Promise<undefined> {
    return undefined;
  }

  idle(): Promise<void> {
    return this.requests.idle();
  }

  async close(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.#gone = 'the connection was closed';
    this.#news.stop();
    this.requests.failAll(this.#gone);
    if (this.#started && this.#session.id !== undefined) await this.#sayFarewell();
    await Promise.all([this.#wire.close(), this.#aside.close()]);
  }

  // What calls need of their connection.

  dispatch(message: HttpMessage, exchange: HttpExchange): void {
    this.#wire.dispatch(message, exchange);
  }

  envelopeFor(session: HttpSession, { client }: HttpRequest): string | undefined {
    return session.era === 'modern' ? this.#envelope.membersFor(client) : undefined;
  }

  onMessage(message: Message, call: HttpCall): void {
    this.#hear(message, call, { session: call.session, credential: call.request.credential });
  }

  onAnswer(reply: UpstreamReply): void {
    if (!this.#started) return;
    const consequence = consequenceOf(reply);
    if (consequence === 'list_again') this.#context.onListChanged('tools');
    else if (consequence === 'negotiate_again') this.#goDown('it no longer speaks the negotiated revision');
  }

  /** One refused connection says nothing about those that are open: what is under way on them may finish. */
  onUnreachable(message: string): void {
    this.#goDown(message, true);
  }

  onRequestEnd(call: HttpCall, end: RequestEnd): void {
    this.requests.remove(call);
    this.#voice.callEnded(call, end);
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
    this.#renewal ??= initialize(this.#port, this.#terms(credential), false)
      .then(
        (agreement) => this.#onNewSession(agreement),
        (cause: unknown) => {
          // Perhaps it is another server by now: that is found out by starting anew.
          this.#goDown(`no new session: ${cause instanceof Error ? cause.message : String(cause)}`, true);
          throw cause;
        },
      )
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  roundsOf(call: HttpCall): InputRounds | undefined {
    if (call.session.era === 'legacy') return undefined;
    return call.rounds ?? new InputRounds(this, call.request);
  }

  again(request: OutgoingRequest, rounds?: InputRounds): Promise<UpstreamReply> {
    return this.#send(request as HttpRequest, this.#session, rounds).reply;
  }

  #onNewSession({ session, facts }: Agreement): HttpSession {
    this.#session = session;
    this.#facts = facts;
    if (this.#started) {
      this.#news.beginAnew();
      this.#context.onRenewed();
    }
    return session;
  }

  get #port(): HandshakePort {
    return {
      send: (request, session) => this.#send(request, session),
      post: (body, session, credential) => this.#post(body, session, credential),
    };
  }

  #terms(credential: AttachedCredential): HandshakeTerms {
    const { startTimeoutMs: timeoutMs, revision: pinned } = this.#spec;
    const { capabilities, knownLegacy } = this.#context;
    return { version: this.#deps.version, timeoutMs, pinned, capabilities, knownLegacy, credential };
  }

  #send(request: HttpRequest, session: HttpSession, rounds?: InputRounds): HttpCall {
    const call = new HttpCall(this, request, session);
    call.rounds = rounds;
    this.requests.add(call);
    if (this.#gone !== undefined) call.fail('unavailable', this.#gone);
    else if (request.signal?.aborted === true) call.fail('cancelled', 'the caller cancelled');
    else call.send();
    return call;
  }

  /** A modern server makes no requests of its own: it asks in its results. */
  #hear(message: Message, call: HttpCall | undefined, { session, credential }: NewsOrigin): void {
    if (message.kind === 'notification') this.#voice.onNotice(message, call);
    else if (message.kind === 'request' && session.era === 'legacy') {
      const calls = call === undefined ? this.requests.candidates() : [call];
      const answer = (body: string, awaited: boolean) =>
        this.#replies.post(() => this.#post(body, session, credential), awaited);
      this.#voice.onRequest({ message, calls, answer });
    }
  }

  #post(body: string, session: HttpSession, credential: AttachedCredential): Promise<void> {
    const headers = [...session.headers];
    addCredential(headers, credential);
    return this.#aside.deliver({ method: 'POST', headers, body }, this.#spec.startTimeoutMs);
  }

  #newsPort(): NewsPort {
    return {
      clock: this.clock,
      session: () => this.#session,
      facts: () => this.#facts,
      credential: () => this.#credential(),
      dispatch: (message, exchange) => this.#aside.dispatch(message, exchange),
      writeListen: (members) => {
        const request = { method: 'subscriptions/listen', members, timeoutMs: 0 };
        return writeRequest(this.requests.nextId(), request, this.#envelope.membersFor(listenerFor(members)));
      },
      hear: (message, origin) => this.#hear(message, undefined, origin),
      onUnreachable: (reason) => this.onUnreachable(reason),
    };
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
      await this.#aside.deliver({ method: 'DELETE', headers }, farewellMs);
    } catch {
      // Without a credential the session is left to expire.
    }
  }

  #goDown(reason: string, mayFinish = false): void {
    if (!this.#started || this.#gone !== undefined) return;
    this.#started = false;
    this.#news.stop();
    this.#context.onDown(reason, mayFinish);
  }
}

function hasCredential(request: OutgoingRequest): request is HttpRequest {
  return request.credential !== undefined;
}
