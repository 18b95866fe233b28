import type { Clock } from '../lib/clock.js';
import type { SettledTerms, Vote } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { HoldCaps, HoldTable } from '../store/hold-table.js';
import type { StandingDesk } from './standing-desk.js';

export interface DeskDeps {
  readonly table: HoldTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the event is durable. */
  readonly record: (type: HoldEvent, members: JsonObject) => Promise<void>;
  readonly settings: () => DeskSettings;
  /** Absent where nobody says yes beforehand. */
  readonly standing?: Pick<StandingDesk, 'use' | 'giveBack' | 'forget'>;
  /**
   * Who gave an answer, as they are now: undefined for somebody whose credential is not good any more, `unknown` where
   * nobody can say.
   */
  readonly voterNow: (vote: Vote, tenant: string) => Principal | undefined | 'unknown';
  /** Throws where another process has changed the policy and that is not in force here yet. */
  readonly requireLatestPolicy: () => void;
}

export type HoldEvent =
  | 'hold.created'
  | 'hold.voted'
  | 'hold.approved'
  | 'hold.denied'
  | 'hold.expired'
  | 'hold.cancelled'
  | 'hold.stale'
  | 'hold.replayed'
  | 'hold.answer_refused';

export interface DeskSettings extends HoldCaps {
  readonly terms: SettledTerms;
  /** How long an approval may be used after it was given. */
  readonly usableMs: number;
  /** How long a hold that is over can still be looked at; the trail keeps what happened to it. */
  readonly keptMs: number;
  /** How long what the gateway's own call returned is kept for its caller to collect, since the decision. */
  readonly resultKeptMs: number;
}
