import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.js';
import type { Principal } from '../model/principal.js';

const most = 10_000;

/** Whom the tokens of other issuers stand for that came in and are still valid: for calls that go on after their request. */
export class LiveTokens {
  readonly #clock: Clock;
  readonly #known = new LRUCache<string, { readonly principal: Principal; readonly until: number }>({
    max: most,
  });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `until` is in milliseconds since the epoch. */
  remember(principal: Principal, until: number): void {
    this.#known.set(principal.credential, { principal, until });
  }

  find(credential: string): Principal | undefined {
    const known = this.#known.get(credential);
    return known !== undefined && this.#clock.now() < known.until ? known.principal : undefined;
  }

  /** For changes of the configuration: whoever comes back is judged anew. */
  clear(): void {
    this.#known.clear();
  }
}
