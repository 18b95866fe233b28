import { Cancellation } from '../lib/cancellation.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { BatchElement } from './batch.js';
import { type Speaker, takeNotification, takeResponse } from './client-messages.js';
import { nobodyToAsk } from './client-profile.js';
import type { Conversation } from './conversation.js';
import { metaOf } from './era.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { replyToFault } from './fault-reply.js';
import type { RequestId, RequestMessage } from './message.js';
import { methodOf } from './methods.js';
import { ProtocolFault } from './protocol-fault.js';
import { responseMessage } from './reply.js';

/** Who sent a batch, and how. */
export interface BatchAsker extends Speaker {
  readonly scope: string;
  readonly arrival: Arrival;
  /** Where messages go that precede the answers; absent where nothing can. */
  readonly channel: BatchChannel | undefined;
  /** Whether a request that was cancelled is answered all the same. */
  readonly answersCancelled: boolean;
}

export interface BatchChannel {
  notify(message: string): void;
  /** Puts a question; false where nobody would hear it. */
  ask(message: string): boolean;
  /** Hears of each answer as soon as there is one. */
  answered(text: string): void;
}

/**
 * Answers each element by itself, all at once. Resolves to the answers in the order of their requests; never rejects.
 */
export async function answerBatch(
  elements: readonly BatchElement[],
  asker: BatchAsker,
  options: FaceOptions,
): Promise<readonly string[]> {
  const answers = elements.map(async (element) => {
    const answer = await answerElement(element, asker, options);
    if (answer !== undefined) asker.channel?.answered(answer);
    return answer;
  });
  return (await Promise.all(answers)).filter((answer) => answer !== undefined);
}

/** The answers to a batch as one message; undefined where nothing was to be answered. */
export function batchText(answers: readonly string[]): string | undefined {
  return answers.length === 0 ? undefined : `[${answers.join(',')}]`;
}

async function answerElement(
  element: BatchElement,
  asker: BatchAsker,
  options: FaceOptions,
): Promise<string | undefined> {
  const { sender } = asker;
  if (element instanceof ProtocolFault) {
    const reply = replyToFault(element, { sender, message: undefined }, options);
    return responseMessage(element.id ?? 'null', reply);
  }
  try {
    if (element.kind === 'request') return await answerRequest(element, asker, options);
    if (element.kind === 'notification') takeNotification(element, asker, options);
    else takeResponse(element, asker, options);
    return undefined;
  } catch (cause) {
    const reply = replyToFault(cause, { sender, message: element }, options);
    return element.kind === 'request' ? responseMessage(element.id.text, reply) : undefined;
  }
}

async function answerRequest(
  request: RequestMessage,
  asker: BatchAsker,
  options: FaceOptions,
): Promise<string | undefined> {
  // Throws where it is no object, for methods that do not look at it.
  metaOf(request.params);
  const method = methodOf('legacy', request.method);
  const exchange = new BatchedExchange(request.id, asker);
  try {
    const reply = await method(request, exchange, options);
    return exchange.wantsAnswer ? responseMessage(request.id.text, reply) : undefined;
  } finally {
    exchange.end();
  }
}

/** One request of a batch. */
class BatchedExchange implements Exchange {
  readonly era = 'legacy';
  readonly #id: RequestId;
  readonly #asker: BatchAsker;
  readonly #over = new Cancellation();
  #cancellation: Cancellation | undefined;
  #release: (() => void) | undefined;

  constructor(id: RequestId, asker: BatchAsker) {
    this.#id = id;
    this.#asker = asker;
  }

  get principal(): Principal {
    return this.#asker.sender.principal;
  }

  get arrival(): Arrival {
    return this.#asker.arrival;
  }

  get endpoint(): string | undefined {
    return this.#asker.endpoint;
  }

  get canNotify(): boolean {
    return this.#asker.channel !== undefined;
  }

  get conversation(): Conversation | undefined {
    return this.#asker.conversation;
  }

  get client(): Client {
    return this.conversation?.client ?? nobodyToAsk;
  }

  get ask(): Ask | undefined {
    const { channel } = this.#asker;
    if (channel === undefined) return undefined;
    return this.conversation?.askThrough(() => ({
      over: this.#over,
      say: (message) => channel.ask(message),
    }));
  }

  get wantsAnswer(): boolean {
    return this.#asker.answersCancelled || this.#cancellation?.aborted !== true;
  }

  notify(message: string): void {
    if (!this.#over.aborted) this.#asker.channel?.notify(message);
  }

  signal(): CancelSignal {
    const { inFlight, scope } = this.#asker;
    this.#cancellation = new Cancellation();
    this.#release = inFlight.add(scope, this.#id.key, this.#cancellation);
    return this.#cancellation;
  }

  end(): void {
    this.#over.abort();
    this.#release?.();
  }
}
