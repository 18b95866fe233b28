import type { Hold, HoldFacts, HoldState, Vote } from '../model/hold.js';

/** What is stored of a hold when it is made. */
export interface NewHold extends HoldFacts {
  readonly id: string;
  readonly createdAt: number;
  readonly until: number;
}

export interface HoldFilter {
  readonly tenant: string;
  readonly state?: HoldState | undefined;
  readonly caller?: string | undefined;
  /** The agent that the session is for or, of those without one, the caller. */
  readonly agent?: string | undefined;
  /** The id of the session that they were asked in. */
  readonly session?: string | undefined;
  /** Only holds made before the one of this id; for the next page. */
  readonly before?: string | undefined;
  /** At most this many, newest first. */
  readonly limit: number;
}

/** Why an answer to a hold was not taken. */
export type VoteProblem = 'unknown' | 'decided' | 'expired' | 'changed' | 'voted';

export interface HoldTally {
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
}

/** How many holds may be open at a time. */
export interface HoldCaps {
  readonly perCaller: number;
  readonly perTenant: number;
}

/**
 * Holds, as rows: no timer and no memory per hold, nothing lost with a process. Every change of state is one conditional
 * statement, so of several who try the same only one succeeds, in whichever process.
 */
export interface HoldTable {
  /** The open hold of the same `bind` if there is one, else the new one; `full` where a cap is reached. */
  open(hold: NewHold, caps: HoldCaps): { readonly hold: Hold; readonly joined: boolean } | 'full';
  find(id: string): Hold | undefined;
  /** The one of this bind that is pending, approved and not used, or denied and not over yet. */
  findLatest(bind: string, now: number): Hold | undefined;
  /** Without what is needed to carry them out, which may be long. */
  list(filter: HoldFilter): Hold[];
  count(tenant: string, state: HoldState): number;
  /** The last call of the same target by the same caller that people approved, of those asked for before this one. */
  findApprovedBefore(hold: Hold): Hold | undefined;
  /** How many holds of a caller there are, and what became of them. */
  tally(tenant: string, caller: string): HoldTally;
  /**
   * Takes one answer, and returns the hold as it is with that: with the last approval that is needed, approved until
   * `usableUntil`. Stored it stays pending until `settle`, so that nobody uses a decision that is not on record.
   * Earlier answers that do not count any more are taken out.
   */
  vote(id: string, vote: Vote, seen: SeenHold): Hold | VoteProblem;
  /** Makes a decision count that `vote` returned; false when the hold is not pending any more. */
  settle(decided: Hold): boolean;
  /** Moves a hold on; false when it was not in `from` any more, or its time was over at `now`. */
  move(id: string, step: HoldStep): boolean;
  /** The call `usedBy` provably never left: the approval is there again, for as long as its time goes. */
  giveBack(id: string, usedBy: string): void;
  /**
   * Takes back uses of which there will be no record, for their process ended before it wrote one, and returns those
   * holds. One whose call was changed is over then, for the yes was not to the call as it was asked for.
   */
  releaseUnrecorded(): Hold[];
  /** Ends what is over; returns what it ended, at most `limit` at a time. */
  expire(now: number, limit: number): Hold[];
  /** Ends as stale, likewise, those whose last answer decided them before `before` and that `settle` never came for. */
  expireUnsettled(before: number, limit: number): Hold[];
  /** Removes the results of calls that were made before `before`, at most so many. */
  forgetResults(before: number, limit: number): void;
  /** Removes what ended before `before`, of the oldest holds at most `limit`. */
  purge(before: number, limit: number): void;
  /** The latest of this bind that the gateway carried out after `since`, whose result was not collected. */
  findCarried(bind: string, since: number): Hold | undefined;
  /** Approved holds that the gateway is to carry out, oldest first, made after the one of the id `after`. */
  listToCarry(now: number, page: { readonly limit: number; readonly after?: string | undefined }): Hold[];
  /** Hands the result out, once; undefined while there is none. */
  collect(id: string): string | undefined;
  /** Keeps what an approved call returned, for whoever asked for it. */
  keepResult(id: string, text: string): void;
  resultOf(id: string): string | undefined;
}

export interface HoldStep {
  readonly from: HoldState;
  readonly to: HoldState;
  readonly now: number;
  readonly usedBy?: string | undefined;
  /** The gateway itself makes the call, for its caller to collect the result. */
  readonly carried?: boolean;
}

/** What somebody saw when they answered, and who else counts. */
export interface SeenHold {
  readonly bind: string;
  readonly usableUntil: number;
  /** Whether an answer that was given before still counts; absent: all do. */
  readonly counts?: (earlier: Vote) => boolean;
}
