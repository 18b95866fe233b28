import type { Trail } from '../audit/trail.js';
import { SessionDesk } from '../identity/session-desk.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface SessionParts {
  readonly store: Pick<Store, 'sessions'>;
  readonly trail: Pick<Trail, 'write'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => EffectiveConfig;
}

/** The sessions of a store, with what the configuration says of them. */
export function createSessions({ store, trail, clock, log, config }: SessionParts): SessionDesk {
  return new SessionDesk({
    table: store.sessions,
    clock,
    log,
    record: (type, members) => trail.write(type, members),
    allowEndless: () => config().sessions.endless,
  });
}
