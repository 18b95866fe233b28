import type { ServerResponse } from 'node:http';
import { Cancellation } from '../lib/cancellation.js';
import { onOneLine } from '../lib/json/members.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';
import { type Exchange, mostUnreadBytes } from './exchange.js';
import { type HeaderList, openStream, sendJson } from './http-answers.js';
import type { Visit } from './http-visit.js';
import type { InFlight } from './in-flight.js';
import type { KeepAlive, QuietReply } from './keep-alive.js';
import type { RequestId } from './message.js';
import { type Reply, responseMessage } from './reply.js';
import { scopeOf } from './sessions.js';

/** What was asked, and how. */
export interface Asked {
  readonly id: RequestId;
  readonly era: Era;
  readonly arrival: Arrival;
}

/** What all exchanges share. */
export interface UnderWay {
  readonly inFlight: InFlight;
  readonly keepAlive: KeepAlive;
}

/** One request over HTTP: answered as JSON, or as an event stream once something must be said before the answer. */
export class HttpExchange implements Exchange, QuietReply {
  readonly era: Era;
  readonly arrival: Arrival;
  readonly canNotify: boolean;
  silentTicks = 0;
  place = -1;
  readonly #visit: Visit;
  readonly #id: RequestId;
  readonly #underWay: UnderWay;
  #streaming = false;
  #finished = false;
  #release: (() => void) | undefined;

  constructor(visit: Visit, { id, era, arrival }: Asked, underWay: UnderWay) {
    this.era = era;
    this.arrival = arrival;
    this.canNotify = visit.request.headers.accept?.includes('text/event-stream') ?? false;
    this.#visit = visit;
    this.#id = id;
    this.#underWay = underWay;
  }

  get principal(): Principal {
    return this.#visit.principal;
  }

  get endpoint(): string | undefined {
    return this.#visit.endpoint;
  }

  signal(): CancelSignal {
    const controller = new Cancellation();
    const { inFlight, keepAlive } = this.#underWay;
    if (this.canNotify) keepAlive.watch(this);
    if (this.era === 'legacy') {
      // A legacy client that disconnects has not cancelled; it says so in a notification.
      this.#release = inFlight.add(scopeOf(this.principal, this.arrival.session), this.#id.key, controller);
      return controller;
    }
    const { response } = this.#visit;
    if (response.destroyed) controller.abort();
    response.on('close', () => {
      if (!this.#finished) controller.abort();
    });
    return controller;
  }

  notify(message: string): void {
    if (this.#finished || this.#response.writableLength > mostUnreadBytes) return;
    this.silentTicks = 0;
    this.#write(eventOf(message));
  }

  keepAlive(): void {
    this.#write(': keep-alive\n\n');
  }

  /** Sends the one answer; `headers` are names and values in turn. */
  finish(reply: Reply, headers?: HeaderList): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#release?.();
    this.#underWay.keepAlive.forget(this);
    if (this.#response.destroyed) return;
    const text = responseMessage(this.#id.text, reply);
    if (this.#streaming) this.#response.end(eventOf(text));
    else sendJson(this.#response, { status: reply.status, text }, headers);
  }

  get #response(): ServerResponse {
    return this.#visit.response;
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
