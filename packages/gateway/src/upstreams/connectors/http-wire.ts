import type { Clock } from '../../lib/clock.js';
import type { AddressRules } from '../../lib/net/address-rules.js';
import { addressesFor } from '../../lib/net/client-for.js';
import { openGuardedSocket } from '../../lib/net/guarded-socket.js';
import { Roster } from '../../lib/roster.js';
import { HttpExchange } from './http-exchange.js';
import { type HttpMessage, RequestWriter } from './http-request-text.js';
import { HttpSocket, type SocketHost } from './http-socket.js';

const mostSockets = 64;
const mostQueued = 1024;
const sweepMs = 1000;
const closedMessage = 'the connection was closed';

/** The sockets to one endpoint, shared with no other upstream, so none ever carries two credentials' traffic. */
export class HttpWire implements SocketHost {
  readonly clock: Clock;
  readonly #url: URL;
  readonly #addresses: AddressRules;
  readonly #writer: RequestWriter;
  readonly #sockets = new Roster<HttpSocket>();
  /** The one that was used last is used first, so that those a burst needed get old. */
  readonly #idle: HttpSocket[] = [];
  readonly #queue: HttpExchange[] = [];
  #stopSweep: (() => void) | undefined;
  #closed = false;

  constructor(url: URL, clock: Clock, addresses: AddressRules = addressesFor(url)) {
    this.clock = clock;
    this.#url = url;
    this.#addresses = addresses;
    this.#writer = new RequestWriter(url);
  }

  dispatch(message: HttpMessage, exchange: HttpExchange): void {
    if (exchange.over) return;
    try {
      if (this.#closed) throw new Error(closedMessage);
      exchange.request = this.#writer.write(message);
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      exchange.onFault({ kind: 'unavailable', message: words, unreachable: false });
      return;
    }
    this.#carry(exchange);
  }

  /** Sends what has no answer; resolves when the server has taken it, or refused it, or the time is up. */
  deliver(message: HttpMessage, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const exchange = new HttpExchange({
        onSent: () => undefined,
        onMessage: () => exchange.distrust(),
        onEnd: ({ status }) => {
          if (status >= 300) exchange.distrust();
          done();
        },
        onFault: () => done(),
      });
      const stopTimer = this.clock.after(timeoutMs, () => done());
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
    this.#closed = true;
    this.#stopSweep?.();
    for (const socket of this.#sockets.list()) socket.close(closedMessage);
    for (const exchange of this.#queue.splice(0)) {
      exchange.onFault({ kind: 'unavailable', message: closedMessage, unreachable: false });
    }
  }

  /** Takes an exchange that waits for a socket out of the queue. */
  leave(exchange: HttpExchange): void {
    const place = this.#queue.indexOf(exchange);
    if (place >= 0) this.#queue.splice(place, 1);
  }

  onFree(socket: HttpSocket, idleMs: number): void {
    const next = this.#queue.shift();
    if (next !== undefined) {
      socket.carry(next);
      return;
    }
    socket.freeUntil = this.clock.now() + idleMs;
    socket.rest();
    this.#idle.push(socket);
    this.#stopSweep ??= this.clock.after(sweepMs, this.#sweep);
  }

  onGone(socket: HttpSocket): void {
    this.#sockets.leave(socket);
    const place = this.#idle.indexOf(socket);
    if (place >= 0) this.#idle.splice(place, 1);
    const next = this.#closed ? undefined : this.#queue.shift();
    if (next !== undefined) this.#carry(next);
  }

  #carry(exchange: HttpExchange): void {
    const idle = this.#takeIdle();
    if (idle !== undefined) {
      idle.wake();
      idle.carry(exchange);
    } else if (this.#sockets.size < mostSockets) {
      this.#open().carry(exchange);
    } else if (this.#queue.length < mostQueued) {
      exchange.carrier = this;
      this.#queue.push(exchange);
    } else {
      const message = `${mostQueued} requests wait for a connection already`;
      exchange.onFault({ kind: 'unavailable', message, unreachable: false });
    }
  }

  #takeIdle(): HttpSocket | undefined {
    for (let socket = this.#idle.pop(); socket !== undefined; socket = this.#idle.pop()) {
      if (socket.usable && this.clock.now() < socket.freeUntil) return socket;
      socket.destroy();
    }
    return undefined;
  }

  readonly #sweep = (): void => {
    const now = this.clock.now();
    for (const socket of this.#idle.filter(({ freeUntil }) => freeUntil <= now)) socket.destroy();
    this.#stopSweep = this.#idle.length > 0 ? this.clock.after(sweepMs, this.#sweep) : undefined;
  };

  #open(): HttpSocket {
    const socket = new HttpSocket(this, ...openGuardedSocket(this.#url, this.#addresses));
    this.#sockets.join(socket);
    return socket;
  }
}
