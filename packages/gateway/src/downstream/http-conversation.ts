import type { Arrival } from '../model/call.js';
import { assumedLegacyRevision, modernRevision } from '../model/revisions.js';
import { answerBatch } from './answer-batch.js';
import { type BatchElement, beginsBatch, checkBatchRevision, readBatch } from './batch.js';
import { checkEnvelope, eraOverHttp, type Speaking } from './era.js';
import type { HttpFaceOptions } from './face-options.js';
import { recordInvalid, replyToFault } from './fault-reply.js';
import { errorText, sendEmpty, sendJson } from './http-answers.js';
import { HttpExchange } from './http-exchange.js';
import type { Visit } from './http-visit.js';
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
import { errorReply, type Reply, responseMessage } from './reply.js';
import { type Session, Sessions, scopeOf } from './sessions.js';

/** What the messages of all HTTP clients share: sessions, and requests under way. */
export class HttpConversation {
  readonly #options: HttpFaceOptions;
  readonly #sessions: Sessions;
  readonly #underWay: { readonly inFlight: InFlight; readonly keepAlive: KeepAlive };

  constructor(options: HttpFaceOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.clock, options.sessions);
    this.#underWay = { inFlight: new InFlight(), keepAlive: new KeepAlive(options.clock) };
  }

  /** Answers one POSTed message, or a batch of them. */
  receive(visit: Visit, body: Buffer): void {
    if (beginsBatch(body)) {
      this.#receiveBatch(visit, body);
      return;
    }
    let message: Message | undefined;
    try {
      message = readMessage(body);
      this.#answer(visit, message, eraOverHttp(message, header(visit, 'mcp-protocol-version')));
    } catch (cause) {
      const unread = cause instanceof ProtocolFault ? cause.id : undefined;
      const id = message?.kind === 'request' ? message.id.text : unread;
      const reply = replyToFault(cause, { sender: visit, message }, this.#options);
      sendJson(visit.response, { status: reply.status, text: responseMessage(id ?? 'null', reply) });
    }
  }

  /** The caller needs the session no more, nor the answers to what it asked in it. */
  endSession(visit: Visit): void {
    const id = header(visit, 'mcp-session-id');
    if (id === undefined) {
      const text = errorText(errorCodes.invalidRequest, 'The Mcp-Session-Id header is missing');
      sendJson(visit.response, { status: 400, text });
    } else if (this.#sessions.close(id, visit)) {
      this.#underWay.inFlight.cancelAll(scopeOf(visit.principal, id));
      sendEmpty(visit.response, 200);
    } else {
      const text = errorText(errorCodes.invalidRequest, noSuchSession);
      sendJson(visit.response, { status: 404, text });
    }
  }

  #receiveBatch(visit: Visit, body: Buffer): void {
    const { response } = visit;
    try {
      const named = header(visit, 'mcp-protocol-version');
      if (named !== undefined) checkBatchRevision(named);
      const session = this.#namedSession(visit);
      if (session !== undefined) checkBatchRevision(session.revision);
      const elements = readBatch(body);
      if (!this.#options.accepting() && elements.some(isRequest)) {
        const text = responseMessage('null', notAccepting);
        sendJson(response, { status: notAccepting.status, text }, comeBackSoon);
        return;
      }
      const scope = scopeOf(visit.principal, session?.id);
      const asker = {
        sender: visit,
        arrival: arrivalOf(visit, { era: 'legacy' }, session),
        endpoint: visit.endpoint,
        scope,
        inFlight: this.#underWay.inFlight,
        // Its place in the array is where the client looks for it, as it is with the answer to a single request.
        answersCancelled: true,
        take: (notification: NotificationMessage) => this.#take(visit, notification, scope),
      };
      void answerBatch(elements, asker, this.#options).then((text) => {
        if (text === undefined) sendEmpty(response, 202);
        else sendJson(response, { status: 200, text });
      });
    } catch (cause) {
      const reply = replyToFault(cause, { sender: visit, message: undefined }, this.#options);
      sendJson(response, { status: reply.status, text: responseMessage('null', reply) });
    }
  }

  #answer(visit: Visit, message: Message, speaking: Speaking): void {
    if (message.kind === 'response') {
      // The gateway asks its clients nothing yet, so no answer has an effect; modern clients never send one.
      if (speaking.era === 'legacy') sendEmpty(visit.response, 202);
      else throw new ProtocolFault(errorCodes.invalidRequest, 'Responses are not accepted');
      return;
    }
    if (message.kind === 'request' && !this.#options.accepting()) {
      const text = responseMessage(message.id.text, notAccepting);
      sendJson(visit.response, { status: notAccepting.status, text }, comeBackSoon);
      return;
    }
    const session = speaking.era === 'legacy' ? this.#sessionOf(visit, message, speaking) : undefined;
    if (message.kind === 'request') {
      this.#answerRequest(visit, message, { speaking, session });
      return;
    }
    this.#take(visit, message, speaking.era === 'legacy' ? scopeOf(visit.principal, session?.id) : undefined);
    sendEmpty(visit.response, 202);
  }

  #answerRequest(visit: Visit, message: RequestMessage, { speaking, session }: Standing): void {
    const { era } = speaking;
    if (era === 'modern') {
      checkModernHeaders(message, visit.request.headers);
      checkEnvelope(message.params);
    }
    const method = methodOf(era, message.method);
    if (era === 'modern') checkParamHeaders(message, visit, this.#options);
    const arrival = arrivalOf(visit, speaking, session);
    const exchange = new HttpExchange(visit, { id: message.id, era, arrival }, this.#underWay);
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
    if (session === undefined) exchange.finish(tooManySessions, ['Retry-After', '30']);
    else exchange.finish(reply, ['Mcp-Session-Id', session.id]);
  }

  /** Undefined for a client that uses none; `initialize` begins anew, whatever id comes with it. */
  #sessionOf(visit: Visit, message: Message, speaking: Speaking): Session | undefined {
    if (message.kind === 'request' && message.method === 'initialize') return undefined;
    const session = this.#namedSession(visit);
    if (session === undefined || speaking.revision === undefined) return session;
    if (speaking.revision === session.revision) return session;
    const problem = `The session speaks ${session.revision}, the MCP-Protocol-Version header says ${speaking.revision}`;
    throw new ProtocolFault(errorCodes.invalidRequest, problem);
  }

  #namedSession(visit: Visit): Session | undefined {
    const id = header(visit, 'mcp-session-id');
    if (id === undefined) return undefined;
    const session = this.#sessions.find(id, visit);
    if (session !== undefined) return session;
    throw new ProtocolFault(errorCodes.invalidRequest, noSuchSession, { status: 404 });
  }

  /** `scope` is absent for modern clients: they cancel by closing their request. */
  #take(visit: Visit, message: NotificationMessage, scope: string | undefined): void {
    if (isRequestMethod(message.method)) {
      recordInvalid({ sender: visit, message }, 'a request without an id was dropped', this.#options);
    } else if (message.method === 'notifications/cancelled' && scope !== undefined) {
      const key = idKey(message.params.requestId);
      if (key !== undefined) this.#underWay.inFlight.cancel(scope, key);
    }
  }
}

interface Standing {
  readonly speaking: Speaking;
  readonly session: Session | undefined;
}

const noSuchSession = 'There is no such session; begin a new one with "initialize"';

const comeBackSoon = ['Retry-After', '1', 'Connection', 'close'];
const notAccepting = unavailable('The gateway accepts no requests at the moment');
const tooManySessions = unavailable('The gateway has too many sessions at the moment');

function unavailable(message: string): Reply {
  return errorReply({ code: errorCodes.internal, message }, 503);
}

function isRequest(element: BatchElement): boolean {
  return !(element instanceof ProtocolFault) && element.kind === 'request';
}

function arrivalOf({ source }: Visit, speaking: Speaking, session: Session | undefined): Arrival {
  if (speaking.era === 'modern') return { transport: 'http', revision: modernRevision, source };
  const revision = session?.revision ?? speaking.revision ?? assumedLegacyRevision;
  if (session === undefined) return { transport: 'http', revision, source };
  return { transport: 'http', revision, source, session: session.id };
}

function header({ request }: Visit, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
