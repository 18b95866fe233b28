import { Cancellation } from '../lib/cancellation.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';
import { ModernClient, nobodyToAsk } from './client-profile.js';
import type { Conversation } from './conversation.js';
import type { EventStream } from './event-stream.js';
import type { Exchange } from './exchange.js';
import { type HeaderList, sendJson } from './http-answers.js';
import type { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import type { QuietReply } from './keep-alive.js';
import type { RequestMessage } from './message.js';
import type { Voice } from './open-questions.js';
import { ProgressPulse } from './progress-pulse.js';
import { type Reply, responseMessage } from './reply.js';
import { putQuestion } from './session-streams.js';
import { type Session, scopeOf } from './sessions.js';

/** What was asked, and how. */
export interface Asked {
  readonly message: RequestMessage;
  readonly era: Era;
  readonly arrival: Arrival;
  /** That of a legacy client which has one. */
  readonly session: Session | undefined;
}

/** One request over HTTP: answered as JSON, or as an event stream once something must be said before the answer. */
export class HttpExchange implements Exchange, QuietReply {
  readonly canNotify: boolean;
  silentTicks = 0;
  place = -1;
  readonly #visit: Visit;
  readonly #asked: Asked;
  readonly #state: HttpState;
  #client: ModernClient | undefined;
  #stream: EventStream | undefined;
  #pulse: ProgressPulse | undefined;
  #finished = false;
  #staysOpen = false;
  #release: (() => void) | undefined;
  /** Ends the questions that were asked for the sake of this request. */
  #over: Cancellation | undefined;

  constructor(visit: Visit, asked: Asked, state: HttpState) {
    this.canNotify = acceptsEvents(visit);
    this.#visit = visit;
    this.#asked = asked;
    this.#state = state;
  }

  get era(): Era {
    return this.#asked.era;
  }

  get arrival(): Arrival {
    return this.#asked.arrival;
  }

  get principal(): Principal {
    return this.#visit.principal;
  }

  get endpoint(): string | undefined {
    return this.#visit.endpoint;
  }

  get conversation(): Conversation | undefined {
    return this.#asked.session?.conversation;
  }

  get client(): Client {
    if (this.era === 'legacy') return this.conversation?.client ?? nobodyToAsk;
    this.#client ??= new ModernClient(this.#asked.message, this.#state.options);
    return this.#client;
  }

  get ask(): Ask | undefined {
    const { session } = this.#asked;
    if (session === undefined || !(this.canNotify || session.streams?.isHeard === true)) return undefined;
    return session.conversation.askThrough(() => this.#voice());
  }

  signal(): CancelSignal {
    const controller = new Cancellation();
    const { inFlight, keepAlive } = this.#state;
    if (this.canNotify) keepAlive.watch(this);
    if (this.era === 'legacy') {
      // A legacy client that disconnects has not cancelled; it says so in a notification.
      const scope = scopeOf(this.principal, this.arrival.session);
      this.#release = inFlight.add(scope, this.#asked.message.id.key, controller);
      return controller;
    }
    const { response } = this.#visit;
    if (response.destroyed) controller.abort();
    response.on('close', () => {
      if (!this.#finished) controller.abort();
    });
    return controller;
  }

  isGone(): boolean {
    return this.#stream === undefined ? this.#visit.response.destroyed : !this.#stream.isConnected;
  }

  stayOpen(end: () => void): boolean {
    const { longStreams } = this.#state;
    if (!longStreams.hasRoomFor(this.#visit)) return false;
    this.#staysOpen = true;
    // It is kept alive like any other answer that is waited for.
    const stream = { keepAlive: () => undefined, disconnect: end };
    longStreams.watch(this.#visit, stream, () => undefined);
    return true;
  }

  notify(message: string): void {
    if (this.#finished) return;
    this.silentTicks = 0;
    this.#pulse ??= new ProgressPulse(this.#asked.message);
    this.#pulse.heard(message);
    this.#openStream()?.say(message, true);
  }

  keepAlive(): void {
    const stream = this.#openStream();
    stream?.keepAlive();
    if (this.#staysOpen) return;
    this.#pulse ??= new ProgressPulse(this.#asked.message);
    const progress = this.#pulse.beat();
    if (progress !== undefined) stream?.say(progress, true);
  }

  /** Sends the one answer; `headers` are names and values in turn. */
  finish(reply: Reply, headers?: HeaderList): void {
    if (this.#finished) return;
    this.#over?.abort();
    this.#finished = true;
    this.#release?.();
    this.#state.keepAlive.forget(this);
    if (this.#stream === undefined && this.#visit.response.destroyed) return;
    const text = responseMessage(this.#asked.message.id.text, reply);
    if (this.#stream !== undefined) this.#stream.end(text);
    else sendJson(this.#visit.response, { status: reply.status, text }, headers);
  }

  #openStream(): EventStream | undefined {
    this.#stream ??= this.#state.openReply(this.#visit, this.#asked.session);
    return this.#stream;
  }

  #voice(): Voice {
    this.#over ??= new Cancellation();
    if (this.#finished) this.#over.abort();
    return { over: this.#over, say: (message) => this.#ask(message) };
  }

  #ask(message: string): boolean {
    const own = this.canNotify ? this.#openStream() : undefined;
    this.silentTicks = 0;
    return putQuestion(message, own, this.#asked.session?.streams);
  }
}

export function acceptsEvents({ request }: Visit): boolean {
  return request.headers.accept?.includes('text/event-stream') ?? false;
}
