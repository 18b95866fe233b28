import { periodAt, type Stretch } from '../lib/calendar.js';
import { formatMicros } from '../lib/micros.js';
import type { Balance, Charge } from '../model/charge.js';
import type { BudgetLimit } from '../model/obligation.js';

interface Account {
  /** Its stretch ends here; for a total, never. */
  readonly until: number;
  usedMicros: bigint;
}

const never = Number.POSITIVE_INFINITY;

/**
 * How much of each budget is used or reserved. It lives in memory and is written with the records of calls, from which
 * it is filled again at a start. A stretch that has begun never ends early, however the clock is set.
 */
export class BudgetBook {
  readonly #accounts = new Map<string, Account>();

  /** Takes over what earlier processes wrote down. */
  load(balances: Iterable<Balance>): void {
    for (const { budget, scope, unit, until = never, usedMicros } of balances) {
      const name = nameOf({ budget, scope, unit, until });
      const known = this.#accounts.get(name);
      if (known === undefined || known.until < until) this.#accounts.set(name, { until, usedMicros });
      else if (known.until === until) known.usedMicros += usedMicros;
    }
  }

  get size(): number {
    return this.#accounts.size;
  }

  has(limit: BudgetLimit, scope: string): boolean {
    return this.#accounts.has(nameFor(limit, scope));
  }

  /** What could still be spent, and when the stretch ends. */
  left(limit: BudgetLimit, scope: string, now: number): { micros: bigint; until: number } {
    const account = this.#accountOf(limit, scope, now);
    const micros = limit.maxMicros - account.usedMicros;
    return { micros: micros < 0n ? 0n : micros, until: account.until };
  }

  /** Reserves without looking at what is left: the caller has looked, in the same turn. */
  reserve(limit: BudgetLimit, scope: string, entry: { micros: bigint; now: number }): Charge {
    const account = this.#accountOf(limit, scope, entry.now);
    account.usedMicros += entry.micros;
    this.#accounts.set(nameFor(limit, scope), account);
    const { id: budget, unit } = limit;
    const charge = { budget, scope, unit, reservedMicros: entry.micros };
    return account.until === never ? charge : { ...charge, until: account.until };
  }

  /** Replaces a reservation by what was spent; nothing happens to a stretch that is over. */
  settle({ budget, scope, unit, reservedMicros, until = never }: Charge, spentMicros: bigint): void {
    const account = this.#accounts.get(nameOf({ budget, scope, unit, until }));
    if (account !== undefined && account.until === until) account.usedMicros += spentMicros - reservedMicros;
  }

  /** Drops what is over; the caller does so now and then. */
  sweep(now: number): void {
    for (const [name, { until }] of this.#accounts) if (until <= now) this.#accounts.delete(name);
  }

  #accountOf(limit: BudgetLimit, scope: string, now: number): Account {
    const { window, zone } = limit;
    const account = this.#accounts.get(nameFor(limit, scope));
    if (account !== undefined && now < account.until) return account;
    const stretch: Stretch = window === 'total' ? { start: 0, end: never } : periodAt(now, window, zone);
    return { until: stretch.end, usedMicros: 0n };
  }
}

type AccountKey = Pick<Charge, 'budget' | 'scope' | 'unit'> & { readonly until: number };

/** What never ends is apart, so that a budget whose window is changed to or from `total` does not stay as it was. */
function nameOf({ budget, scope, unit, until }: AccountKey): string {
  return `${budget}\0${unit}\0${until === never ? 'total' : ''}\0${scope}`;
}

function nameFor({ id, unit, window }: BudgetLimit, scope: string): string {
  return nameOf({ budget: id, scope, unit, until: window === 'total' ? never : 0 });
}

/** For people: `12.5 USD`. */
export function amountText(micros: bigint, unit: string): string {
  return `${formatMicros(micros)} ${unit}`;
}
