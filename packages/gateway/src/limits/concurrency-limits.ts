import type { Principal } from '../model/principal.js';

export interface ConcurrencyCaps {
  readonly perPrincipal: number;
  readonly perUpstream: number;
}

export type Entry =
  | { readonly kind: 'entered'; readonly leave: () => void }
  | { readonly kind: 'full'; readonly who: string; readonly limit: number };

interface Counter {
  inProgress: number;
}

/**
 * Counts calls in progress per principal and per upstream. Counts live in memory: they end with the process.
 * A counter stays when it is back at zero, for a map that gains and loses an entry with each call costs more in garbage
 * collection than all else here; those at zero go when there are many.
 */
export class ConcurrencyLimits {
  readonly #principals = new Map<string, Counter>();
  readonly #upstreams = new Map<string, Counter>();

  #total = 0;

  /** Callers that are counted, whether any call of theirs is in progress or not. */
  get callers(): number {
    return this.#principals.size;
  }

  /** All calls in progress. */
  get inProgress(): number {
    return this.#total;
  }

  /** The caps are those of the caller's configuration; what is in progress is counted over all of them. */
  enter(principal: Principal, upstream: string, caps: ConcurrencyCaps): Entry {
    const caller = counterOf(this.#principals, `${principal.tenant}\n${principal.id}`);
    if (caller.inProgress >= caps.perPrincipal) {
      return { kind: 'full', who: `The caller "${principal.id}"`, limit: caps.perPrincipal };
    }
    const server = counterOf(this.#upstreams, upstream);
    if (server.inProgress >= caps.perUpstream) {
      return { kind: 'full', who: `The upstream "${upstream}"`, limit: caps.perUpstream };
    }
    caller.inProgress += 1;
    server.inProgress += 1;
    this.#total += 1;
    let inside = true;
    const leave = () => {
      if (!inside) return;
      inside = false;
      caller.inProgress -= 1;
      server.inProgress -= 1;
      this.#total -= 1;
    };
    return { kind: 'entered', leave };
  }
}

/** Counters that are kept without a look at which of them count. */
const manyCounters = 10_000;

function counterOf(counters: Map<string, Counter>, name: string): Counter {
  let counter = counters.get(name);
  if (counter === undefined) {
    if (counters.size >= manyCounters) dropIdle(counters);
    counter = { inProgress: 0 };
    counters.set(name, counter);
  }
  return counter;
}

function dropIdle(counters: Map<string, Counter>): void {
  for (const [name, { inProgress }] of counters) if (inProgress === 0) counters.delete(name);
}
