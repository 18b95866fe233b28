import { createParser, type EventSourceParser } from 'eventsource-parser';
import { decodeUtf8 } from '../../lib/json/parse-json.js';
import type { RequestText } from './http-request-text.js';
import type { HttpHead } from './http-response-head.js';

/** Decoded bytes of one JSON answer, or characters of one event; a line of stdio has the same cap. */
const longestMessage = 16 * 1024 * 1024;
/** Of a stream, between two messages: comments, names of fields and other events count too. */
const mostBytesBetween = 2 * longestMessage;
const mostInterimMessages = 10_000;
const longestRetryMs = 3_600_000;
const empty = Buffer.alloc(0);

export interface ResponseHead {
  readonly status: number;
  readonly session: string | undefined;
  readonly type: 'json' | 'events' | 'other';
}

/** What comes of one HTTP exchange: messages, and then exactly one of `onEnd` and `onFault`. */
export interface ExchangeSink {
  /** The bytes are about to be written. */
  onSent(): void;
  /** Each JSON text as it arrives: the whole body, or one event of a stream. */
  onMessage(text: string, head: ResponseHead): void;
  /** An event of a stream that is no message. */
  onOtherEvent?(event: string, data: string): void;
  onEnd(head: ResponseHead): void;
  onFault(fault: ExchangeFault): void;
}

export interface ExchangeFault {
  readonly kind: 'unavailable' | 'malformed';
  readonly message: string;
  /** No connection could be made, so the whole upstream is out of reach. */
  readonly unreachable: boolean;
}

/** Where an exchange is: on a socket, or in the queue for one. */
export interface Carrier {
  leave(exchange: HttpExchange): void;
}

const nothing: RequestText = { text: '', encoding: 'latin1' };

/** One request, and its response as it streams in, within limits. Redirects are answers like any other: nothing follows them. */
export class HttpExchange {
  /** What to write; kept by the wire. */
  request = nothing;
  /** Of the last event of the stream that had one: from there it can be taken up again. */
  lastEventId: string | undefined;
  /** How long the server wants to be left alone after the stream has ended. */
  retryMs: number | undefined;
  /** Kept by the wire and its sockets. */
  carrier: Carrier | undefined;
  readonly #sink: ExchangeSink;
  readonly #unlimited: boolean;
  #head: ResponseHead | undefined;
  /** Its first `#size` bytes are those of the body. */
  #body: Buffer = empty;
  #size = 0;
  #events: EventSourceParser | undefined;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #messages = 0;
  /** Of a stream, since its last message. */
  #bytesBetween = 0;
  #over = false;
  #trusted = true;

  /** `unlimited` is for streams that live as long as the connection: their messages are not counted. */
  constructor(sink: ExchangeSink, unlimited = false) {
    this.#sink = sink;
    this.#unlimited = unlimited;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether its socket may carry another exchange. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /** What came may belong to another request, so the real answer may still come: nobody may take it for theirs. */
  distrust(): void {
    this.#trusted = false;
  }

  /** Leaves the exchange: the socket is closed, and the sink hears nothing more. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.carrier?.leave(this);
  }

  onSent(): void {
    this.#sink.onSent();
  }

  onHead({ status, session, type: contentType, encoding }: HttpHead): void {
    const type = mediaType(contentType);
    this.#head = { status, session: sessionId(session), type };
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      this.#fault('malformed', 'the answer is compressed though that was not offered');
      return;
    }
    if (type !== 'events') return;
    this.#decoder = new TextDecoder('utf-8', { fatal: true });
    this.#events = createParser({
      maxBufferSize: longestMessage,
      onEvent: ({ id, event, data }) => {
        if (id !== undefined) this.lastEventId = usableId(id);
        if (event !== undefined && event !== 'message') this.#onOtherEvent(event, data);
        else if (data !== '') this.#onEvent(data);
      },
      onRetry: (ms) => {
        this.retryMs = Math.min(ms, longestRetryMs);
      },
      onError: ({ type: problem }) => {
        if (problem === 'max-buffer-size-exceeded') this.#tooLong();
      },
    });
  }

  onBody(piece: Buffer): void {
    if (this.#over || this.#head === undefined) return;
    if (this.#events !== undefined) {
      this.#feed(this.#events, piece);
      return;
    }
    const size = this.#size + piece.length;
    if (size > longestMessage) {
      this.#tooLong();
      return;
    }
    if (this.#head.type === 'json') this.#gather(piece, size);
    this.#size = size;
  }

  onEnd(): void {
    if (this.#over || this.#head === undefined) return;
    if (this.#head.type === 'json' && this.#size > 0) this.#onText(this.#head);
    if (this.#over) return;
    this.#over = true;
    this.#sink.onEnd(this.#head);
  }

  onFault(fault: ExchangeFault): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.onFault(fault);
  }

  /** One buffer that grows, and not a list: a server may send each byte in a chunk of its own. */
  #gather(piece: Buffer, size: number): void {
    if (this.#size === 0) {
      this.#body = piece;
      return;
    }
    if (size > this.#body.length) {
      const longer = Buffer.allocUnsafe(size * 2);
      this.#body.copy(longer, 0, 0, this.#size);
      this.#body = longer;
    }
    piece.copy(this.#body, this.#size);
  }

  #onText(head: ResponseHead): void {
    const body = this.#body.length === this.#size ? this.#body : this.#body.subarray(0, this.#size);
    this.#body = empty;
    try {
      this.#sink.onMessage(decodeUtf8(body), head);
    } catch (cause) {
      this.#fault('malformed', cause instanceof Error ? cause.message : String(cause));
    }
  }

  #feed(events: EventSourceParser, chunk: Buffer): void {
    this.#bytesBetween += chunk.length;
    try {
      events.feed(this.#decoder?.decode(chunk, { stream: true }) ?? '');
    } catch (cause) {
      this.#fault('malformed', cause instanceof Error ? cause.message : String(cause));
    }
    if (this.#bytesBetween > mostBytesBetween) {
      this.#fault('malformed', `the stream has more than ${mostBytesBetween} bytes without a message`);
    }
  }

  #onEvent(data: string): void {
    this.#bytesBetween = 0;
    if (this.#over || this.#head === undefined) return;
    if (!this.#unlimited && ++this.#messages > mostInterimMessages) {
      this.#fault('malformed', `the stream has more than ${mostInterimMessages} messages`);
      return;
    }
    this.#sink.onMessage(data, this.#head);
  }

  #onOtherEvent(event: string, data: string): void {
    if (!this.#over) this.#sink.onOtherEvent?.(event, data);
  }

  #tooLong(): void {
    this.#fault('malformed', `the answer is longer than ${longestMessage} bytes`);
  }

  #fault(kind: 'malformed', message: string): void {
    if (this.#over) return;
    this.abort();
    this.#sink.onFault({ kind, message, unreachable: false });
  }
}

function mediaType(value: string | undefined): ResponseHead['type'] {
  if (value === 'application/json') return 'json';
  const type = value?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'events' : 'other';
}

/** One that can be sent back in a header; a stream whose last event has another cannot be taken up again. */
function usableId(id: string): string | undefined {
  return /^[\x20-\x7e]{1,1024}$/.test(id) ? id : undefined;
}

/** The protocol allows visible ASCII only, which is also what makes it safe to send back. */
function sessionId(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x21-\x7e]{1,1024}$/.test(value) ? value : undefined;
}
