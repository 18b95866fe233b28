import { periodAt, type Stretch } from '../lib/calendar.js';
import type { Balance, Charge } from '../model/charge.js';
import type { BudgetLimit } from '../model/obligation.js';
import { CounterShares, type Room } from './counter-shares.js';

/** One counter of a budget. */
export interface Account {
  /** Its place in the book. */
  readonly name: string;
  readonly budget: string;
  readonly unit: string;
  readonly scope: string;
  /** Its stretch ends here; for a total, never. */
  readonly until: number;
  /** The caller whose call made it, for whom it counts; absent for what an earlier process left. */
  readonly owner?: string | undefined;
  usedMicros: bigint;
  /** Reservations that are neither settled nor given back. */
  open: number;
  usedAt: number;
}

/** Says what a total had used up, as far as records say. */
export type ReadTotal = (account: Pick<Account, 'budget' | 'unit' | 'scope'>) => bigint;

export interface BookOptions {
  /** Accounts that are kept at a time. */
  readonly most: number;
  readonly mostOfOne: number;
  readonly readTotal: ReadTotal;
}

const never = Number.POSITIVE_INFINITY;

/**
 * How much of each budget is used or reserved. It lives in memory and is written with the records of calls. Budgets that
 * begin anew are filled from these at a start; totals when somebody asks for one, as there may be one per session since
 * the first day. A stretch that has begun never ends early, however the clock is set.
 */
export class BudgetBook {
  readonly #options: BookOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #shares: CounterShares;

  constructor(options: BookOptions) {
    this.#options = options;
    this.#shares = new CounterShares(options.mostOfOne);
  }

  /** Takes over what earlier processes wrote down. */
  load(balances: Iterable<Balance>): void {
    for (const { budget, scope, unit, until = never, usedMicros } of balances) {
      const name = nameOf({ budget, scope, unit, until });
      const known = this.#accounts.get(name);
      const account = { name, budget, unit, scope, until, usedMicros, open: 0, usedAt: 0 };
      if (known === undefined || known.until < until) this.#accounts.set(name, account);
      else if (known.until === until) known.usedMicros += usedMicros;
    }
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** The account that a call would be charged to now; it counts once something is reserved. Throws what `readTotal` does. */
  find(limit: BudgetLimit, scope: string, { now, owner }: { now: number; owner?: string }): Account {
    const { window, zone, id: budget, unit } = limit;
    const name = nameFor(limit, scope);
    const known = this.#accounts.get(name);
    if (known !== undefined && now < known.until) return known;
    const isTotal = window === 'total';
    const stretch: Stretch = isTotal ? { start: 0, end: never } : periodAt(now, window, zone);
    const usedMicros = isTotal ? this.#options.readTotal({ budget, unit, scope }) : 0n;
    return { name, budget, unit, scope, until: stretch.end, owner, usedMicros, open: 0, usedAt: now };
  }

  /** Whether there is room for it: `full` for nobody's, `share` for no more of this owner. */
  roomFor(account: Account): Room {
    if (this.#accounts.has(account.name)) return 'yes';
    if (this.#accounts.size >= this.#options.most) return 'full';
    return account.owner === undefined || this.#shares.hasRoom(account.owner) ? 'yes' : 'share';
  }

  /** Reserves without looking at what is left: the caller has looked, in the same turn. */
  reserve(account: Account, entry: { readonly micros: bigint; readonly now: number }): Charge {
    const { name } = account;
    const before = this.#accounts.get(name);
    if (before !== account) {
      if (before?.owner !== undefined) this.#shares.remove(before.owner);
      if (account.owner !== undefined) this.#shares.add(account.owner);
      this.#accounts.set(name, account);
    }
    account.usedMicros += entry.micros;
    account.open += 1;
    account.usedAt = entry.now;
    const { budget, unit, scope, until } = account;
    const reservedMicros = entry.micros;
    if (until === never) return { budget, scope, unit, reservedMicros };
    return { budget, scope, unit, reservedMicros, until };
  }

  /** Replaces a reservation by what was spent; nothing happens to a stretch that is over. */
  settle({ budget, scope, unit, reservedMicros, until = never }: Charge, spentMicros: bigint): void {
    const account = this.#accounts.get(nameOf({ budget, scope, unit, until }));
    if (account === undefined || account.until !== until) return;
    account.usedMicros += spentMicros - reservedMicros;
    account.open -= 1;
  }

  /** Drops what is over; the caller does so now and then. */
  sweep(now: number): void {
    for (const account of this.#accounts.values()) if (account.until <= now) this.#drop(account);
  }

  /** Totals that nobody used since `before`, with nothing under way. */
  idleTotals(before: number): Account[] {
    return [...this.#accounts.values()].filter((account) => isIdle(account, before));
  }

  /** Forgets totals that can be read again, of those that are still idle. */
  forget(totals: readonly Account[], before: number): void {
    for (const account of totals) if (isIdle(account, before)) this.#drop(account);
  }

  #drop(account: Account): void {
    if (this.#accounts.get(account.name) !== account) return;
    this.#accounts.delete(account.name);
    if (account.owner !== undefined) this.#shares.remove(account.owner);
  }
}

function isIdle({ until, open, usedAt }: Account, before: number): boolean {
  return until === never && open === 0 && usedAt <= before;
}

type AccountKey = Pick<Account, 'budget' | 'scope' | 'unit' | 'until'>;

/** What never ends is apart, so that a budget whose window is changed to or from `total` does not stay as it was. */
function nameOf({ budget, scope, unit, until }: AccountKey): string {
  return `${budget}\0${unit}\0${until === never ? 'total' : ''}\0${scope}`;
}

function nameFor({ id, unit, window }: BudgetLimit, scope: string): string {
  return nameOf({ budget: id, scope, unit, until: window === 'total' ? never : 0 });
}
