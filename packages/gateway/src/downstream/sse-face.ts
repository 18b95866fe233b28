import { type DuplexChannel, DuplexConversation } from './duplex-conversation.js';
import { EventStream } from './event-stream.js';
import { errorText, sendEmpty, sendJson } from './http-answers.js';
import { comeBackSoon, noSuchSession, notAccepting } from './http-session.js';
import type { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import { errorCodes } from './protocol-fault.js';
import { responseMessage } from './reply.js';
import type { Session } from './sessions.js';

/** HTTP+SSE of 2024-11-05: one stream for all that the client hears, and an address of its own for what it says. */
export class SseFace {
  readonly #state: HttpState;
  readonly #conversations = new WeakMap<Session, DuplexConversation>();

  constructor(state: HttpState) {
    this.#state = state;
  }

  /** Answers `GET /sse`: the session is as long as the stream. */
  open(visit: Visit): void {
    const { response, principal, endpoint } = visit;
    const { options, longStreams, sessions } = this.#state;
    if (!options.accepting()) {
      sendJson(response, { status: 503, text: responseMessage('null', notAccepting) }, comeBackSoon);
      return;
    }
    if (!longStreams.hasRoomFor(visit)) {
      const text = errorText(errorCodes.invalidRequest, 'You have as many streams open as one may');
      sendJson(response, { status: 429, text });
      return;
    }
    const session = this.#state.openSession(visit, 'sse');
    if (session === undefined) {
      const text = errorText(errorCodes.internal, 'The gateway has too many sessions at the moment');
      sendJson(response, { status: 503, text }, ['Retry-After', '30']);
      return;
    }
    const stream = new EventStream();
    const channel = new SseChannel(visit, session.id, stream);
    const conversation = new DuplexConversation(
      { ...options, principal, endpoint },
      channel,
      session.conversation,
    );
    this.#conversations.set(session, conversation);
    session.onEnd = () => {
      conversation.abandon();
      stream.end();
    };
    stream.begin(response);
    response.write(`event: endpoint\ndata: /messages?sessionId=${session.id}\n\n`);
    const release = sessions.hold(session);
    longStreams.watch(visit, stream, () => {
      release();
      sessions.end(session);
    });
  }

  /** Takes a message POSTed to `/messages`; whatever is said to it goes to the stream. */
  receive(visit: Visit, body: Buffer): void {
    const { response, request } = visit;
    const id = sessionIdIn(request.url ?? '');
    const session =
      id === undefined ? undefined : this.#state.sessions.find(id, { ...visit, transport: 'sse' });
    const conversation = session && this.#conversations.get(session);
    if (conversation === undefined) {
      sendJson(response, { status: 404, text: errorText(errorCodes.invalidRequest, noSuchSession) });
      return;
    }
    const unreadable = conversation.receive(body, visit.principal);
    if (unreadable === undefined) sendEmpty(response, 202);
    else sendJson(response, unreadable);
  }
}

class SseChannel implements DuplexChannel {
  readonly arrival: DuplexChannel['arrival'];
  readonly #stream: EventStream;

  constructor({ source }: Visit, session: string, stream: EventStream) {
    this.arrival = { transport: 'sse', source, session };
    this.#stream = stream;
  }

  send(message: string, isSpare: boolean): boolean {
    const isSent = this.#stream.say(message, isSpare);
    // There is no other way to tell a client that it has missed an answer.
    if (!isSent && !isSpare) this.#stream.disconnect();
    return isSent;
  }
}

/** Undefined where the query names none, or more than one. */
function sessionIdIn(target: string): string | undefined {
  const [id, another] = new URLSearchParams(target.slice(target.indexOf('?'))).getAll('sessionId');
  return another === undefined ? id : undefined;
}
