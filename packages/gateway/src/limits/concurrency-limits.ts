import type { Principal } from '../model/principal.js';

export interface ConcurrencyCaps {
  readonly perPrincipal: number;
  readonly perUpstream: number;
}

export type Entry =
  | { readonly kind: 'entered'; readonly leave: () => void }
  | { readonly kind: 'full'; readonly who: string; readonly limit: number };

/** Counts calls in progress per principal and per upstream. Counts live in memory: they end with the process. */
export class ConcurrencyLimits {
  readonly #inProgress = new Map<string, number>();

  /** The caps are those of the caller's configuration; what is in progress is counted over all of them. */
  enter(principal: Principal, upstream: string, caps: ConcurrencyCaps): Entry {
    const caller = `p\n${principal.tenant}\n${principal.id}`;
    const server = `u\n${upstream}`;
    if (this.#count(caller) >= caps.perPrincipal) {
      return { kind: 'full', who: `The caller "${principal.id}"`, limit: caps.perPrincipal };
    }
    if (this.#count(server) >= caps.perUpstream) {
      return { kind: 'full', who: `The upstream "${upstream}"`, limit: caps.perUpstream };
    }
    this.#add(caller, 1);
    this.#add(server, 1);
    return { kind: 'entered', leave: this.#leaveOnce(caller, server) };
  }

  #leaveOnce(caller: string, server: string): () => void {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#add(caller, -1);
      this.#add(server, -1);
    };
  }

  #count(name: string): number {
    return this.#inProgress.get(name) ?? 0;
  }

  #add(name: string, change: 1 | -1): void {
    const count = this.#count(name) + change;
    if (count === 0) this.#inProgress.delete(name);
    else this.#inProgress.set(name, count);
  }
}
