import { Cancellation } from '../lib/cancellation.js';
import type { Principal } from '../model/principal.js';
import { type ListenDeps, type ListenExchange, ListenStream } from './listen-stream.js';
import type { RequestMessage } from './message.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import type { Reply } from './reply.js';
import { callerOf } from './request-state.js';
import { subscriptionWish } from './subscription-wish.js';

export interface ListenLimits {
  /** Streams of one principal that are open at a time. */
  readonly perPrincipal: number;
  readonly total: number;
}

const defaults: ListenLimits = { perPrincipal: 64, total: 1024 };

/** The streams on which modern clients hear what belongs to none of their requests. */
export class ListenStreams {
  readonly #deps: ListenDeps;
  readonly #limits: ListenLimits;
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(deps: ListenDeps, limits: Partial<ListenLimits> = {}) {
    this.#deps = deps;
    this.#limits = { ...defaults, ...limits };
  }

  get size(): number {
    return this.#total;
  }

  /**
   * Answers `subscriptions/listen`: says what happens as it happens, and resolves to the last message once the client or
   * the gateway has enough of it. Rejects with ProtocolFault.
   */
  async listen(request: RequestMessage, exchange: ListenExchange): Promise<Reply> {
    const wish = subscriptionWish(request);
    if (!exchange.canNotify) {
      throw new ProtocolFault(errorCodes.invalidRequest, 'The Accept header must allow text/event-stream', {
        status: 406,
      });
    }
    const leave = this.#enter(exchange.principal);
    try {
      const signal = exchange.signal();
      const over = new Cancellation();
      if (signal.aborted) over.abort();
      else signal.addEventListener('abort', () => over.abort());
      if (exchange.stayOpen?.(() => over.abort()) === false) throw tooMany('The gateway has');
      return await new ListenStream({ exchange, wish, id: request.id.text }, this.#deps).run(over);
    } finally {
      leave();
    }
  }

  #enter(principal: Principal): () => void {
    const caller = callerOf(principal);
    const open = this.#open.get(caller) ?? 0;
    if (this.#total >= this.#limits.total) throw tooMany('The gateway has');
    if (open >= this.#limits.perPrincipal) throw tooMany(`"${principal.id}" has`);
    this.#open.set(caller, open + 1);
    this.#total += 1;
    return () => {
      const left = (this.#open.get(caller) ?? 1) - 1;
      if (left === 0) this.#open.delete(caller);
      else this.#open.set(caller, left);
      this.#total -= 1;
    };
  }
}

/** The code is that of HTTP for it: outside the range that JSON-RPC reserves. */
function tooMany(who: string): ProtocolFault {
  const message = `${who} as many streams open as may be. Close one before another is opened.`;
  return new ProtocolFault(429, message, { status: 200, reason: 'too_many_streams' });
}
