import type { Clock } from '../../lib/clock.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { hopFault } from './negotiation.js';

/** How a request ended: with an answer or a failure of the connection, or because nobody waits any longer. */
export type RequestEnd = 'settled' | 'timeout' | 'cancelled';

/** What a request needs of the connection it belongs to. */
export interface RequestHost<Request> {
  readonly clock: Clock;
  onRequestEnd(request: Request, end: RequestEnd): void;
}

/** One request that waits for its answer. Ends exactly once; what comes later is ignored. */
export class PendingRequest {
  readonly request: OutgoingRequest;
  readonly reply: Promise<UpstreamReply>;
  /** Its JSON-RPC id, and where it stands among the open requests; both are kept by OpenRequests. */
  id = 0;
  place = 0;
  /** Whether any byte may have reached the upstream; kept by the connection. */
  sent = false;
  /** Which line to a child it is; kept by the connection. */
  line = 0;
  readonly #host: RequestHost<PendingRequest>;
  readonly #stopTimer: (() => void) | undefined;
  #resolve!: (reply: UpstreamReply) => void;
  #reject!: (failure: UpstreamFailure) => void;
  #ended = false;

  constructor(host: RequestHost<PendingRequest>, request: OutgoingRequest) {
    this.#host = host;
    this.request = request;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopTimer = request.timeoutMs > 0 ? host.clock.after(request.timeoutMs, this.#expire) : undefined;
    request.signal?.addEventListener('abort', this.#cancel);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Errors about this hop, and interim results, are no answers to a call: they end it as a failure. */
  answer(reply: UpstreamReply): void {
    const fault = this.request.target === undefined ? undefined : hopFault(reply);
    if (fault !== undefined) this.fail('malformed', fault);
    else if (this.#end('settled')) this.#resolve(reply);
  }

  fail(kind: UpstreamFailure['kind'], message: string): void {
    this.failWith(new UpstreamFailure(kind, message, this.sent));
  }

  failWith(failure: UpstreamFailure): void {
    if (this.#end('settled')) this.#reject(failure);
  }

  /** Hands the params of a progress notification on, if the caller asked for progress. */
  progress(params: string): void {
    if (!this.#ended) this.request.onProgress?.(params);
  }

  readonly #expire = (): void => {
    const message = `no answer within ${this.request.timeoutMs} ms`;
    if (this.#end('timeout')) this.#reject(new UpstreamFailure('timeout', message, this.sent));
  };

  readonly #cancel = (): void => {
    if (this.#end('cancelled')) {
      this.#reject(new UpstreamFailure('cancelled', 'the caller cancelled', this.sent));
    }
  };

  #end(end: RequestEnd): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#stopTimer?.();
    this.request.signal?.removeEventListener('abort', this.#cancel);
    this.#host.onRequestEnd(this, end);
    return true;
  }
}
