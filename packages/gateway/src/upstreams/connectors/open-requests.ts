import { Roster } from '../../lib/roster.js';
import type { InputRounds, RoundsKeeper } from './input-rounds.js';
import type { PendingRequest } from './pending-request.js';

/**
 * The requests of one connection that wait for their answers, numbered from 1. On a roster and not in a Map, which costs
 * every call 8 µs once one of its outgrown tables is old.
 */
export class OpenRequests<Request extends PendingRequest> implements RoundsKeeper {
  readonly #open = new Roster<Request>();
  /** Calls that wait for their client between two requests. */
  readonly #rounds = new Roster<InputRounds>();
  readonly #idleWaiters: (() => void)[] = [];
  #lastId = 0;
  #awaited = 0;

  /** Whether any is open but those without a deadline, which last as long as the connection. */
  get busy(): boolean {
    return this.#awaited > 0 || this.#rounds.size > 0;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Gives the request its id. */
  add(request: Request): void {
    request.id = this.nextId();
    this.#open.join(request);
    if (isAwaited(request)) this.#awaited++;
  }

  /** Takes out a request that was added, once. */
  remove(request: Request): void {
    this.#open.leave(request);
    if (isAwaited(request)) this.#awaited--;
    this.#tellWhenIdle();
  }

  addRounds(rounds: InputRounds): void {
    this.#rounds.join(rounds);
  }

  removeRounds(rounds: InputRounds): void {
    this.#rounds.leave(rounds);
    this.#tellWhenIdle();
  }

  find(id: number): Request | undefined {
    return this.#open.find((request) => request.id === id);
  }

  /** The calls that a question may belong to, the latest first; where none has a client to ask, any. */
  candidates(): Request[] {
    const calls = this.#open.list().filter(isAwaited);
    const askable = calls.filter(({ request }) => request.ask !== undefined);
    return askable.length === 0 ? calls.slice(0, 1) : askable.sort((one, other) => other.id - one.id);
  }

  /** The call in flight, when there is one and no other. */
  only(): Request | undefined {
    const calls = this.#awaited > 1 ? [] : this.#open.list().filter(isAwaited);
    return calls.length === 1 ? calls[0] : undefined;
  }

  /** `isLost` tells the requests of which nothing left, though it was meant to. */
  failAll(reason: string, isLost: (request: Request) => boolean = () => false): void {
    for (const request of this.#open.list()) {
      if (isLost(request)) request.sent = false;
      request.fail('unavailable', reason);
    }
    for (const rounds of this.#rounds.list()) rounds.abort(reason);
  }

  /** Resolves when it is not busy. */
  idle(): Promise<void> {
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #tellWhenIdle(): void {
    if (!this.busy) for (const tell of this.#idleWaiters.splice(0)) tell();
  }
}

function isAwaited({ request }: PendingRequest): boolean {
  return request.timeoutMs > 0;
}
