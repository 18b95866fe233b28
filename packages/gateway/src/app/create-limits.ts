import { type Clock, elapsedMs } from '../lib/clock.js';
import { Limits } from '../limits/limits.js';
import type { Store } from '../store/open-store.js';

/** The limits of a gateway, which go on where the records of the store say that they were. */
export function createLimits(store: Store, clock: Clock): Limits {
  const limits = new Limits({
    clock,
    elapsed: elapsedMs,
    readTotal: (counter) => store.ledger.totalOf(counter),
    whenReadable: () => store.journal.drained(),
  });
  limits.load(store.ledger.balances(clock.now()));
  return limits;
}
