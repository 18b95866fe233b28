import { HeaderBlock } from './http-header-block.js';
import { checkTrailers, type HttpHead, MalformedResponse, readHead } from './http-response-head.js';

const mostInterimResponses = 8;
const mostSizeDigits = 8;
const cr = 0x0d;
const lf = 0x0a;
const lineEnd = Buffer.from('\r\n');

/** What comes of a response, in this order: one head, any pieces of the body, one end. */
export interface ResponseSink {
  onHead(head: HttpHead): void;
  onBody(piece: Buffer): void;
  /** `whole` says that no byte has come that belongs to no response. */
  onEnd(whole: boolean): void;
}

type State =
  | 'idle'
  | 'head'
  | 'sized'
  | 'unsized'
  | 'size'
  | 'size end'
  | 'chunk'
  | 'chunk cr'
  | 'chunk lf'
  | 'trailers'
  | 'stopped';

/** Reads the responses on one connection, one after another, strictly: what is not plainly HTTP/1.1 is refused. */
export class ResponseReader {
  readonly #sink: ResponseSink;
  readonly #block = new HeaderBlock();
  #state: State = 'idle';
  #interims = 0;
  /** Bytes that are missing of the body, or of the chunk. */
  #left = 0;
  #digits = 0;
  #headText = '';
  #head: HttpHead | undefined;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** From here on one response may come. */
  expect(): void {
    this.#state = 'head';
    this.#interims = 0;
  }

  /** Whatever comes from here on is ignored. */
  stop(): void {
    this.#state = 'stopped';
    this.#block.clear();
  }

  /** Throws a MalformedResponse for what cannot be read; it must be fed nothing after that. */
  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'stopped') at = this.#step(chunk, at);
  }

  /** The connection has ended. Tells whether that leaves nothing half read. */
  finish(): boolean {
    if (this.#state === 'unsized') this.#end(false);
    else return this.#state === 'idle' || this.#state === 'stopped';
    return true;
  }

  /** Takes some of `chunk` and tells up to where. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(chunk, at);
      case 'sized':
      case 'unsized':
      case 'chunk':
        return this.#readBody(chunk, at);
      case 'size':
        return this.#readSize(chunk, at);
      case 'trailers':
        return this.#readTrailers(chunk, at);
      case 'size end':
        demand(chunk[at] === lf);
        return this.#onSize(chunk, at + 1);
      case 'chunk cr':
        demand(chunk[at] === cr);
        this.#state = 'chunk lf';
        return at + 1;
      case 'chunk lf':
        demand(chunk[at] === lf);
        this.#awaitChunk();
        return at + 1;
      case 'idle':
        throw new MalformedResponse('there are bytes that belong to no response');
      case 'stopped':
        return chunk.length;
    }
  }

  #readHead(chunk: Buffer, at: number): number {
    const next = this.#block.take(chunk, at);
    if (next < 0) return chunk.length;
    const head = this.#headOf(this.#block.text);
    if (head.status < 200) {
      if (++this.#interims > mostInterimResponses) throw new MalformedResponse('too many interim responses');
      return next;
    }
    this.#left = head.length ?? 0;
    if (head.chunked) this.#awaitChunk();
    else this.#state = head.length === undefined ? 'unsized' : 'sized';
    this.#sink.onHead(head);
    if (this.#state === 'sized' && this.#left === 0) this.#end(next === chunk.length);
    return next;
  }

  /** For about a second, until the date changes, the responses of one server often have the same head. */
  #headOf(text: string): HttpHead {
    if (this.#head === undefined || text !== this.#headText) {
      this.#head = readHead(text);
      this.#headText = text;
    }
    return this.#head;
  }

  #readBody(chunk: Buffer, at: number): number {
    const to = this.#state === 'unsized' ? chunk.length : Math.min(chunk.length, at + this.#left);
    this.#left -= to - at;
    this.#sink.onBody(at === 0 && to === chunk.length ? chunk : chunk.subarray(at, to));
    if (this.#left === 0) {
      if (this.#state === 'sized') this.#end(to === chunk.length);
      else if (this.#state === 'chunk') this.#state = 'chunk cr';
    }
    return to;
  }

  #awaitChunk(): void {
    this.#state = 'size';
    this.#left = 0;
    this.#digits = 0;
  }

  #readSize(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === cr && this.#digits > 0) {
        this.#state = 'size end';
        return at + 1;
      }
      const digit = hexDigit(byte);
      demand(digit >= 0 && ++this.#digits <= mostSizeDigits);
      this.#left = this.#left * 16 + digit;
    }
    return chunk.length;
  }

  #onSize(chunk: Buffer, at: number): number {
    if (this.#left > 0) {
      this.#state = 'chunk';
      return at;
    }
    if (chunk[at] === cr && chunk[at + 1] === lf) {
      this.#end(at + 2 === chunk.length);
      return at + 2;
    }
    this.#state = 'trailers';
    this.#block.take(lineEnd, 0);
    return at;
  }

  #readTrailers(chunk: Buffer, at: number): number {
    const next = this.#block.take(chunk, at);
    if (next < 0) return chunk.length;
    checkTrailers(this.#block.text);
    this.#end(next === chunk.length);
    return next;
  }

  /** Invariant: the last that is done with a chunk, because the next response may be expected before it returns. */
  #end(whole: boolean): void {
    this.#state = whole ? 'idle' : 'stopped';
    this.#sink.onEnd(whole);
  }
}

function demand(held: boolean): void {
  if (!held) throw new MalformedResponse('the body is not chunked as it should be');
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const folded = byte | 0x20;
  return folded >= 0x61 && folded <= 0x66 ? folded - 0x57 : -1;
}
