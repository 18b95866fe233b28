import { eventAbout } from './client-messages.js';
import { Conversation } from './conversation.js';
import { EventStore } from './event-store.js';
import { EventStream } from './event-stream.js';
import type { HttpFaceOptions } from './face-options.js';
import type { Visit } from './http-visit.js';
import { InFlight } from './in-flight.js';
import { KeepAlive } from './keep-alive.js';
import { LongStreams } from './long-streams.js';
import { SessionStreams } from './session-streams.js';
import { type Session, Sessions, scopeOf } from './sessions.js';

/** What the messages of all HTTP clients share: sessions, streams and requests under way. */
export class HttpState {
  readonly options: HttpFaceOptions;
  readonly inFlight = new InFlight();
  readonly keepAlive: KeepAlive;
  readonly longStreams: LongStreams;
  readonly sessions: Sessions;
  readonly #events: EventStore;

  constructor(options: HttpFaceOptions) {
    const { clock } = options;
    this.options = options;
    this.keepAlive = new KeepAlive(clock);
    this.longStreams = new LongStreams(options, this.keepAlive);
    this.#events = new EventStore(clock, options.events);
    this.sessions = new Sessions({
      clock,
      limits: options.sessions,
      onEnd: (session) => this.#ended(session),
      isBusy: ({ principal, id }) => this.inFlight.has(scopeOf(principal, id)),
    });
  }

  /** Undefined when there are too many sessions. */
  openSession({ principal, endpoint }: Visit, transport: Session['transport']): Session | undefined {
    const { clock, questions } = this.options;
    return this.sessions.open({ principal, endpoint, transport }, new Conversation(clock, questions));
  }

  streamsOf(session: Session): SessionStreams {
    const { principal, conversation } = session;
    session.streams ??= new SessionStreams(this.#events, {
      owner: scopeOf(principal, undefined),
      primes: conversation.revision === '2025-11-25',
    });
    return session.streams;
  }

  /** Begins the stream of an answer, which a client with a session can come back for; undefined where nobody is there. */
  openReply({ response }: Visit, session: Session | undefined): EventStream | undefined {
    if (response.destroyed) return undefined;
    if (session !== undefined) return this.streamsOf(session).openReply(response);
    const stream = new EventStream();
    stream.begin(response);
    return stream;
  }

  /** From now on the session hears what belongs to no request. */
  listen(session: Session): void {
    if (session.onEnd !== undefined) return;
    const { id, endpoint, conversation } = session;
    session.onEnd = this.options.hub?.join({
      get principal() {
        return session.principal;
      },
      session: id,
      endpoint,
      wants: (method, params) => conversation.wants(method, params),
      deliver: (message) => void this.streamsOf(session).tell(message, true),
    });
  }

  #ended(session: Session): void {
    if (session.transport === 'sse') {
      session.onEnd?.();
      return;
    }
    const { principal, id, endpoint, conversation } = session;
    const { followed } = conversation;
    this.inFlight.cancelAll(scopeOf(principal, id));
    conversation.end();
    session.streams?.end();
    session.onEnd?.();
    const about = eventAbout({ sender: { source: '', principal }, session: id, endpoint }, conversation);
    this.options.sessionEnded?.({ ...about, followed });
  }
}
