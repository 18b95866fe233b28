import type { PendingRequest } from './pending-request.js';

/**
 * The requests of one connection that wait for their answers, numbered from 1.
 * An array and not a Map: a Map leaves an outgrown table behind every few dozen requests, each pointing to the next, and
 * once one of them is in V8's old generation all requests that follow are moved there too (8 µs for each call).
 */
export class OpenRequests<Request extends PendingRequest> {
  readonly #open: Request[] = [];
  readonly #idleWaiters: (() => void)[] = [];
  #lastId = 0;
  #awaited = 0;

  nextId(): number {
    return ++this.#lastId;
  }

  /** Gives the request its id. */
  add(request: Request): void {
    request.id = this.nextId();
    request.place = this.#open.push(request) - 1;
    if (isAwaited(request)) this.#awaited++;
  }

  /** Takes out a request that was added, once. */
  remove(request: Request): void {
    const last = this.#open.pop();
    if (last !== undefined && last !== request) {
      this.#open[request.place] = last;
      last.place = request.place;
    }
    if (isAwaited(request)) this.#awaited--;
    if (this.#awaited === 0) for (const tell of this.#idleWaiters.splice(0)) tell();
  }

  find(id: number): Request | undefined {
    return this.#open.find((request) => request.id === id);
  }

  /** `isLost` tells the requests of which nothing left, though it was meant to. */
  failAll(reason: string, isLost: (request: Request) => boolean = () => false): void {
    for (const request of this.#open.slice()) {
      if (isLost(request)) request.sent = false;
      request.fail('unavailable', reason);
    }
  }

  /** Resolves when no request is open but those without a deadline, which last as long as the connection. */
  idle(): Promise<void> {
    if (this.#awaited === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }
}

function isAwaited({ request }: PendingRequest): boolean {
  return request.timeoutMs > 0;
}
