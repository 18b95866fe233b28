import type { Cancellation } from '../lib/cancellation.js';
import { Roster, type Rostered } from '../lib/roster.js';

interface OpenRequest extends Rostered {
  readonly scope: string;
  readonly idKey: string;
  readonly cancellation: Cancellation;
}

/** The requests under way that `notifications/cancelled` can name, each within the scope of its asker. */
export class InFlight {
  readonly #open = new Roster<OpenRequest>();

  /** Returns the function that takes the request out again. */
  add(scope: string, idKey: string, cancellation: Cancellation): () => void {
    const request: OpenRequest = { scope, idKey, cancellation, place: -1 };
    this.#open.join(request);
    return () => this.#open.leave(request);
  }

  /** Ids are unique within a session; where sessionless clients share one, nobody can say which is meant. */
  cancel(scope: string, idKey: string): void {
    const meant = this.#open.list().filter((open) => open.scope === scope && open.idKey === idKey);
    if (meant.length === 1) meant[0]?.cancellation.abort();
  }

  has(scope: string): boolean {
    return this.#open.list().some((open) => open.scope === scope);
  }

  /** Every request of the scope; without one, of all. */
  cancelAll(scope?: string): void {
    for (const open of this.#open.list()) {
      if (scope === undefined || open.scope === scope) open.cancellation.abort();
    }
  }
}
