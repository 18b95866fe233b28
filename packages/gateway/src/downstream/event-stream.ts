import type { ServerResponse } from 'node:http';
import { onOneLine } from '../lib/json/members.js';
import type { EventLog } from './event-log.js';
import { mostUnreadBytes } from './exchange.js';
import { openStream } from './http-answers.js';
import type { LongStream } from './long-streams.js';

/** How a stream is kept for a client that loses it. */
export interface Resumable {
  readonly log: EventLog;
  /** Whether the client understands an event that has an id and nothing else (2025-11-25 and later). */
  readonly primes: boolean;
}

/** Whoever leaves so much unread gets no answers and no questions either. */
const mostUnansweredBytes = 33_554_432;

/** When a client that lost its stream is to come back. */
const retryMs = 1000;

/** One stream of server-sent events. It outlives its connection where its events are kept. */
export class EventStream implements LongStream {
  readonly #resumable: Resumable | undefined;
  #connection: ServerResponse | undefined;
  #isOver = false;

  constructor(resumable?: Resumable) {
    this.#resumable = resumable;
  }

  get log(): EventLog | undefined {
    return this.#resumable?.log;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends what follows on this connection. */
  begin(response: ServerResponse): void {
    this.#connect(response);
    const { log, primes } = this.#resumable ?? {};
    if (log === undefined || primes !== true) return;
    response.write(`id: ${log.idOf(log.lastNumber)}\nretry: ${retryMs}\ndata: \n\n`);
  }

  /** Sends what came after the event of that number, and what follows, on this connection; another one ends. */
  resume(response: ServerResponse, number: number): void {
    this.disconnect();
    this.#connect(response);
    const { log } = this;
    for (const event of log?.after(number) ?? [])
      response.write(eventOf(event.message, log?.idOf(event.number)));
    if (this.#isOver) this.disconnect();
  }

  /** False, and not kept, where the client reads too slowly, or can never read it. */
  say(message: string, isSpare: boolean): boolean {
    const connection = this.#connection;
    const most = isSpare ? mostUnreadBytes : mostUnansweredBytes;
    if (this.#isOver || (connection?.writableLength ?? 0) > most) return false;
    const id = this.log?.add(message, isSpare);
    connection?.write(eventOf(message, id));
    return connection !== undefined || id !== undefined;
  }

  /** Sends something without meaning, so that nobody on the way takes the connection for dead. */
  keepAlive(): void {
    this.#connection?.write(': keep-alive\n\n');
  }

  /**
   * Ends the connection; the stream goes on without one, or on the one that took its place. From then on nothing may be
   * written there, though it stays open for as long as its client does not read: node would throw where nobody catches.
   */
  disconnect(only = this.#connection): void {
    const connection = this.#connection;
    if (connection !== only) return;
    this.#connection = undefined;
    connection?.end();
  }

  /** Sends the last event, where there is one, and ends. */
  end(message?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const connection = this.#connection;
    this.#connection = undefined;
    if (message === undefined) connection?.end();
    else {
      const id = this.log?.add(message, false);
      connection?.end(eventOf(message, id));
    }
  }

  #connect(response: ServerResponse): void {
    if (response.destroyed) return;
    this.#connection = response;
    response.once('close', () => {
      if (this.#connection === response) this.#connection = undefined;
    });
    openStream(response);
  }
}

function eventOf(message: string, id: string | undefined): string {
  const place = id === undefined ? '' : `id: ${id}\n`;
  return `${place}event: message\ndata: ${onOneLine(message)}\n\n`;
}
