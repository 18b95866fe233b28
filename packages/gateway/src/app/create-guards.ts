import type { Trail } from '../audit/trail.js';
import { type Clock, elapsedMs } from '../lib/clock.js';
import { KillSwitches } from '../limits/kill-switches.js';
import { Limits } from '../limits/limits.js';
import { WaitingLine } from '../limits/waiting-line.js';
import type { Log } from '../model/log.js';
import type { House } from '../pipeline/house.js';
import type { Store } from '../store/open-store.js';

export interface GuardParts {
  readonly store: Store;
  readonly trail: Pick<Trail, 'write'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What calls are counted by and stopped by. */
export interface Guards extends Pick<House, 'line'> {
  readonly limits: Limits;
  readonly kills: KillSwitches;
}

/** The guards of a gateway. Limits go on where the records of the store say that they were. */
export function createGuards(parts: GuardParts): Guards {
  const { store, clock } = parts;
  const limits = new Limits({
    clock,
    elapsed: elapsedMs,
    readTotal: (counter) => store.ledger.totalOf(counter),
    whenReadable: () => store.journal.drained(),
  });
  limits.load(store.ledger.balances(clock.now()));
  return { limits, kills: createKillSwitches(parts), line: new WaitingLine(clock) };
}

/** The kill switches of a store. */
export function createKillSwitches({ store, trail, clock, log }: GuardParts): KillSwitches {
  return new KillSwitches({
    table: store.kills,
    clock,
    log,
    record: (type, members) => trail.write(type, members),
  });
}
