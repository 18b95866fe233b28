import type { Trail } from '../audit/trail.js';
import type { LiveTokens } from '../identity/live-tokens.js';
import type { SessionDesk } from '../identity/session-desk.js';
import { type Clock, elapsedMs } from '../lib/clock.js';
import { KillSwitches } from '../limits/kill-switches.js';
import { Limits } from '../limits/limits.js';
import { WaitingLine } from '../limits/waiting-line.js';
import type { Log } from '../model/log.js';
import type { House } from '../pipeline/house.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { currentCaller } from './current-caller.js';
import { callerInSession } from './session-entry.js';

export interface GuardParts {
  readonly store: Store;
  readonly trail: Pick<Trail, 'write'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface CallerParts {
  readonly config: () => EffectiveConfig;
  readonly liveTokens: LiveTokens;
  readonly sessions: SessionDesk;
}

/** What calls are counted by and stopped by. */
export interface Guards extends Pick<House, 'line' | 'isCurrent'> {
  readonly limits: Limits;
  readonly kills: KillSwitches;
}

/** The guards of a gateway. Limits go on where the records of the store say that they were. */
export function createGuards(parts: GuardParts & CallerParts, atStart: EffectiveConfig): Guards {
  const { store, clock, sessions } = parts;
  const callerNow = callerInSession(currentCaller(parts), sessions);
  const limits = new Limits({
    clock,
    elapsed: elapsedMs,
    readTotal: (counter) => store.ledger.totalOf(counter),
    whenReadable: () => store.journal.drained(),
  });
  limits.load(store.ledger.balances(clock.now()));
  tellOfNeighbours(parts, atStart);
  return {
    limits,
    kills: createKillSwitches(parts),
    line: new WaitingLine(clock),
    isCurrent: (principal) => callerNow(principal, principal.session?.id) !== undefined,
  };
}

/** What is counted in memory is counted by each gateway for itself: operators hear so where that matters. */
function tellOfNeighbours({ store, log }: GuardParts, config: EffectiveConfig): void {
  const hasLimits = config.policy.rules.some(({ limits = [] }) => limits.length > 0);
  if (store.neighbours === 0 || !hasLimits) return;
  const told = 'other gateways use this data directory: each counts budgets and rates for itself';
  log.warn({ others: store.neighbours }, told);
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
