import type { Hold } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { DeskDeps, HoldEvent } from './desk-deps.js';

const atOnce = 200;
/** A decision is on record, and then counts, within moments. One that does not yet after so long never will. */
const settledWithinMs = 30_000;

type Tell = (hold: Hold, type: HoldEvent, members: JsonObject) => void;

/** Ends holds whose time is over, and forgets what is kept no longer; a part of each at a time. Never throws. */
export function sweepHolds({ table, clock, settings, log, standing }: DeskDeps, tell: Tell): void {
  const now = clock.now();
  const { keptMs, resultKeptMs } = settings();
  try {
    for (const hold of table.expire(now, atOnce)) tell(hold, 'hold.expired', {});
    for (const hold of table.expireUnsettled(now - settledWithinMs, atOnce))
      tell(hold, 'hold.stale', { detail });
    // Those that can be used again are found by whoever makes the call, or looks for what is to be made.
    for (const hold of table.releaseUnrecorded())
      if (hold.state === 'stale') tell(hold, 'hold.stale', { detail: unmade });
    table.forgetResults(now - resultKeptMs, atOnce);
    table.purge(now - keptMs, atOnce);
    standing?.forget(now - keptMs, atOnce);
  } catch (cause) {
    log.warn({ err: cause }, 'holds whose time is over cannot be ended at the moment');
  }
}

const unmade = 'the process that was to make the changed call ended before it did';
const detail = 'the process that took the answer ended before it was on record, so it does not count';
