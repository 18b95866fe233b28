import type { ConcurrencyLimit } from '../model/obligation.js';

/** One counter of a limit on calls in progress. */
export interface RunningCount {
  readonly limit: ConcurrencyLimit;
  readonly scope: string;
  readonly owner: string;
  readonly running: number;
}

/** Calls in progress under the limits that rules bring. A counter ends with its last call, so there are as many as calls. */
export class RunningCalls {
  readonly #counts = new Map<string, RunningCount>();

  counts(): IterableIterator<RunningCount> {
    return this.#counts.values();
  }

  isFull(limit: ConcurrencyLimit, scope: string): boolean {
    return this.count(limit, scope) >= limit.max;
  }

  count(limit: ConcurrencyLimit, scope: string): number {
    return this.#counts.get(nameOf(limit, scope))?.running ?? 0;
  }

  /** Returns what ends it; ending it again changes nothing. */
  enter(limit: ConcurrencyLimit, scope: string, owner: string): () => void {
    const name = nameOf(limit, scope);
    const before = this.#counts.get(name);
    this.#counts.set(name, { limit, scope, owner, running: (before?.running ?? 0) + 1 });
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const now = this.#counts.get(name);
      if (now === undefined || now.running <= 1) this.#counts.delete(name);
      else this.#counts.set(name, { ...now, running: now.running - 1 });
    };
  }
}

function nameOf({ id }: ConcurrencyLimit, scope: string): string {
  return `${id}\0${scope}`;
}
