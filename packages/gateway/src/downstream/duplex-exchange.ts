import { Cancellation } from '../lib/cancellation.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';
import { ModernClient, nobodyToAsk } from './client-profile.js';
import type { Conversation } from './conversation.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { InFlight } from './in-flight.js';
import type { KeepAlive, QuietReply } from './keep-alive.js';
import type { RequestMessage } from './message.js';
import { ProgressPulse, wantsProgress } from './progress-pulse.js';

/** What a request over a channel for both directions has in common with all others on it. */
export interface DuplexParts {
  readonly principal: Principal;
  readonly endpoint: string | undefined;
  readonly arrival: Arrival;
  readonly era: Era;
  readonly conversation: Conversation;
  /** Says which extensions are relayed. */
  readonly relaying: Pick<FaceOptions, 'extensions'>;
  readonly inFlight: InFlight;
  readonly scope: string;
  readonly keepAlive: KeepAlive;
  /** Sends a message; false where the client will not get it. */
  readonly send: (message: string, isSpare: boolean) => boolean;
  /** Has `end` called when the client says nothing more; returns the function that takes that back. */
  readonly stayOpen: (end: () => void) => () => void;
}

/** One request of a client that is spoken with over one channel. */
export class DuplexExchange implements Exchange, QuietReply {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  readonly endpoint: string | undefined;
  readonly client: Client;
  readonly canNotify = true;
  silentTicks = 0;
  place = -1;
  readonly #pulse: ProgressPulse;
  readonly #message: RequestMessage;
  readonly #parts: DuplexParts;
  #controller: Cancellation | undefined;
  #release: (() => void) | undefined;
  #forget: (() => void) | undefined;
  readonly #over = new Cancellation();

  constructor(message: RequestMessage, parts: DuplexParts) {
    this.principal = parts.principal;
    this.arrival = parts.arrival;
    this.era = parts.era;
    this.endpoint = parts.endpoint;
    this.#message = message;
    this.#pulse = new ProgressPulse(message);
    this.#parts = parts;
    this.client =
      parts.era === 'modern'
        ? new ModernClient(message, parts.relaying)
        : (this.conversation?.client ?? nobodyToAsk);
  }

  get conversation(): Conversation | undefined {
    return this.era === 'legacy' ? this.#parts.conversation : undefined;
  }

  get ask(): Ask | undefined {
    return this.conversation?.askThrough(() => ({
      over: this.#over,
      say: (message) => this.#parts.send(message, false),
    }));
  }

  notify(message: string): void {
    if (this.#over.aborted) return;
    this.silentTicks = 0;
    this.#pulse.heard(message);
    this.#parts.send(message, true);
  }

  keepAlive(): void {
    const progress = this.#pulse.beat();
    if (progress !== undefined) this.#parts.send(progress, true);
  }

  signal(): CancelSignal {
    const { inFlight, scope, keepAlive } = this.#parts;
    if (wantsProgress(this.#message)) keepAlive.watch(this);
    this.#controller = new Cancellation();
    this.#release = inFlight.add(scope, this.#message.id.key, this.#controller);
    return this.#controller;
  }

  stayOpen(end: () => void): boolean {
    this.#parts.keepAlive.forget(this);
    this.#forget = this.#parts.stayOpen(end);
    return true;
  }

  /** Whether the answer is still wanted: a cancelled request gets none. */
  finish(): boolean {
    this.#over.abort();
    this.#parts.keepAlive.forget(this);
    this.#release?.();
    this.#forget?.();
    return this.#controller?.aborted !== true;
  }
}
