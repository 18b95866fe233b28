import type { Cancellation } from '../lib/cancellation.js';

/** The requests under way that `notifications/cancelled` can name, each within the scope of its asker. */
export class InFlight {
  readonly #open = new Map<string, Cancellation[]>();

  /** Returns the function that takes the request out again. */
  add(scope: string, idKey: string, controller: Cancellation): () => void {
    const key = `${scope}\n${idKey}`;
    const same = this.#open.get(key);
    if (same === undefined) this.#open.set(key, [controller]);
    else same.push(controller);
    return () => this.#remove(key, controller);
  }

  /** Ids are unique within a session; where sessionless clients share one, nobody can say which is meant. */
  cancel(scope: string, idKey: string): void {
    const [controller, ...others] = this.#open.get(`${scope}\n${idKey}`) ?? [];
    if (others.length === 0) controller?.abort();
  }

  /** Every request of the scope; without one, of all. */
  cancelAll(scope?: string): void {
    for (const [key, controllers] of this.#open) {
      if (scope !== undefined && !key.startsWith(`${scope}\n`)) continue;
      for (const controller of controllers) controller.abort();
    }
  }

  #remove(key: string, controller: Cancellation): void {
    const left = this.#open.get(key)?.filter((other) => other !== controller) ?? [];
    if (left.length === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}
