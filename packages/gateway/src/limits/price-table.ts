import { compileGlob, createNameSet, type NameSet } from '../lib/glob.js';
import type { Target } from '../model/target.js';
import { everyNameOf } from '../model/tool-names.js';

/** One price as configured. */
export interface Price {
  /** Names of tools, as globs, any that they have: otherwise a tool that gets another name would cost nothing. */
  readonly tools: readonly string[];
  readonly micros: bigint;
  /** In force from this instant on, in milliseconds since the epoch; absent: ever since. */
  readonly from?: number | undefined;
  /** In force before this instant; absent: for ever. */
  readonly until?: number | undefined;
}

interface CompiledPrice extends Price {
  readonly names: NameSet;
}

/** What calls cost by themselves. Of several prices in force for a tool the first one counts. */
export class PriceTable {
  readonly #prices: readonly CompiledPrice[];
  /** Nearly all tools have none, and calls are many. */
  readonly #ofTarget = new WeakMap<Target, readonly CompiledPrice[]>();

  /** Throws GlobFault for a name that is no glob. */
  constructor(prices: readonly Price[]) {
    this.#prices = prices.map((price) => ({ ...price, names: createNameSet(price.tools.map(compileGlob)) }));
  }

  /** Undefined where no price is in force at that time. */
  priceOf(target: Target, at: number): bigint | undefined {
    if (this.#prices.length === 0 || target.kind !== 'tool') return undefined;
    let prices = this.#ofTarget.get(target);
    if (prices === undefined) {
      prices = this.#pricesFor(target);
      this.#ofTarget.set(target, prices);
    }
    return prices.find(({ from = 0, until = Number.POSITIVE_INFINITY }) => from <= at && at < until)?.micros;
  }

  #pricesFor(target: Target): readonly CompiledPrice[] {
    const known = everyNameOf(target);
    return this.#prices.filter(({ names }) => known.some((name) => names.has(name)));
  }
}
