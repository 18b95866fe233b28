import type { ServerResponse } from 'node:http';
import { EventLog, type SessionShare } from './event-log.js';
import type { EventStore } from './event-store.js';
import { EventStream } from './event-stream.js';

/** The spec asks for one; more are for clients that open a new one before the old one has ended. */
const mostOpenStreams = 4;
const mostEndedStreams = 16;
const eventId = /^([\w-]{1,32})\.(\d{1,15})$/;

/**
 * Puts a question on the stream of the request that it belongs to while that is read, else on one of the session for
 * whatever belongs to no request; false where nobody would hear it.
 */
export function putQuestion(
  message: string,
  own: EventStream | undefined,
  streams: SessionStreams | undefined,
): boolean {
  if (own?.isConnected === true) return own.say(message, false);
  if (streams?.isHeard === true) return streams.tell(message, false);
  return own?.say(message, false) ?? streams?.tell(message, false) ?? false;
}

/** The streams of one session: those of its requests, and those it opened to hear whatever belongs to no request. */
export class SessionStreams {
  readonly #store: EventStore;
  readonly #primes: boolean;
  readonly #share: SessionShare;
  /** Of requests, the oldest first. */
  #replies: EventStream[] = [];
  /** Of GET requests, the oldest first. */
  #open: EventStream[] = [];

  constructor(store: EventStore, { owner, primes }: { readonly owner: string; readonly primes: boolean }) {
    this.#store = store;
    this.#primes = primes;
    this.#share = { size: 0, owner, forgetEnded: (asking) => this.#forgetEnded(asking) };
  }

  /** The stream of a request's answer. */
  openReply(response: ServerResponse): EventStream {
    const ended = this.#replies.filter((stream) => stream.isOver);
    for (const oldest of ended.slice(0, Math.max(0, ended.length - mostEndedStreams + 1)))
      this.#forget(oldest);
    const stream = this.#newStream();
    this.#replies.push(stream);
    stream.begin(response);
    return stream;
  }

  /** A stream for whatever belongs to no request; undefined where the session has as many as it may. */
  open(response: ServerResponse): EventStream | undefined {
    if (this.#open.length >= mostOpenStreams) {
      const lost = this.#open.find((stream) => !stream.isConnected);
      if (lost === undefined) return undefined;
      this.#forget(lost);
    }
    const stream = this.#newStream();
    this.#open.push(stream);
    stream.begin(response);
    return stream;
  }

  /** The stream with the rest of that which an event id belongs to; undefined where that is not to be had here. */
  resume(lastEventId: string, response: ServerResponse): EventStream | undefined {
    const [, key, place] = eventId.exec(lastEventId) ?? [];
    const number = Number(place);
    const stream = [...this.#replies, ...this.#open].find(({ log }) => log?.key === key);
    const { log } = stream ?? {};
    if (stream === undefined || log === undefined || number > log.lastNumber) return undefined;
    // Without its last event a client would come back for it for ever.
    if (stream.isOver && number < log.lastNumber && !log.hasLast) return undefined;
    stream.resume(response, number);
    return stream;
  }

  /** Says what belongs to no request; false where nobody would hear it. */
  tell(message: string, isSpare: boolean): boolean {
    return this.#listener()?.say(message, isSpare) ?? false;
  }

  /** Whether a stream for whatever belongs to no request is open at this moment. */
  get isHeard(): boolean {
    return this.#open.some((stream) => stream.isConnected);
  }

  end(): void {
    for (const stream of [...this.#replies, ...this.#open]) {
      stream.end();
      stream.log?.forgetAll();
    }
    this.#replies = [];
    this.#open = [];
  }

  /** Each message goes to one stream: the newest that somebody reads, or the one that somebody may come back for. */
  #listener(): EventStream | undefined {
    return this.#open.findLast((stream) => stream.isConnected) ?? this.#open.at(-1);
  }

  #newStream(): EventStream {
    return new EventStream({ log: new EventLog(this.#store, this.#share), primes: this.#primes });
  }

  /** An answer that was given makes room for one that is to come. */
  #forgetEnded(asking: EventLog): boolean {
    const ended = this.#replies.filter(({ isOver, log }) => isOver && log !== asking);
    const oldest = ended.find(({ log }) => log !== undefined && log.size > 0);
    oldest?.log?.forgetAll();
    return oldest !== undefined;
  }

  #forget(stream: EventStream): void {
    stream.end();
    stream.log?.forgetAll();
    this.#replies = this.#replies.filter((other) => other !== stream);
    this.#open = this.#open.filter((other) => other !== stream);
  }
}
