import type { Clock } from '../../lib/clock.js';
import { type ExchangeFault, HttpExchange, type ResponseHead } from './http-exchange.js';
import { type Message, readMessage } from './json-rpc.js';

const reopenMs = 5000;

export interface ListenerHost {
  readonly clock: Clock;
  /** Opens the stream on which the server tells of changes: GET for a legacy one, `subscriptions/listen` for a modern. */
  openStream(exchange: HttpExchange): Promise<void>;
  onMessage(message: Message): void;
  /** Something may have changed while nobody listened. */
  onGap(): void;
  onUnreachable(message: string): void;
}

/** Keeps one stream open for what a server says unasked, for as long as it offers one. */
export class HttpListener {
  readonly #host: ListenerHost;
  #exchange: HttpExchange | undefined;
  #stopTimer: (() => void) | undefined;
  #opened = false;
  #stopped = false;

  constructor(host: ListenerHost) {
    this.#host = host;
  }

  open(): void {
    if (this.#stopped) return;
    const gap = this.#opened;
    const exchange = new HttpExchange(
      {
        onSent: () => undefined,
        onMessage: (text, head) => this.#onMessage(text, head),
        onEnd: (head) => this.#onEnd(head),
        onFault: (fault) => this.#onFault(fault),
      },
      true,
    );
    this.#exchange = exchange;
    this.#host.openStream(exchange).catch(() => this.#reopenLater());
    if (gap) this.#host.onGap();
  }

  /** Listens anew, as after a change of the session. */
  reopen(): void {
    this.#stopTimer?.();
    this.#exchange?.abort();
    this.open();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer?.();
    this.#exchange?.abort();
  }

  #onMessage(text: string, head: ResponseHead): void {
    if (head.type !== 'events' || head.status !== 200) return;
    this.#opened = true;
    try {
      this.#host.onMessage(readMessage(text));
    } catch {
      // Unreadable news is no news; lists are asked for again after a gap.
    }
  }

  /** A server that offers no stream says so with a status, or with an answer instead of a stream. */
  #onEnd(head: ResponseHead): void {
    if (head.status !== 200 || head.type !== 'events') {
      this.#exchange?.distrust();
      return;
    }
    this.#opened = true;
    this.#reopenLater();
  }

  /** Of a server that is gone nobody may hear before the next call, but for the stream that cannot be opened again. */
  #onFault({ unreachable, message }: ExchangeFault): void {
    this.#reopenLater();
    if (unreachable) this.#host.onUnreachable(message);
  }

  #reopenLater(): void {
    if (this.#stopped) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#host.clock.after(reopenMs, () => this.open());
  }
}
