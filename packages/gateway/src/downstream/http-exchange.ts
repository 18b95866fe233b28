import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cancellation } from '../lib/cancellation.js';
import { onOneLine } from '../lib/json/members.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Principal } from '../model/principal.js';
import type { Exchange } from './exchange.js';
import { openStream, sendJson } from './http-answers.js';
import type { InFlight } from './in-flight.js';
import type { KeepAlive, QuietReply } from './keep-alive.js';
import type { RequestId } from './message.js';
import { type Reply, responseMessage } from './reply.js';
import type { Era } from './revisions.js';

/** Progress is dropped, not kept, for a client that reads slower than its server talks. */
const mostUnreadBytes = 1_048_576;

export interface HttpExchangeParts {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  readonly endpoint: string | undefined;
  readonly id: RequestId;
  /** Whose cancellations count: the principal, and its session where it has one. */
  readonly scope: string;
  readonly inFlight: InFlight;
  readonly keepAlive: KeepAlive;
}

/** One request over HTTP: answered as JSON, or as an event stream once something must be said before the answer. */
export class HttpExchange implements Exchange, QuietReply {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  declare readonly endpoint?: string;
  readonly canNotify: boolean;
  readonly #parts: HttpExchangeParts;
  readonly #response: ServerResponse;
  #streaming = false;
  #finished = false;
  #release: (() => void) | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, parts: HttpExchangeParts) {
    this.principal = parts.principal;
    this.arrival = parts.arrival;
    this.era = parts.era;
    if (parts.endpoint !== undefined) this.endpoint = parts.endpoint;
    this.canNotify = request.headers.accept?.includes('text/event-stream') ?? false;
    this.#parts = parts;
    this.#response = response;
  }

  signal(): CancelSignal {
    const controller = new Cancellation();
    const { inFlight, scope, id, keepAlive } = this.#parts;
    if (this.canNotify) keepAlive.touch(this);
    if (this.era === 'legacy') {
      // A legacy client that disconnects has not cancelled; it says so in a notification.
      this.#release = inFlight.add(scope, id.key, controller);
      return controller;
    }
    if (this.#response.destroyed) controller.abort();
    this.#response.once('close', () => {
      if (!this.#finished) controller.abort();
    });
    return controller;
  }

  notify(message: string): void {
    if (this.#finished || this.#response.writableLength > mostUnreadBytes) return;
    this.#parts.keepAlive.touch(this);
    this.#write(eventOf(message));
  }

  keepAlive(): void {
    this.#write(': keep-alive\n\n');
  }

  /** Sends the one answer; `headers` are names and values in turn. */
  finish(reply: Reply, headers?: readonly string[]): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#release?.();
    this.#parts.keepAlive.forget(this);
    if (this.#response.destroyed) return;
    const text = responseMessage(this.#parts.id.text, reply);
    if (this.#streaming) this.#response.end(eventOf(text));
    else sendJson(this.#response, { status: reply.status ?? 200, text }, headers);
  }

  #write(event: string): void {
    if (this.#finished || this.#response.destroyed) return;
    if (!this.#streaming) {
      this.#streaming = true;
      openStream(this.#response);
    }
    this.#response.write(event);
  }
}

function eventOf(message: string): string {
  return `event: message\ndata: ${onOneLine(message)}\n\n`;
}
