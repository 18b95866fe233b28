import type { Clock } from '../../lib/clock.js';
import { UpstreamFailure } from '../../model/upstream.js';
import { type ExchangeFault, type ExchangeSink, HttpExchange, type ResponseHead } from './http-exchange.js';
import { type Message, readMessage } from './json-rpc.js';

const reopenMs = 5000;
const soonestReopenMs = 50;
const agreeWithinMs = 10_000;

export interface ListenerHost {
  readonly clock: Clock;
  /**
   * Opens the stream on which the server tells of changes: GET for a legacy one, from behind the event with this id,
   * `subscriptions/listen` for a modern one, with these resources. False where there is nothing to listen for.
   */
  openStream(exchange: HttpExchange, from: StreamPosition): Promise<boolean>;
  onMessage(message: Message): void;
  /** Something may have changed while nobody listened. */
  onGap(): void;
  onUnreachable(message: string): void;
}

export interface StreamPosition {
  readonly lastEventId: string | undefined;
  readonly uris: readonly string[];
}

/** What becomes of one stream. */
interface StreamOwner {
  onFirstMessage(stream: NewsStream): void;
  onMessage(message: Message): void;
  /** `offered` says that there was a stream at all. */
  onOver(stream: NewsStream, offered: boolean): void;
  onUnreachable(message: string): void;
}

/** Keeps one stream open for what a server says unasked, for as long as it offers one. */
export class HttpListener implements StreamOwner {
  readonly #host: ListenerHost;
  #uris: readonly string[] = [];
  #current: NewsStream | undefined;
  /** Opened while the current one goes on, which ends as soon as the server says something on this one. */
  #next: NewsStream | undefined;
  #stopTimer: (() => void) | undefined;
  #wasOpen = false;
  #lastEventId: string | undefined;
  #stopped = false;

  constructor(host: ListenerHost) {
    this.#host = host;
  }

  open(): void {
    if (this.#stopped) return;
    const gap = this.#wasOpen && this.#lastEventId === undefined;
    this.#current = this.#begin(this.#uris);
    if (gap) this.#host.onGap();
  }

  /** Listens anew, as after a change of the session. */
  reopen(): void {
    this.#stopTimer?.();
    this.#current?.abort();
    this.#lastEventId = undefined;
    this.open();
  }

  /** Resolves when a modern server told that it listens for these resources, too. */
  async follow(uris: readonly string[]): Promise<void> {
    this.#next?.fail('another change came before it agreed');
    const stream = this.#begin(uris);
    this.#next = stream;
    await stream.agreed(this.#host.clock, agreeWithinMs);
    this.#uris = uris;
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer?.();
    this.#current?.abort();
    this.#next?.abort();
  }

  onFirstMessage(stream: NewsStream): void {
    this.#wasOpen = true;
    if (stream !== this.#next) return;
    this.#stopTimer?.();
    this.#current?.abort();
    this.#current = stream;
    this.#next = undefined;
  }

  onMessage(message: Message): void {
    this.#host.onMessage(message);
  }

  /** A server that offers no stream says so with a status, or with an answer instead of a stream. */
  onOver(stream: NewsStream, offered: boolean): void {
    if (stream === this.#next) this.#next = undefined;
    if (this.#stopped || stream !== this.#current) return;
    this.#current = undefined;
    this.#lastEventId = stream.lastEventId ?? this.#lastEventId;
    if (!offered) return;
    this.#stopTimer?.();
    const pauseMs = Math.max(stream.retryMs ?? reopenMs, soonestReopenMs);
    this.#stopTimer = this.#host.clock.after(pauseMs, () => this.open());
  }

  /** Of a server that is gone nobody may hear before the next call, but for the stream that cannot be opened again. */
  onUnreachable(message: string): void {
    this.#host.onUnreachable(message);
  }

  #begin(uris: readonly string[]): NewsStream {
    const stream = new NewsStream(this);
    const from = { lastEventId: this.#lastEventId, uris };
    this.#host.openStream(stream.exchange, from).then(
      (isOpened) => {
        if (!isOpened) stream.notNeeded();
      },
      (cause: unknown) => stream.fail(cause instanceof Error ? cause.message : String(cause)),
    );
    return stream;
  }
}

/** One stream of news, from its request to its end. */
class NewsStream implements ExchangeSink {
  readonly exchange: HttpExchange;
  readonly #owner: StreamOwner;
  #opened = false;
  #over = false;
  #agree: () => void = () => undefined;
  #refuse: (why: string) => void = () => undefined;

  constructor(owner: StreamOwner) {
    this.#owner = owner;
    this.exchange = new HttpExchange(this, true);
  }

  get lastEventId(): string | undefined {
    return this.exchange.lastEventId;
  }

  get retryMs(): number | undefined {
    return this.exchange.retryMs;
  }

  agreed(clock: Clock, withinMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopTimer = clock.after(withinMs, () => this.fail('it did not agree in time'));
      this.#agree = () => {
        stopTimer();
        resolve();
      };
      this.#refuse = (why) => {
        stopTimer();
        reject(new UpstreamFailure('unavailable', `the server tells of no such changes: ${why}`, true));
      };
    });
  }

  abort(): void {
    this.#over = true;
    this.exchange.abort();
    this.#refuse('nobody listens any more');
  }

  /** It does not come about; another attempt may. */
  fail(why: string): void {
    this.exchange.abort();
    this.#end(true, why);
  }

  notNeeded(): void {
    this.#agree();
    this.#owner.onFirstMessage(this);
    this.#end(false, 'there is nothing to listen for');
  }

  onSent(): void {}

  onMessage(text: string, head: ResponseHead): void {
    if (head.type !== 'events' || head.status !== 200) return;
    if (!this.#opened) {
      this.#opened = true;
      this.#owner.onFirstMessage(this);
      this.#agree();
    }
    try {
      this.#owner.onMessage(readMessage(text));
    } catch {
      // Unreadable news is no news; lists are asked for again after a gap.
    }
  }

  onEnd(head: ResponseHead): void {
    const offered = head.status === 200 && head.type === 'events';
    if (!offered) this.exchange.distrust();
    this.#end(offered, `it answered with HTTP ${head.status}`);
  }

  onFault({ unreachable, message }: ExchangeFault): void {
    this.#end(true, message);
    if (unreachable) this.#owner.onUnreachable(message);
  }

  #end(offered: boolean, why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#refuse(why);
    this.#owner.onOver(this, offered);
  }
}
