import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../model/principal.js';
import { checkEnvelope, eraOverHttp, type Speaking } from './era.js';
import type { HttpFaceOptions } from './face-options.js';
import { recordInvalid, replyToFault } from './fault-reply.js';
import { errorText, sendEmpty, sendJson } from './http-answers.js';
import { HttpExchange } from './http-exchange.js';
import { InFlight } from './in-flight.js';
import { KeepAlive } from './keep-alive.js';
import {
  idKey,
  type Message,
  type NotificationMessage,
  type RequestMessage,
  readMessage,
} from './message.js';
import { isRequestMethod, methodOf } from './methods.js';
import { checkModernHeaders, checkParamHeaders } from './modern-headers.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { type Reply, responseMessage } from './reply.js';
import { assumedLegacyRevision, modernRevision } from './revisions.js';
import { ownerOf, type Session, Sessions } from './sessions.js';

/** One HTTP request of a known caller to a known endpoint. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  readonly source: string;
  readonly endpoint?: string;
}

/** What the messages of all HTTP clients share: sessions, and requests under way. */
export class HttpConversation {
  readonly #options: HttpFaceOptions;
  readonly #sessions: Sessions;
  readonly #inFlight = new InFlight();
  readonly #keepAlive: KeepAlive;

  constructor(options: HttpFaceOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.clock, options.sessions);
    this.#keepAlive = new KeepAlive(options.clock);
  }

  /** Answers one POSTed message. */
  receive(visit: Visit, body: Buffer): void {
    let message: Message | undefined;
    try {
      message = readMessage(body);
      this.#answer(visit, message, eraOverHttp(message, header(visit, 'mcp-protocol-version')));
    } catch (cause) {
      const unread = cause instanceof ProtocolFault ? cause.id : undefined;
      const id = message?.kind === 'request' ? message.id.text : unread;
      const reply = replyToFault(cause, { sender: visit, message }, this.#options);
      const text = responseMessage(id ?? 'null', reply);
      sendJson(visit.response, { status: reply.status ?? 500, text });
    }
  }

  endSession(visit: Visit): void {
    const id = header(visit, 'mcp-session-id');
    if (id === undefined) {
      const text = errorText(errorCodes.invalidRequest, 'The Mcp-Session-Id header is missing');
      sendJson(visit.response, { status: 400, text });
    } else if (this.#sessions.close(id, visit)) {
      sendEmpty(visit.response, 200);
    } else {
      const text = errorText(errorCodes.invalidRequest, noSuchSession);
      sendJson(visit.response, { status: 404, text });
    }
  }

  #answer(visit: Visit, message: Message, speaking: Speaking): void {
    if (message.kind === 'response') {
      // The gateway asks its clients nothing yet, so no answer has an effect; modern clients never send one.
      if (speaking.era === 'legacy') sendEmpty(visit.response, 202);
      else throw new ProtocolFault(errorCodes.invalidRequest, 'Responses are not accepted');
      return;
    }
    const session = speaking.era === 'legacy' ? this.#sessionOf(visit, message, speaking) : undefined;
    if (message.kind === 'request') {
      this.#answerRequest(visit, message, { speaking, session });
      return;
    }
    this.#take(visit, message, speaking.era === 'legacy' ? scopeOf(visit, session) : undefined);
    sendEmpty(visit.response, 202);
  }

  #answerRequest(visit: Visit, message: RequestMessage, { speaking, session }: Standing): void {
    const { request, response, principal, source, endpoint } = visit;
    const modern = speaking.era === 'modern';
    if (modern) {
      checkModernHeaders(message, request.headers);
      checkEnvelope(message.params);
    }
    const method = methodOf(speaking.era, message.method);
    if (modern) checkParamHeaders(message, { ...visit, headers: request.headers }, this.#options);
    const revision = modern
      ? modernRevision
      : (session?.revision ?? speaking.revision ?? assumedLegacyRevision);
    const exchange = new HttpExchange(request, response, {
      principal,
      arrival: { transport: 'http', revision, source, ...(session && { session: session.id }) },
      era: speaking.era,
      endpoint,
      id: message.id,
      scope: modern ? '' : scopeOf(visit, session),
      inFlight: this.#inFlight,
      keepAlive: this.#keepAlive,
    });
    const reply = method(message, exchange, this.#options);
    if (!(reply instanceof Promise)) this.#finish(visit, exchange, reply);
    else
      reply.then(
        (late) => this.#finish(visit, exchange, late),
        (cause: unknown) => exchange.finish(replyToFault(cause, { sender: visit, message }, this.#options)),
      );
  }

  #finish(visit: Visit, exchange: HttpExchange, reply: Reply): void {
    if (reply.negotiated === undefined) {
      exchange.finish(reply);
      return;
    }
    const session = this.#sessions.open(visit, reply.negotiated);
    if (session === undefined) {
      const text = errorText(errorCodes.internal, 'The gateway has too many sessions at the moment');
      sendJson(visit.response, { status: 503, text }, ['Retry-After', '30']);
    } else exchange.finish(reply, ['Mcp-Session-Id', session.id]);
  }

  /** Undefined for a client that uses none; `initialize` begins anew, whatever id comes with it. */
  #sessionOf(visit: Visit, message: Message, speaking: Speaking): Session | undefined {
    const id = header(visit, 'mcp-session-id');
    if (id === undefined || (message.kind === 'request' && message.method === 'initialize')) return undefined;
    const session = this.#sessions.find(id, visit);
    if (session === undefined)
      throw new ProtocolFault(errorCodes.invalidRequest, noSuchSession, { status: 404 });
    if (speaking.revision === undefined || speaking.revision === session.revision) return session;
    const problem = `The session speaks ${session.revision}, the MCP-Protocol-Version header says ${speaking.revision}`;
    throw new ProtocolFault(errorCodes.invalidRequest, problem);
  }

  /** `scope` is absent for modern clients: they cancel by closing their request. */
  #take(visit: Visit, message: NotificationMessage, scope: string | undefined): void {
    if (isRequestMethod(message.method)) {
      recordInvalid({ sender: visit, message }, 'a request without an id was dropped', this.#options);
    } else if (message.method === 'notifications/cancelled' && scope !== undefined) {
      const key = idKey(message.params.requestId);
      if (key !== undefined) this.#inFlight.cancel(scope, key);
    }
  }
}

interface Standing {
  readonly speaking: Speaking;
  readonly session: Session | undefined;
}

const noSuchSession = 'There is no such session; begin a new one with "initialize"';

function scopeOf(visit: Visit, session: Session | undefined): string {
  return `${ownerOf(visit.principal)}\n${session?.id ?? ''}`;
}

function header({ request }: Visit, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
