import type { Writable } from 'node:stream';
import { Cancellation } from '../lib/cancellation.js';
import { onOneLine } from '../lib/json/members.js';
import type { LineListener } from '../lib/line-reader.js';
import type { Arrival, Revision } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Principal } from '../model/principal.js';
import { assumedLegacyRevision, type Era, modernRevision } from '../model/revisions.js';
import { answerBatch } from './answer-batch.js';
import { beginsBatch, checkBatchRevision, readBatch } from './batch.js';
import { checkEnvelope, eraOf } from './era.js';
import { type Exchange, mostUnreadBytes } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { recordInvalid, replyToFault, type Sender } from './fault-reply.js';
import { InFlight } from './in-flight.js';
import {
  idKey,
  type Message,
  type NotificationMessage,
  type RequestMessage,
  readMessage,
} from './message.js';
import { isRequestMethod, methodOf } from './methods.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { faultReply, type Reply, responseMessage } from './reply.js';

export interface StdioConversationOptions extends FaceOptions {
  readonly principal: Principal;
  readonly endpoint?: string;
}

/** There is one client, so all requests share a scope. */
const scope = '';

/** The messages of one client over stdio: each request is answered as soon as its answer is there. */
export class StdioConversation implements LineListener {
  readonly #options: StdioConversationOptions;
  readonly #output: Writable;
  readonly #sender: Sender;
  readonly #inFlight = new InFlight();
  readonly #pending = new Set<Promise<unknown>>();
  #abandoned = false;
  /** What the last `initialize` agreed on. */
  #agreed: Revision | undefined;

  constructor(options: StdioConversationOptions, output: Writable) {
    this.#options = options;
    this.#output = output;
    this.#sender = { source: 'stdio', principal: options.principal };
  }

  line(bytes: Buffer): void {
    let message: Message | undefined;
    try {
      if (beginsBatch(bytes)) {
        this.#answerBatch(bytes);
        return;
      }
      message = readMessage(bytes);
      // The gateway asks its clients nothing yet, so no answer of theirs has an effect.
      if (message.kind === 'notification') this.#take(message);
      else if (message.kind === 'request') this.#answer(message);
    } catch (cause) {
      const unread = cause instanceof ProtocolFault ? cause.id : undefined;
      const id = message?.kind === 'request' ? message.id.text : unread;
      const reply = replyToFault(cause, { sender: this.#sender, message }, this.#options);
      if (message?.kind !== 'notification') this.#send(responseMessage(id ?? 'null', reply));
    }
  }

  tooLong(): void {
    const fault = new ProtocolFault(errorCodes.parse, 'The line is too long');
    recordInvalid({ sender: this.#sender, message: undefined }, fault.message, this.#options);
    this.#send(responseMessage('null', faultReply(fault)));
  }

  /** Cancels whatever is under way and says nothing more. */
  abandon(): void {
    this.#abandoned = true;
    this.#inFlight.cancelAll();
  }

  /** Resolves once every request so far is answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #answer(message: RequestMessage): void {
    const { era } = eraOf(message);
    if (era === 'modern') checkEnvelope(message.params);
    const method = methodOf(era, message.method);
    const exchange = new StdioExchange(this.#options, {
      era,
      revision: era === 'modern' ? modernRevision : (this.#agreed ?? assumedLegacyRevision),
      notify: (notification) => this.#notify(notification),
      begin: (controller) => this.#inFlight.add(scope, message.id.key, controller),
    });
    const reply = method(message, exchange, this.#options);
    if (!(reply instanceof Promise)) {
      this.#finish(message, exchange, reply);
      return;
    }
    this.#await(
      reply
        .catch((cause: unknown) => replyToFault(cause, { sender: this.#sender, message }, this.#options))
        .then((late) => this.#finish(message, exchange, late)),
    );
  }

  #answerBatch(bytes: Buffer): void {
    checkBatchRevision(this.#agreed);
    const asker = {
      sender: this.#sender,
      arrival: { transport: 'stdio', revision: this.#agreed ?? assumedLegacyRevision } as const,
      endpoint: this.#options.endpoint,
      scope,
      inFlight: this.#inFlight,
      answersCancelled: false,
      take: (notification: NotificationMessage) => this.#take(notification),
    };
    const answers = answerBatch(readBatch(bytes), asker, this.#options);
    this.#await(answers.then((text) => text !== undefined && this.#send(text)));
  }

  #await(answer: Promise<unknown>): void {
    const pending: Promise<unknown> = answer.finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  #finish(message: RequestMessage, exchange: StdioExchange, reply: Reply): void {
    if (reply.negotiated !== undefined) this.#agreed = reply.negotiated;
    if (exchange.finish()) this.#send(responseMessage(message.id.text, reply));
  }

  #take(message: NotificationMessage): void {
    if (isRequestMethod(message.method)) {
      const from = { sender: this.#sender, message };
      recordInvalid(from, 'a request without an id was dropped', this.#options);
    } else if (message.method === 'notifications/cancelled') {
      const key = idKey(message.params.requestId);
      if (key !== undefined) this.#inFlight.cancel(scope, key);
    }
  }

  #notify(message: string): void {
    if (this.#output.writableLength <= mostUnreadBytes) this.#send(message);
  }

  #send(message: string): void {
    if (!this.#abandoned) this.#output.write(`${onOneLine(message)}\n`);
  }
}

interface StdioExchangeParts {
  readonly era: Era;
  readonly revision: Revision;
  readonly notify: (message: string) => void;
  /** Makes the request one that can be cancelled; returns what ends that. */
  readonly begin: (controller: Cancellation) => () => void;
}

class StdioExchange implements Exchange {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  readonly endpoint: string | undefined;
  readonly canNotify = true;
  readonly #parts: StdioExchangeParts;
  #controller: Cancellation | undefined;
  #release: (() => void) | undefined;
  #finished = false;

  constructor({ principal, endpoint }: StdioConversationOptions, parts: StdioExchangeParts) {
    this.principal = principal;
    this.arrival = { transport: 'stdio', revision: parts.revision };
    this.era = parts.era;
    this.endpoint = endpoint;
    this.#parts = parts;
  }

  notify(message: string): void {
    if (!this.#finished) this.#parts.notify(message);
  }

  signal(): CancelSignal {
    this.#controller = new Cancellation();
    this.#release = this.#parts.begin(this.#controller);
    return this.#controller;
  }

  /** Whether the answer is still wanted: a cancelled request gets none. */
  finish(): boolean {
    this.#finished = true;
    this.#release?.();
    return this.#controller?.aborted !== true;
  }
}
