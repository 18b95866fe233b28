import type { Arrival } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import { assumedLegacyRevision, type Era, modernRevision } from '../model/revisions.js';
import { answerBatch, batchText } from './answer-batch.js';
import { asksSomething, beginsBatch, checkBatchRevision, readBatch } from './batch.js';
import { eventAbout, type Speaker, takeNotification, takeResponse } from './client-messages.js';
import { legacyProfile } from './client-profile.js';
import { Conversation } from './conversation.js';
import { DuplexExchange, type DuplexParts } from './duplex-exchange.js';
import { checkEnvelope, eraOf } from './era.js';
import type { FaceOptions } from './face-options.js';
import { replyToFault, type Sender } from './fault-reply.js';
import { notAccepting } from './http-session.js';
import { InFlight } from './in-flight.js';
import { KeepAlive } from './keep-alive.js';
import { type Message, type RequestMessage, readMessage } from './message.js';
import { methodOf } from './methods.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { type Reply, responseMessage } from './reply.js';

/** Where one client is spoken with, in both directions. */
export interface DuplexChannel {
  readonly arrival: Omit<Arrival, 'revision'>;
  /** Sends one message; false where the client will not get it. What is spare may be dropped. */
  send(message: string, isSpare: boolean): boolean;
}

export interface DuplexOptions extends FaceOptions {
  readonly principal: Principal;
  readonly endpoint?: string | undefined;
  /** False while draining; default: always accepting. */
  readonly accepting?: () => boolean;
}

/** There is one client, so all requests share a scope. */
const scope = '';

/** What to say of bytes that are no message. */
export interface Unreadable {
  /** For HTTP. */
  readonly status: number;
  readonly text: string;
}

/** The messages of one client over one channel: each request is answered as soon as its answer is there. */
export class DuplexConversation {
  readonly #options: DuplexOptions;
  readonly #channel: DuplexChannel;
  #sender: Sender;
  readonly #conversation: Conversation;
  readonly #inFlight = new InFlight();
  readonly #keepAlive: KeepAlive;
  readonly #pending = new Set<Promise<unknown>>();
  /** End the answers that come only when somebody has enough. */
  readonly #endings = new Set<() => void>();
  #leaveHub: (() => void) | undefined;
  #isOver = false;

  constructor(options: DuplexOptions, channel: DuplexChannel, conversation?: Conversation) {
    this.#options = options;
    this.#channel = channel;
    this.#keepAlive = new KeepAlive(options.clock);
    const { source = channel.arrival.transport } = channel.arrival;
    this.#sender = { source, principal: options.principal };
    this.#conversation = conversation ?? new Conversation(options.clock, options.questions);
  }

  /** Answers on the channel, except for bytes that are no message. `principal` is the client as it is known by now. */
  receive(bytes: Buffer, principal: Principal = this.#sender.principal): Unreadable | undefined {
    if (principal !== this.#sender.principal) this.#sender = { ...this.#sender, principal };
    let message: Message;
    try {
      if (beginsBatch(bytes)) {
        this.#answerBatch(bytes);
        return undefined;
      }
      message = readMessage(bytes);
    } catch (cause) {
      return this.unreadable(cause);
    }
    if (message.kind === 'request') this.#answer(message);
    else if (message.kind === 'response') takeResponse(message, this.#speaker(), this.#options);
    else takeNotification(message, this.#speaker(), this.#options);
    return undefined;
  }

  /** Records the fault. */
  unreadable(cause: unknown): Unreadable {
    const reply = replyToFault(cause, { sender: this.#sender, message: undefined }, this.#options);
    const id = cause instanceof ProtocolFault ? cause.id : undefined;
    return { status: reply.status, text: responseMessage(id ?? 'null', reply) };
  }

  /** The client says nothing more; what it asked is still answered. */
  hangUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leaveHub?.();
    for (const end of this.#endings) end();
    const { followed, revision } = this.#conversation;
    this.#conversation.end();
    // A modern client, and one that said nothing, leaves nothing behind.
    if (revision === undefined) return;
    this.#options.sessionEnded?.({ ...eventAbout(this.#speaker(), this.#conversation), followed });
  }

  /** Cancels whatever is under way: nobody waits for it. */
  abandon(): void {
    this.hangUp();
    this.#inFlight.cancelAll();
  }

  /** Resolves once every request so far is answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #answer(message: RequestMessage): void {
    try {
      const { era } = eraOf(message);
      if (era === 'modern') this.#checkModern(message);
      if (this.#options.accepting?.() === false) {
        this.#send(responseMessage(message.id.text, notAccepting));
        return;
      }
      this.#govern(message, era);
    } catch (cause) {
      this.#send(responseMessage(message.id.text, this.#faultReply(cause, message)));
    }
  }

  #govern(message: RequestMessage, era: Era): void {
    const begin = message.method === 'initialize' ? this.#beginning(message) : undefined;
    const exchange = new DuplexExchange(message, this.#parts(era));
    const finish = (reply: Reply): void => {
      begin?.(reply);
      if (exchange.finish()) this.#send(responseMessage(message.id.text, reply));
    };
    const refuse = (cause: unknown): Reply => this.#faultReply(cause, message);
    try {
      const reply = methodOf(era, message.method)(message, exchange, this.#options);
      if (reply instanceof Promise) this.#await(reply.catch(refuse).then(finish));
      else finish(reply);
    } catch (cause) {
      finish(refuse(cause));
    }
  }

  #faultReply(cause: unknown, message: Message): Reply {
    return replyToFault(cause, { sender: this.#sender, message }, this.#options);
  }

  #checkModern({ params }: RequestMessage): void {
    if (this.#channel.arrival.transport === 'sse') {
      const problem = `Revision ${modernRevision} is not spoken over HTTP+SSE; POST to /mcp instead`;
      throw new ProtocolFault(errorCodes.invalidRequest, problem);
    }
    checkEnvelope(params);
  }

  /** What follows from an `initialize` that was answered. */
  #beginning(message: RequestMessage): (reply: Reply) => void {
    const profile = legacyProfile(message, this.#options);
    return ({ negotiated }) => {
      if (negotiated === undefined) return;
      this.#conversation.begin(negotiated, profile(negotiated, this.#session));
      this.#leaveHub ??= this.#joinHub();
    };
  }

  #joinHub(): (() => void) | undefined {
    const { endpoint, hub } = this.#options;
    const principal = () => this.#sender.principal;
    return hub?.join({
      get principal() {
        return principal();
      },
      endpoint,
      session: this.#session,
      wants: (method, params) => this.#conversation.wants(method, params),
      deliver: (message) => void this.#channel.send(message, true),
    });
  }

  #answerBatch(bytes: Buffer): void {
    checkBatchRevision(this.#conversation.revision);
    const elements = readBatch(bytes);
    if (this.#options.accepting?.() === false && asksSomething(elements)) {
      throw new ProtocolFault(errorCodes.internal, 'The gateway accepts no requests at the moment', {
        status: 503,
      });
    }
    const asker = {
      ...this.#speaker(),
      scope,
      arrival: this.#parts('legacy').arrival,
      channel: {
        notify: (message: string) => void this.#channel.send(message, true),
        ask: (message: string) => this.#channel.send(message, false),
        answered: () => undefined,
      },
      answersCancelled: false,
    };
    const answers = answerBatch(elements, asker, this.#options);
    this.#await(
      answers.then((given) => {
        const text = batchText(given);
        if (text !== undefined) this.#send(text);
      }),
    );
  }

  #parts(era: Era): DuplexParts {
    return {
      principal: this.#sender.principal,
      endpoint: this.#options.endpoint,
      arrival: this.#arrival(era),
      era,
      conversation: this.#conversation,
      relaying: this.#options,
      inFlight: this.#inFlight,
      scope,
      keepAlive: this.#keepAlive,
      send: (message, isSpare) => this.#channel.send(message, isSpare),
      stayOpen: (end) => {
        this.#endings.add(end);
        if (this.#isOver) end();
        return () => this.#endings.delete(end);
      },
    };
  }

  #arrival(era: Era): Arrival {
    const { arrival } = this.#channel;
    if (era === 'modern') return { ...arrival, revision: modernRevision };
    const agreed = this.#conversation.revision;
    if (agreed !== undefined) return { ...arrival, revision: agreed, session: this.#session };
    const revision = arrival.transport === 'sse' ? '2024-11-05' : assumedLegacyRevision;
    return { ...arrival, revision };
  }

  /** There is one for each channel; where that has no name for it, it is the only one. */
  get #session(): string {
    return this.#channel.arrival.session ?? 'stdio';
  }

  #speaker(): Speaker {
    return {
      sender: this.#sender,
      endpoint: this.#options.endpoint,
      scope,
      inFlight: this.#inFlight,
      conversation: this.#conversation,
      session: this.#session,
    };
  }

  #await(answer: Promise<unknown>): void {
    const pending: Promise<unknown> = answer.finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  #send(message: string): void {
    this.#channel.send(message, false);
  }
}
