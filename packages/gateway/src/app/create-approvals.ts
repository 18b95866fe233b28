import { ApprovalDesk } from '../approvals/approval-desk.js';
import type { DeskSettings } from '../approvals/desk-deps.js';
import { StandingDesk } from '../approvals/standing-desk.js';
import type { Trail } from '../audit/trail.js';
import type { Clock } from '../lib/clock.js';
import type { Layer } from '../model/api-layer.js';
import type { Log } from '../model/log.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { voterNow } from './voter-now.js';

export interface ApprovalParts {
  readonly store: Store;
  readonly trail: Pick<Trail, 'write' | 'note'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The one in force. */
  readonly config: () => EffectiveConfig;
  /** What was made over REST, as far as that is in force. */
  readonly layer: () => Layer;
}

/** The desk over the holds of a store, with the terms of the configuration in force. */
export function createApprovals({ store, trail, config, layer, ...rest }: ApprovalParts): ApprovalDesk {
  return new ApprovalDesk({
    ...rest,
    table: store.holds,
    record: (type, members) => trail.write(type, members),
    settings: () => deskSettingsOf(config()),
    voterNow: voterNow({ store, clock: rest.clock, config }),
    standing: createStanding({ store, trail, clock: rest.clock }),
    requireLatestPolicy() {
      if (store.layer.changes() !== layer().changes)
        throw new Error('another gateway has changed the policy, which is not in force here yet');
    },
  });
}

/** Where a yes is given beforehand, over the same store. */
export function createStanding({
  store,
  trail,
  clock,
}: Pick<ApprovalParts, 'store' | 'trail' | 'clock'>): StandingDesk {
  return new StandingDesk({
    table: store.standing,
    clock,
    record: (type, members) => trail.write(type, members),
  });
}

function deskSettingsOf({ approvals }: EffectiveConfig): DeskSettings {
  const { mode, onApprove, quorum, noteRequired, stepUp, perCaller, perTenant, approvers } = approvals;
  return {
    perCaller,
    perTenant,
    usableMs: approvals.usableSeconds * 1000,
    keptMs: approvals.keepDays * 24 * 3_600_000,
    resultKeptMs: approvals.keepResultHours * 3_600_000,
    terms: {
      mode,
      onApprove,
      waitMs: approvals.waitSeconds * 1000,
      expiresMs: approvals.expiresSeconds * 1000,
      approvers: approvers === undefined ? [] : [approvers],
      quorum,
      noteRequired,
      stepUp,
    },
  };
}
