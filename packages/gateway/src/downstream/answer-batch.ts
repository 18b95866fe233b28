import { Cancellation } from '../lib/cancellation.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Principal } from '../model/principal.js';
import type { BatchElement } from './batch.js';
import { metaOf } from './era.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { replyToFault, type Sender } from './fault-reply.js';
import type { InFlight } from './in-flight.js';
import type { NotificationMessage, RequestId, RequestMessage } from './message.js';
import { methodOf } from './methods.js';
import { ProtocolFault } from './protocol-fault.js';
import { responseMessage } from './reply.js';

/** Who sent a batch, and how. */
export interface BatchAsker {
  readonly sender: Sender;
  readonly arrival: Arrival;
  readonly endpoint: string | undefined;
  /** Whose cancellations count for the requests. */
  readonly scope: string;
  readonly inFlight: InFlight;
  /** Whether a request that was cancelled is answered all the same. */
  readonly answersCancelled: boolean;
  take(notification: NotificationMessage): void;
}

/**
 * Answers each element by itself, all at once. Resolves to the text of the array, in the order of the requests, or to
 * nothing where nothing was to be answered; never rejects.
 */
export async function answerBatch(
  elements: readonly BatchElement[],
  asker: BatchAsker,
  options: FaceOptions,
): Promise<string | undefined> {
  const answers = await Promise.all(elements.map((element) => answerElement(element, asker, options)));
  const given = answers.filter((answer) => answer !== undefined);
  return given.length === 0 ? undefined : `[${given.join(',')}]`;
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
    // The gateway asks its clients nothing yet, so no answer of theirs has an effect.
    if (element.kind === 'notification') asker.take(element);
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

/** One request of a batch: nothing precedes the answer, which goes into the array. */
class BatchedExchange implements Exchange {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era = 'legacy';
  readonly endpoint: string | undefined;
  readonly canNotify = false;
  readonly #id: RequestId;
  readonly #asker: BatchAsker;
  #cancellation: Cancellation | undefined;
  #release: (() => void) | undefined;

  constructor(id: RequestId, asker: BatchAsker) {
    this.principal = asker.sender.principal;
    this.arrival = asker.arrival;
    this.endpoint = asker.endpoint;
    this.#id = id;
    this.#asker = asker;
  }

  get wantsAnswer(): boolean {
    return this.#asker.answersCancelled || this.#cancellation?.aborted !== true;
  }

  notify(): void {}

  signal(): CancelSignal {
    const { inFlight, scope } = this.#asker;
    this.#cancellation = new Cancellation();
    this.#release = inFlight.add(scope, this.#id.key, this.#cancellation);
    return this.#cancellation;
  }

  end(): void {
    this.#release?.();
  }
}
