import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import type { Ask } from '../model/client.js';
import { type ForwardRequest, UpstreamFailure } from '../model/upstream.js';

export interface ParkableDeps {
  readonly clock: Clock;
  /** Called when it waits for nothing but its client. */
  readonly onParked: () => void;
}

/**
 * A call of a client without a session: once it is asked something, nobody holds the line, and it may never come back.
 * Such a call keeps its upstream session only as long as no other needs it.
 */
export class ParkableCall {
  /** As it is forwarded. */
  readonly request: ForwardRequest;
  /** Milliseconds since the epoch since when it has waited for its client. */
  parkedSince: number | undefined;
  readonly #deps: ParkableDeps;
  readonly #outer: ForwardRequest;
  readonly #signal = new Cancellation();
  #questions = 0;
  #givenUp = false;
  readonly #cancel = (): void => this.#signal.abort();

  constructor(request: ForwardRequest, deps: ParkableDeps) {
    this.#deps = deps;
    this.#outer = request;
    const { ask } = request;
    this.request = { ...request, signal: this.#signal, ask: ask && this.#noted(ask) };
    request.signal.addEventListener('abort', this.#cancel);
    if (request.signal.aborted) this.#cancel();
  }

  /** Ends it in favour of another call. */
  giveUp(): void {
    this.#givenUp = true;
    this.parkedSince = undefined;
    this.#signal.abort();
  }

  /** Its failure, in the words of why it really ended. */
  explain(cause: unknown): unknown {
    if (!this.#givenUp || !(cause instanceof UpstreamFailure) || cause.kind !== 'cancelled') return cause;
    const message =
      'nobody had answered what the server asked, and another call of this caller needed its place';
    return new UpstreamFailure('full', message, cause.sent);
  }

  end(): void {
    this.parkedSince = undefined;
    this.#outer.signal.removeEventListener('abort', this.#cancel);
  }

  #noted(ask: Ask): Ask {
    return async (question) => {
      if (this.#questions++ === 0) this.parkedSince = this.#deps.clock.now();
      const answered = ask(question);
      this.#deps.onParked();
      try {
        return await answered;
      } finally {
        if (--this.#questions === 0) this.parkedSince = undefined;
      }
    };
  }
}
