import type { Socket } from 'node:net';
import type { Clock } from '../../lib/clock.js';
import type { Rostered } from '../../lib/roster.js';
import type { HttpExchange } from './http-exchange.js';
import { type HttpHead, MalformedResponse } from './http-response-head.js';
import { ResponseReader, type ResponseSink } from './http-response-reader.js';

const connectTimeoutMs = 10_000;
const defaultIdleMs = 4000;
const longestIdleMs = 30_000;

/** What a socket needs of the pool it belongs to. */
export interface SocketHost {
  readonly clock: Clock;
  /** It may carry another exchange, for as long as its server is likely to keep it. */
  onFree(socket: HttpSocket, idleMs: number): void;
  onGone(socket: HttpSocket): void;
}

/** One connection: carries one exchange at a time, and none after anything odd. */
export class HttpSocket implements ResponseSink, Rostered {
  place = -1;
  /** Milliseconds since the epoch; kept by the pool. */
  freeUntil = 0;
  readonly #host: SocketHost;
  readonly #socket: Socket;
  readonly #reader = new ResponseReader(this);
  readonly #stopTimer: () => void;
  #exchange: HttpExchange | undefined;
  #head: HttpHead | undefined;
  #connected = false;
  #gone = false;

  /** `connected` is the event with which `socket` can be written to. */
  constructor(host: SocketHost, socket: Socket, connected: 'connect' | 'secureConnect') {
    this.#host = host;
    this.#socket = socket;
    this.#stopTimer = host.clock.after(connectTimeoutMs, () =>
      this.#break(`no connection within ${connectTimeoutMs} ms`),
    );
    socket.on(connected, () => this.#onConnected());
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.#onFinished());
    socket.on('error', (error) => this.#break(wordsOf(error)));
    socket.on('close', () => this.#break('the connection was closed'));
  }

  /** Whether it can still be written to. */
  get usable(): boolean {
    return !this.#gone && this.#socket.writable && !this.#socket.readableEnded;
  }

  /** Writes the request of `exchange`, as soon as there is a connection. */
  carry(exchange: HttpExchange): void {
    this.#exchange = exchange;
    exchange.carrier = this;
    if (this.#connected) this.#write(exchange);
  }

  /** Breaks `exchange` off, which hears nothing more; does nothing when it carries another one by now. */
  leave(exchange: HttpExchange): void {
    if (this.#exchange === exchange) this.destroy();
  }

  /** The exchange under way, if any, hears nothing of it. */
  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#exchange = undefined;
    this.#stopTimer();
    this.#reader.stop();
    this.#socket.destroy();
    this.#host.onGone(this);
  }

  /** Ends with a fault of the exchange that is under way. */
  close(message: string): void {
    const exchange = this.#exchange;
    this.destroy();
    exchange?.onFault({ kind: 'unavailable', message, unreachable: false });
  }

  /** An idle connection does not keep the process alive. */
  rest(): void {
    this.#socket.unref();
  }

  wake(): void {
    this.#socket.ref();
  }

  onHead(head: HttpHead): void {
    this.#head = head;
    this.#exchange?.onHead(head);
  }

  onBody(piece: Buffer): void {
    this.#exchange?.onBody(piece);
  }

  /**
   * What has taken a response before the request was all written is not in step, nor is what brought something other
   * than the answer. So the exchange is asked first: it may break off, or not trust what it got.
   */
  onEnd(whole: boolean): void {
    const exchange = this.#exchange;
    const head = this.#head;
    exchange?.onEnd();
    if (this.#gone) return;
    this.#exchange = undefined;
    const inStep = whole && exchange?.trusted === true;
    const idleMs = head === undefined || head.closes || !inStep ? 0 : idleMsOf(head);
    if (idleMs > 0 && this.usable && this.#socket.writableLength === 0) this.#host.onFree(this, idleMs);
    else this.destroy();
  }

  #onConnected(): void {
    this.#connected = true;
    this.#stopTimer();
    if (this.#exchange !== undefined) this.#write(this.#exchange);
  }

  #write(exchange: HttpExchange): void {
    const { text, encoding } = exchange.request;
    exchange.onSent();
    this.#reader.expect();
    this.#socket.write(text, encoding);
  }

  #onData(chunk: Buffer): void {
    try {
      this.#reader.feed(chunk);
    } catch (cause) {
      if (!(cause instanceof MalformedResponse)) throw cause;
      this.#break(`not readable as HTTP/1.1: ${cause.message}`);
    }
  }

  #onFinished(): void {
    if (this.#connected && this.#reader.finish()) this.destroy();
    else this.#break('the connection was closed before the end of the answer');
  }

  #break(words: string): void {
    const exchange = this.#exchange;
    const unreachable = !this.#connected;
    this.destroy();
    const message = unreachable ? `cannot connect: ${words}` : `the exchange broke off: ${words}`;
    exchange?.onFault({ kind: 'unavailable', message, unreachable });
  }
}

/** One second less than the server says, so that it does not close just when the next request is on its way. */
function idleMsOf({ keepAliveS }: HttpHead): number {
  return keepAliveS === undefined ? defaultIdleMs : Math.min((keepAliveS - 1) * 1000, longestIdleMs);
}

/** When each of several addresses was tried in vain, only the errors for each say something. */
function wordsOf(error: Error): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors
      .map((each) => wordsOf(each instanceof Error ? each : new Error(String(each))))
      .join('; ');
  }
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
}
