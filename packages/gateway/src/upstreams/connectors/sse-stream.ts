import { UpstreamFailure } from '../../model/upstream.js';
import { type ExchangeFault, type ExchangeSink, HttpExchange, type ResponseHead } from './http-exchange.js';

export interface StreamHost {
  readonly url: URL;
  onMessage(text: string): void;
  /** Called once, when the stream is over after it began. */
  onOver(reason: string): void;
}

/** The one stream on which an HTTP+SSE server says everything; first of all, where it takes what is said to it. */
export class SseStream implements ExchangeSink {
  /** To be dispatched by whoever made the stream. */
  readonly exchange = new HttpExchange(this, true);
  /** Where messages are posted to. Rejects with UpstreamFailure when the server does not say, or names another origin. */
  readonly endpoint: Promise<URL>;
  readonly #host: StreamHost;
  #resolve!: (endpoint: URL) => void;
  #reject!: (failure: UpstreamFailure) => void;
  #began = false;

  constructor(host: StreamHost) {
    this.#host = host;
    this.endpoint = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.endpoint.catch(() => undefined);
  }

  abort(reason: string): void {
    this.exchange.abort();
    this.#reject(new UpstreamFailure('unavailable', reason, false));
  }

  onSent(): void {}

  onOtherEvent(event: string, data: string): void {
    if (event !== 'endpoint' || this.#began) return;
    const { url } = this.#host;
    const endpoint = URL.canParse(data, url.href) ? new URL(data, url) : undefined;
    if (endpoint?.origin !== url.origin || endpoint.username !== '' || endpoint.password !== '') {
      this.abort('the server names an endpoint for messages that is not its own');
      return;
    }
    this.#began = true;
    this.#resolve(endpoint);
  }

  onMessage(text: string, { status, type }: ResponseHead): void {
    if (this.#began && status === 200 && type === 'events') this.#host.onMessage(text);
  }

  onEnd({ status, type }: ResponseHead): void {
    if (this.#began) this.#host.onOver('the server ended the stream');
    else if (status === 200 && type === 'events') this.abort('the stream ended without naming an endpoint');
    else this.abort(`the server offers no stream of events (HTTP ${status})`);
  }

  onFault({ message }: ExchangeFault): void {
    if (this.#began) this.#host.onOver(message);
    else this.abort(message);
  }
}
