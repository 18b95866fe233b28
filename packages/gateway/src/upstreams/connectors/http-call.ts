import type { Clock } from '../../lib/clock.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { AttachedCredential } from '../../model/upstream.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import type { ExchangeFault, ExchangeSink, ResponseHead } from './http-exchange.js';
import { HttpExchange } from './http-exchange.js';
import { type HttpSession, requestHeaders } from './http-headers.js';
import type { HttpMessage } from './http-wire.js';
import { type Message, readMessage, writeRequest } from './json-rpc.js';
import { PendingRequest, type RequestEnd } from './pending-request.js';

/** The answer was an HTTP status without a JSON-RPC message that would explain it. */
export class HttpStatusFailure extends UpstreamFailure {
  readonly status: number;

  constructor(status: number) {
    super('unavailable', sentenceFor(status), true);
    this.name = 'HttpStatusFailure';
    this.status = status;
  }
}

/** What a call needs of the connection it belongs to. */
export interface CallHost {
  readonly clock: Clock;
  dispatch(message: HttpMessage, exchange: HttpExchange): void;
  /** `_meta` of the session's era. */
  envelopeOf(session: HttpSession): string | undefined;
  onMessage(message: Message, session: HttpSession, credential: AttachedCredential): void;
  onAnswer(reply: UpstreamReply): void;
  onUnreachable(message: string): void;
  onEnd(call: HttpCall, end: RequestEnd): void;
  renewSession(stale: HttpSession, credential: AttachedCredential): Promise<HttpSession>;
}

/** A stream that ends by itself after its answer keeps its socket usable; one that does not is closed after this. */
const lingerMs = 1000;

/** One request over HTTP and its answer, JSON or a stream. Sent once; once more only if its session was not known. */
export class HttpCall implements ExchangeSink {
  readonly id: number;
  readonly request: OutgoingRequest;
  readonly credential: AttachedCredential;
  readonly pending: PendingRequest;
  readonly #host: CallHost;
  #session: HttpSession;
  #exchange: HttpExchange | undefined;
  #renewed = false;
  #stopLingering: (() => void) | undefined;
  /** The session id that came with the answer. */
  mintedSession: string | undefined;

  constructor(
    host: CallHost,
    what: { id: number; request: OutgoingRequest; credential: AttachedCredential },
    session: HttpSession,
  ) {
    this.#host = host;
    this.id = what.id;
    this.request = what.request;
    this.credential = what.credential;
    this.#session = session;
    this.pending = new PendingRequest(what.request, host.clock, (end) => this.#onPendingEnd(end));
  }

  get session(): HttpSession {
    return this.#session;
  }

  send(): void {
    const { request, credential } = this;
    const headers = requestHeaders(this.#session, request, credential);
    const body = writeRequest(this.id, request, this.#host.envelopeOf(this.#session));
    this.#exchange = new HttpExchange(this);
    this.#host.dispatch({ method: 'POST', headers, body }, this.#exchange);
  }

  onSent(): void {
    this.pending.sent = true;
  }

  onMessage(text: string, head: ResponseHead): void {
    let message: Message;
    try {
      message = readMessage(text);
    } catch (cause) {
      if (head.status < 300) {
        this.pending.fail(
          'malformed',
          `unreadable answer: ${cause instanceof Error ? cause.message : String(cause)}`,
        );
        this.#exchange?.abort();
      }
      return;
    }
    if (message.kind === 'response') this.#onResponse(message, head);
    else if (message.kind === 'notification' && message.method === 'notifications/progress') {
      const { params } = message;
      if (params !== undefined && isJsonObject(params.value) && params.value.progressToken === this.id) {
        this.pending.progress(params.text);
      }
    } else this.#host.onMessage(message, this.#session, this.credential);
  }

  onEnd(head: ResponseHead): void {
    this.#stopLingering?.();
    if (this.pending.ended) return;
    if (this.#lostSession(head)) this.#renew();
    else if (head.status >= 300) this.pending.failWith(new HttpStatusFailure(head.status));
    else this.pending.fail('malformed', 'the response ended without an answer');
  }

  onFault({ kind, message, unreachable }: ExchangeFault): void {
    this.#stopLingering?.();
    this.pending.fail(kind, message);
    if (unreachable) this.#host.onUnreachable(message);
  }

  /** A 401 or 403 concerns the gateway's credential, so what it says is not for the caller. */
  #onResponse({ id, reply }: Extract<Message, { kind: 'response' }>, head: ResponseHead): void {
    if (head.status === 401 || head.status === 403 || this.#lostSession(head)) return;
    const ours = id === this.id || (id === undefined && reply?.kind === 'error' && head.status < 500);
    if (!ours) return;
    if (head.status >= 300 && reply?.kind !== 'error') return;
    if (reply === undefined) {
      this.pending.fail('malformed', 'the answer is neither a result nor an error');
      return;
    }
    this.mintedSession = head.session;
    if (head.type === 'events') this.#stopLingering = this.#host.clock.after(lingerMs, this.#leave);
    this.pending.answer(reply);
    this.#host.onAnswer(reply);
  }

  #lostSession(head: ResponseHead): boolean {
    return head.status === 404 && this.#session.id !== undefined && !this.#renewed;
  }

  /**
   * Not a repetition: 404 is how a server says that it does not know the session, so it cannot have run the request,
   * and the protocol asks for a new session and the same request again.
   */
  #renew(): void {
    this.#renewed = true;
    this.pending.sent = false;
    this.#host.renewSession(this.#session, this.credential).then(
      (session) => {
        this.#session = session;
        if (!this.pending.ended) this.send();
      },
      (cause: unknown) =>
        this.pending.fail(
          'unavailable',
          `the session ended: ${cause instanceof Error ? cause.message : String(cause)}`,
        ),
    );
  }

  readonly #leave = (): void => this.#exchange?.abort();

  #onPendingEnd(end: RequestEnd): void {
    this.#host.onEnd(this, end);
    if (end !== 'settled') this.#exchange?.abort();
  }
}

function sentenceFor(status: number): string {
  if (status === 401 || status === 403)
    return `the upstream refused the gateway's credential (HTTP ${status})`;
  if (status >= 300 && status < 400)
    return `the upstream answered with a redirect (HTTP ${status}), which is not followed`;
  return `the upstream answered with HTTP ${status}`;
}
