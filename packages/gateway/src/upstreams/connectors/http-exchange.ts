import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import { decodeUtf8 } from '../../lib/json/parse-json.js';

/** Decoded bytes of one JSON answer, or characters of one event; a line of stdio has the same cap. */
const longestMessage = 16 * 1024 * 1024;
const mostInterimMessages = 10_000;

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
  onEnd(head: ResponseHead): void;
  onFault(fault: ExchangeFault): void;
}

export interface ExchangeFault {
  readonly kind: 'unavailable' | 'malformed';
  readonly message: string;
  /** No connection could be made, so the whole upstream is out of reach. */
  readonly unreachable: boolean;
}

/** Reads one response as it streams in, within limits. Redirects are answers like any other: nothing follows them. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #sink: ExchangeSink;
  readonly #unlimited: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #head: ResponseHead | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #events: EventSourceParser | undefined;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #messages = 0;
  #over = false;

  /** `unlimited` is for streams that live as long as the connection: their messages are not counted. */
  constructor(sink: ExchangeSink, unlimited = false) {
    this.#sink = sink;
    this.#unlimited = unlimited;
  }

  /** Leaves the exchange: the socket is closed, and the sink hears nothing more. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller?.abort(new Error('left'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('left'));
    else this.#sink.onSent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#over || status < 200) return;
    const type = mediaType(headers['content-type']);
    this.#head = { status, session: sessionId(headers['mcp-session-id']), type };
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      this.#fault('malformed', 'the answer is compressed though that was not offered');
      return;
    }
    if (type !== 'events') return;
    this.#decoder = new TextDecoder('utf-8', { fatal: true });
    this.#events = createParser({
      maxBufferSize: longestMessage,
      onEvent: ({ event, data }) => {
        if ((event === undefined || event === 'message') && data !== '') this.#onEvent(data);
      },
      onError: ({ type: problem }) => {
        if (problem === 'max-buffer-size-exceeded') this.#tooLong();
      },
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over || this.#head === undefined) return;
    if (this.#events !== undefined) {
      this.#feed(this.#events, chunk);
      return;
    }
    this.#size += chunk.length;
    if (this.#size > longestMessage) {
      this.#tooLong();
      return;
    }
    if (this.#head.type === 'json') this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over || this.#head === undefined) return;
    if (this.#head.type === 'json' && this.#size > 0) this.#onBody(this.#head);
    if (this.#over) return;
    this.#over = true;
    this.#sink.onEnd(this.#head);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return;
    this.#over = true;
    const { code } = error as NodeJS.ErrnoException;
    const unreachable = this.#controller === undefined && code !== 'UND_ERR_INVALID_ARG';
    const words =
      code === undefined || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
    const message = unreachable ? `cannot connect: ${words}` : `the exchange broke off: ${words}`;
    this.#sink.onFault({ kind: 'unavailable', message, unreachable });
  }

  #onBody(head: ResponseHead): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    try {
      this.#sink.onMessage(decodeUtf8(body), head);
    } catch (cause) {
      this.#fault('malformed', cause instanceof Error ? cause.message : String(cause));
    }
  }

  #feed(events: EventSourceParser, chunk: Buffer): void {
    try {
      events.feed(this.#decoder?.decode(chunk, { stream: true }) ?? '');
    } catch (cause) {
      this.#fault('malformed', cause instanceof Error ? cause.message : String(cause));
    }
  }

  #onEvent(data: string): void {
    if (this.#over || this.#head === undefined) return;
    if (!this.#unlimited && ++this.#messages > mostInterimMessages) {
      this.#fault('malformed', `the stream has more than ${mostInterimMessages} messages`);
      return;
    }
    this.#sink.onMessage(data, this.#head);
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

function mediaType(value: string | string[] | undefined): ResponseHead['type'] {
  if (value === 'application/json') return 'json';
  const type = typeof value === 'string' ? value.split(';', 1)[0]?.trim().toLowerCase() : undefined;
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'events' : 'other';
}

/** The protocol allows visible ASCII only, which is also what makes it safe to send back. */
function sessionId(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,1024}$/.test(value) ? value : undefined;
}
