import type { Arrival } from '../model/call.js';
import { assumedLegacyRevision, modernRevision } from '../model/revisions.js';
import { beginsBatch } from './batch.js';
import { type Speaker, takeNotification, takeResponse } from './client-messages.js';
import { type LegacyProfile, legacyProfile } from './client-profile.js';
import { checkEnvelope, eraOverHttp, type Speaking } from './era.js';
import { replyToFault } from './fault-reply.js';
import { errorText, sendEmpty, sendJson } from './http-answers.js';
import { receiveBatch } from './http-batch.js';
import { HttpExchange } from './http-exchange.js';
import { comeBackSoon, header, namedSession, noSuchSession, notAccepting } from './http-session.js';
import type { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import { type Message, type RequestMessage, readMessage } from './message.js';
import { methodOf } from './methods.js';
import { checkModernHeaders, checkParamHeaders } from './modern-headers.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { errorReply, type Reply, responseMessage } from './reply.js';
import { type Session, scopeOf } from './sessions.js';

/** The messages that HTTP clients POST. */
export class HttpConversation {
  readonly #state: HttpState;

  constructor(state: HttpState) {
    this.#state = state;
  }

  /** Answers one POSTed message, or a batch of them. */
  receive(visit: Visit, body: Buffer): void {
    if (beginsBatch(body)) {
      receiveBatch(visit, body, this.#state);
      return;
    }
    let message: Message | undefined;
    try {
      message = readMessage(body);
      this.#answer(visit, message, eraOverHttp(message, header(visit, 'mcp-protocol-version')));
    } catch (cause) {
      const unread = cause instanceof ProtocolFault ? cause.id : undefined;
      const id = message?.kind === 'request' ? message.id.text : unread;
      const reply = replyToFault(cause, { sender: visit, message }, this.#state.options);
      sendJson(visit.response, { status: reply.status, text: responseMessage(id ?? 'null', reply) });
    }
  }

  /** The caller needs the session no more, nor the answers to what it asked in it. */
  endSession(visit: Visit): void {
    const { sessions } = this.#state;
    const id = header(visit, 'mcp-session-id');
    const session = id === undefined ? undefined : sessions.find(id, visit);
    if (session !== undefined) {
      sessions.end(session);
      sendEmpty(visit.response, 200);
      return;
    }
    const [status, problem] = id === undefined ? [400, noSessionNamed] : [404, noSuchSession];
    sendJson(visit.response, { status, text: errorText(errorCodes.invalidRequest, problem) });
  }

  #answer(visit: Visit, message: Message, speaking: Speaking): void {
    const { options } = this.#state;
    if (message.kind === 'request' && !options.accepting()) {
      const text = responseMessage(message.id.text, notAccepting);
      sendJson(visit.response, { status: notAccepting.status, text }, comeBackSoon);
      return;
    }
    const session = speaking.era === 'legacy' ? this.#sessionOf(visit, message, speaking) : undefined;
    if (message.kind === 'request') {
      this.#answerRequest(visit, message, { speaking, session });
      return;
    }
    const speaker = this.#speaker(visit, { speaking, session });
    if (message.kind === 'notification') takeNotification(message, speaker, options);
    else if (speaking.era === 'legacy') takeResponse(message, speaker, options);
    else throw new ProtocolFault(errorCodes.invalidRequest, 'Responses are not accepted');
    sendEmpty(visit.response, 202);
  }

  #answerRequest(visit: Visit, message: RequestMessage, { speaking, session }: Standing): void {
    const { options } = this.#state;
    const { era } = speaking;
    if (era === 'modern') {
      checkModernHeaders(message, visit.request.headers);
      checkEnvelope(message.params);
    }
    const method = methodOf(era, message.method);
    if (era === 'modern') checkParamHeaders(message, visit, options);
    const profile = begins(message, speaking) ? legacyProfile(message, options) : undefined;
    const arrival = arrivalOf(visit, speaking, session);
    const exchange = new HttpExchange(visit, { message, era, arrival, session }, this.#state);
    const finish = (reply: Reply): void => {
      if (profile === undefined) exchange.finish(reply);
      else this.#begin(visit, exchange, { reply, profile });
    };
    const refuse = (cause: unknown): void =>
      exchange.finish(replyToFault(cause, { sender: visit, message }, options));
    try {
      const reply = method(message, exchange, options);
      if (reply instanceof Promise) reply.then(finish, refuse);
      else finish(reply);
    } catch (cause) {
      refuse(cause);
    }
  }

  /** Sends the answer to an `initialize`, which opens a session where it agreed on something. */
  #begin(visit: Visit, exchange: HttpExchange, { reply, profile }: Beginning): void {
    const revision = reply.negotiated;
    const session = revision && this.#state.openSession(visit, 'http');
    if (revision === undefined) exchange.finish(reply);
    else if (session === undefined) exchange.finish(tooManySessions, ['Retry-After', '30']);
    else {
      session.conversation.begin(revision, profile(revision, session.id));
      exchange.finish(reply, ['Mcp-Session-Id', session.id]);
    }
  }

  /** Undefined for a client that uses none; `initialize` begins anew, whatever id comes with it. */
  #sessionOf(visit: Visit, message: Message, speaking: Speaking): Session | undefined {
    return begins(message, speaking) ? undefined : namedSession(visit, this.#state.sessions);
  }

  #speaker(visit: Visit, { speaking, session }: Standing): Speaker {
    return {
      sender: visit,
      endpoint: visit.endpoint,
      scope: speaking.era === 'legacy' ? scopeOf(visit.principal, session?.id) : undefined,
      inFlight: this.#state.inFlight,
      conversation: session?.conversation,
      session: session?.id,
    };
  }
}

interface Standing {
  readonly speaking: Speaking;
  readonly session: Session | undefined;
}

interface Beginning {
  readonly reply: Reply;
  readonly profile: LegacyProfile;
}

const noSessionNamed = 'The Mcp-Session-Id header is missing';
const tooManySessions = errorReply(
  { code: errorCodes.internal, message: 'The gateway has too many sessions at the moment' },
  503,
);

function begins(message: Message, { era }: Speaking): boolean {
  return era === 'legacy' && message.kind === 'request' && message.method === 'initialize';
}

function arrivalOf({ source }: Visit, speaking: Speaking, session: Session | undefined): Arrival {
  if (speaking.era === 'modern') return { transport: 'http', revision: modernRevision, source };
  const revision = session?.conversation.revision ?? speaking.revision ?? assumedLegacyRevision;
  if (session === undefined) return { transport: 'http', revision, source };
  return { transport: 'http', revision, source, session: session.id };
}
