import { Pool } from 'undici';
import type { Clock } from '../../lib/clock.js';
import { HttpExchange } from './http-exchange.js';

const sockets = 64;
const connectTimeoutMs = 10_000;

export interface HttpMessage {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Flat list of names and values. */
  readonly headers: string[];
  readonly body?: string;
}

/** The sockets to one endpoint, shared with no other upstream, so none ever carries two credentials' traffic. */
export class HttpWire {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #clock: Clock;

  constructor(url: URL, clock: Clock) {
    this.#path = url.pathname + url.search;
    this.#clock = clock;
    // Waiting is bounded by each request's own deadline, so the pool's limits are off.
    this.#pool = new Pool(url.origin, {
      connections: sockets,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs },
    });
  }

  dispatch({ method, headers, body }: HttpMessage, exchange: HttpExchange): void {
    this.#pool.dispatch({ method, path: this.#path, headers, body: body ?? null }, exchange);
  }

  /** Sends what has no answer; resolves when the server has taken it, or refused it, or the time is up. */
  deliver(message: HttpMessage, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const exchange = new HttpExchange({
        onSent: () => undefined,
        onMessage: () => undefined,
        onEnd: () => done(),
        onFault: () => done(),
      });
      const stopTimer = this.#clock.after(timeoutMs, () => done());
      const done = () => {
        stopTimer();
        exchange.abort();
        resolve();
      };
      this.dispatch(message, exchange);
    });
  }

  /** Breaks off whatever is under way. Never rejects. */
  async close(): Promise<void> {
    await this.#pool.destroy().catch(() => undefined);
  }
}
