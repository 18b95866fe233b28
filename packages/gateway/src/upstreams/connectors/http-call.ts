import { isJsonObject } from '../../lib/json/parse-json.js';
import type { RemoteError } from '../../model/remote-error.js';
import { type AttachedCredential, UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { ExchangeFault, ExchangeSink, ResponseHead } from './http-exchange.js';
import { HttpExchange } from './http-exchange.js';
import { addCredential, type HttpRequest, type HttpSession, requestHeaders } from './http-headers.js';
import type { HttpMessage } from './http-request-text.js';
import { type Message, readMessage, salvageId, writeRequest } from './json-rpc.js';
import { PendingRequest, type RequestHost } from './pending-request.js';

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
export interface CallHost extends RequestHost<HttpCall> {
  dispatch(message: HttpMessage, exchange: HttpExchange): void;
  /** Members of `_meta` of the session's era. */
  envelopeFor(session: HttpSession, request: HttpRequest): string | undefined;
  /** Something came on the stream of this call that is not its answer. */
  onMessage(message: Message, call: HttpCall): void;
  onAnswer(reply: UpstreamReply): void;
  onUnreachable(message: string): void;
  renewSession(stale: HttpSession, credential: AttachedCredential): Promise<HttpSession>;
}

/** A stream that ends by itself after its answer keeps its socket usable; one that does not is closed after this. */
const lingerMs = 1000;
/** How long a server is left alone whose stream ended early, unless it says so itself. */
const resumeMs = 1000;
const soonestResumeMs = 50;

/** One request over HTTP and its answer, JSON or a stream. Sent once; once more only if its session was not known. */
export class HttpCall extends PendingRequest implements ExchangeSink {
  declare readonly request: HttpRequest;
  readonly #host: CallHost;
  #session: HttpSession;
  #exchange: HttpExchange | undefined;
  #renewed = false;
  #endsWithSession = false;
  /** What came answers another request, so its socket is not in step. */
  #foreign = false;
  #stopLingering: (() => void) | undefined;
  /** Where the stream can be taken up again. */
  #lastEventId: string | undefined;
  #resumed = false;
  /** The session id that came with the answer. */
  mintedSession: string | undefined;
  /** Of the answer. */
  status: number | undefined;

  constructor(host: CallHost, request: HttpRequest, session: HttpSession) {
    super(host, request);
    this.#host = host;
    this.#session = session;
  }

  get session(): HttpSession {
    return this.#session;
  }

  send(): void {
    const { request } = this;
    const headers = requestHeaders(this.#session, request);
    const body = writeRequest(this.id, request, this.#host.envelopeFor(this.#session, request));
    this.#exchange = new HttpExchange(this);
    this.#host.dispatch({ method: 'POST', headers, body }, this.#exchange);
  }

  /** Closes its socket, if it was sent at all. */
  leave(): void {
    this.#exchange?.abort();
  }

  onSent(): void {
    this.sent = true;
  }

  onMessage(text: string, head: ResponseHead): void {
    let message: Message;
    try {
      message = readMessage(text);
    } catch (cause) {
      if (head.status < 300) {
        this.fail(
          'malformed',
          `unreadable answer: ${cause instanceof Error ? cause.message : String(cause)}`,
        );
        this.leave();
      }
      this.#noteId(salvageId(text));
      return;
    }
    if (message.kind === 'response') this.#onResponse(message, head);
    else if (message.kind === 'notification' && message.method === 'notifications/progress') {
      const { params } = message;
      if (params !== undefined && isJsonObject(params.value) && params.value.progressToken === this.id) {
        this.progress(params.text);
      }
    } else this.#host.onMessage(message, this);
  }

  onEnd(head: ResponseHead): void {
    this.#stopLingering?.();
    if (this.#foreign || !this.ended) this.#exchange?.distrust();
    if (this.ended || this.#endsWithSession) return;
    if (head.status === 200 && head.type === 'events' && this.#resumeLater()) return;
    if (this.#resumed) this.fail('unavailable', `the stream of the answer ended (HTTP ${head.status})`);
    else if (this.#lostSession(head) && !this.#foreign) this.#renew();
    else if (this.#doubtsSession(head)) this.#endWithSession(undefined);
    else if (head.status >= 300) this.failWith(new HttpStatusFailure(head.status));
    else this.fail('malformed', 'the response ended without an answer');
  }

  onFault({ kind, message, unreachable }: ExchangeFault): void {
    this.#stopLingering?.();
    if (kind === 'unavailable' && !unreachable && this.#resumeLater()) return;
    this.fail(kind, message);
    if (unreachable) this.#host.onUnreachable(message);
  }

  /** A 401 or 403 concerns the gateway's credential, so what it says is not for the caller. */
  #onResponse({ id, reply }: Extract<Message, { kind: 'response' }>, head: ResponseHead): void {
    this.#noteId(id);
    if (this.ended || this.#endsWithSession || (this.#resumed && head.status >= 300)) return;
    if (head.status === 401 || head.status === 403 || this.#lostSession(head)) return;
    const ours = id === this.id || (id === undefined && reply?.kind === 'error' && head.status < 500);
    if (!ours) return;
    if (this.#doubtsSession(head)) {
      this.#endWithSession(reply);
      return;
    }
    if (head.status >= 300 && reply?.kind !== 'error') return;
    if (reply === undefined) {
      this.fail('malformed', 'the answer is no JSON-RPC 2.0 response with either a result or an error');
      return;
    }
    this.mintedSession = head.session;
    this.status = head.status;
    if (head.type === 'events') this.#stopLingering = this.#host.clock.after(lingerMs, () => this.leave());
    this.answer(reply);
    this.#host.onAnswer(reply);
  }

  /**
   * A legacy server keeps what it says on a stream whose events have ids, and may end such a stream to be asked later.
   * The request itself is not sent again.
   */
  #resumeLater(): boolean {
    const { lastEventId = this.#lastEventId, retryMs = resumeMs } = this.#exchange ?? {};
    if (this.#session.era !== 'legacy' || lastEventId === undefined || this.ended) return false;
    this.#lastEventId = lastEventId;
    this.#resumed = true;
    this.#host.clock.after(Math.max(retryMs, soonestResumeMs), () => this.#resume(lastEventId));
    return true;
  }

  #resume(lastEventId: string): void {
    if (this.ended) return;
    const headers = [...this.#session.headers.slice(2), 'last-event-id', lastEventId];
    addCredential(headers, this.request.credential);
    this.#exchange = new HttpExchange(this);
    this.#host.dispatch({ method: 'GET', headers }, this.#exchange);
  }

  /** Ids that are no number of ours, as some servers put into errors about a session, answer no other request. */
  #noteId(id: number | undefined): void {
    if (id !== undefined && id > 0 && id !== this.id) this.#foreign = true;
  }

  #lostSession(head: ResponseHead): boolean {
    return head.status === 404 && this.#session.id !== undefined && !this.#renewed;
  }

  /** Servers on the official SDK say with 400 that they do not know a session, but others say much else with it. */
  #doubtsSession(head: ResponseHead): boolean {
    return head.status === 400 && this.#session.id !== undefined;
  }

  /** Not repeated, because it may have been processed; but when it fails there is a new session for the next call. */
  #endWithSession(reply: UpstreamReply | undefined): void {
    this.#endsWithSession = true;
    const error = reply?.kind === 'error' ? reply.error : undefined;
    this.sent = error === undefined || !saysThatSessionIsUnknown(error);
    const words = error === undefined ? '' : `: ${error.message}`;
    const fail = () =>
      this.fail('unavailable', `the upstream refused a request of this session (HTTP 400)${words}`);
    this.#host.renewSession(this.#session, this.request.credential).then(fail, fail);
  }

  /**
   * Not a repetition: 404 is how a server says that it does not know the session, so it cannot have run the request,
   * and the protocol asks for a new session and the same request again. A 404 that names another request is not for this
   * one, of which nothing is known then, so it never comes here.
   */
  #renew(): void {
    this.#renewed = true;
    this.sent = false;
    this.#host.renewSession(this.#session, this.request.credential).then(
      (session) => {
        this.#session = session;
        if (!this.ended) this.send();
      },
      (cause: unknown) =>
        this.fail(
          'unavailable',
          `the session ended: ${cause instanceof Error ? cause.message : String(cause)}`,
        ),
    );
  }
}

/** As servers on the official SDK, and this gateway, say it before they look at the request. */
function saysThatSessionIsUnknown({ code, message }: RemoteError): boolean {
  return (code === -32000 || code === -32001) && /\bsession\b/i.test(message);
}

function sentenceFor(status: number): string {
  if (status === 401 || status === 403)
    return `the upstream refused the gateway's credential (HTTP ${status})`;
  if (status >= 300 && status < 400)
    return `the upstream answered with a redirect (HTTP ${status}), which is not followed`;
  return `the upstream answered with HTTP ${status}`;
}
