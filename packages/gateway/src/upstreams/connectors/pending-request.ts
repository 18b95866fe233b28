import type { Clock } from '../../lib/clock.js';
import type { Rostered } from '../../lib/roster.js';
import type { JsonObjectText } from '../../model/json.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { hopFault } from './hop-faults.js';
import type { InputRounds } from './input-rounds.js';
import { isForTasksOnly, isInterim, strangeResult } from './interim-result.js';

/** How a request ended: with an answer or a failure of the connection, or because nobody waits any longer. */
export type RequestEnd = 'settled' | 'timeout' | 'cancelled';

/** What a request needs of the connection it belongs to. */
export interface RequestHost<Request> {
  readonly clock: Clock;
  onRequestEnd(request: Request, end: RequestEnd): void;
  /** What a server wants to be asked of the client before it goes on; nothing where servers may not want that. */
  roundsOf(request: Request): InputRounds | undefined;
}

/** One request that waits for its answer. Ends exactly once; what comes later is ignored. */
export class PendingRequest implements Rostered {
  readonly request: OutgoingRequest;
  readonly reply: Promise<UpstreamReply>;
  /** Its JSON-RPC id, and where it stands among the open requests; both are kept by OpenRequests. */
  id = 0;
  place = -1;
  /** Whether any byte may have reached the upstream; kept by the connection. */
  sent = false;
  /** Which line to a child it is; kept by the connection. */
  line = 0;
  /** The rounds it is one of, where it is not the first. */
  rounds: InputRounds | undefined;
  /** How many questions the server has asked about it; kept by Questions. */
  asked = 0;
  readonly #host: RequestHost<PendingRequest>;
  #stopTimer: (() => void) | undefined;
  /** Milliseconds since the epoch, as long as the clock runs. */
  #expiresAt = 0;
  #holds = 0;
  #leftWhenHeldMs = 0;
  #resolve!: (reply: UpstreamReply | Promise<UpstreamReply>) => void;
  #reject!: (failure: UpstreamFailure) => void;
  #ended = false;

  constructor(host: RequestHost<PendingRequest>, request: OutgoingRequest) {
    this.#host = host;
    this.request = request;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (request.timeoutMs > 0) this.#runFor(request.timeoutMs);
    request.signal?.addEventListener('abort', this.#cancel);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What is left of its time. */
  get leftMs(): number {
    return Math.max(0, this.#expiresAt - this.#host.clock.now());
  }

  /** Errors about this hop, and interim results that nobody invited, are no answers to a call: they end it as a failure. */
  answer(reply: UpstreamReply): void {
    const isCall = this.request.target !== undefined;
    const fault = isCall ? hopFault(reply) : undefined;
    if (fault !== undefined) this.fail('malformed', fault);
    else if (isCall && reply.kind === 'result' && isInterim(reply.result)) this.#goOn(reply.result);
    else if (isCall && reply.kind === 'error' && isForTasksOnly(reply.error)) this.#goOnAsTask(reply);
    else this.#settle(reply);
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

  /** Stops the clock, as long as somebody is being asked; each time needs a release. */
  hold(): void {
    if (this.#ended || this.#stopTimer === undefined || this.#holds++ > 0) return;
    this.#stopTimer();
    this.#leftWhenHeldMs = this.leftMs;
  }

  release(): void {
    if (this.#ended || this.#stopTimer === undefined || --this.#holds > 0) return;
    this.#runFor(this.#leftWhenHeldMs);
  }

  #runFor(ms: number): void {
    const { clock } = this.#host;
    this.#expiresAt = clock.now() + ms;
    this.#stopTimer = clock.after(ms, this.#expire);
  }

  /** An interim result is the end of this request and not of the call. A legacy client would take it for a success. */
  #goOn(result: JsonObjectText): void {
    const rounds = this.#host.roundsOf(this);
    const { resultType } = result.value;
    if (rounds === undefined || (resultType !== 'input_required' && resultType !== 'task')) {
      this.fail('malformed', strangeResult(result));
    } else if (resultType === 'task' && !rounds.endsTasks) this.#settle({ kind: 'result', result });
    else if (this.#end('settled')) {
      const { leftMs } = this;
      this.#resolve(resultType === 'task' ? rounds.awaitTask(result, leftMs) : rounds.next(result, leftMs));
    }
  }

  /** Once: a client that knows tasks was refused for another reason. */
  #goOnAsTask(reply: UpstreamReply): void {
    const rounds = this.request.client?.tasks === true ? undefined : this.#host.roundsOf(this);
    if (rounds === undefined) this.#settle(reply);
    else if (this.#end('settled')) this.#resolve(rounds.retryAsTask(this.leftMs));
  }

  #settle(reply: UpstreamReply): void {
    if (this.#end('settled')) this.#resolve(reply);
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
