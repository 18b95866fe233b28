import type { HoldState, Vote } from './hold.js';
import type { ShownText } from './shown-text.js';

/**
 * What a person is shown of a held call, the same on every surface and in this order: what the gateway knows, every
 * argument, what others say and nobody vouches for, and what is needed for a yes. All text is safe to show.
 */
export interface ApprovalView {
  readonly id: string;
  /** What an answer is for; it goes back with the answer. */
  readonly bind: string;
  readonly state: HoldState;
  /** RFC 3339, UTC, as all times here. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly decidedAt?: string | undefined;
  /** What the gateway itself knows. */
  readonly facts: readonly ViewFact[];
  readonly arguments: readonly ViewArgument[];
  /** The call that `arguments` are compared with: the last of this tool by this caller that a person approved. */
  readonly comparedWith?: { readonly id: string; readonly at: string } | undefined;
  /** Provided by the upstream, not verified. */
  readonly claims: readonly ViewClaim[];
  readonly history: CallerHistory;
  readonly needs: ViewNeeds;
  readonly votes: readonly ViewVote[];
}

export type FactName =
  | 'caller'
  | 'credential'
  | 'owner'
  | 'target'
  | 'method'
  | 'upstream'
  | 'address'
  | 'uses'
  | 'confirmed'
  | 'rule'
  | 'reason'
  | 'cost'
  | 'said';

export interface ViewFact {
  readonly name: FactName;
  /** For people: `Caller`. */
  readonly label: string;
  readonly text: ShownText;
}

export interface ViewClaim {
  readonly label: string;
  readonly text: ShownText;
}

/** One value of the arguments. */
export interface ViewArgument {
  /** The names that lead to it, as `to.iban` or `lines[0].sum`; of all arguments together it is empty. */
  readonly path: ShownText;
  /** What the schema calls it; provided by the upstream. */
  readonly title?: ShownText | undefined;
  readonly type: 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object';
  /** A text as it is, everything else as JSON; absent where the call had it before and has it no more. */
  readonly value?: ShownText | undefined;
  /** Against the call that is compared with; absent where there is none. */
  readonly change?: 'same' | 'changed' | 'new' | 'gone' | undefined;
  /** Where it changed or is gone. */
  readonly before?: ShownText | undefined;
  /** What `before` was of, where that is another type. */
  readonly beforeType?: ViewArgument['type'] | undefined;
}

/** What the caller did lately. */
export interface CallerHistory {
  /** Holds of the last 30 days. */
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
  /** Newest first. */
  readonly calls: readonly ViewCall[];
}

export interface ViewCall {
  readonly at: string;
  readonly target: ShownText;
  /** `allow`, `ask`, `deny` or `hide`. */
  readonly effect: string;
}

export interface ViewNeeds {
  /** How many different people must say yes, and how many have. */
  readonly quorum: number;
  readonly given: number;
  readonly noteRequired: boolean;
  /** The credential must come with the answer. */
  readonly stepUp: boolean;
  /** Of each of these lists of names, roles and groups the approver needs one. */
  readonly approvers: readonly (readonly string[])[];
  /** SHA-256 of each long value, which whoever approves must have opened. */
  readonly open: readonly string[];
}

export interface ViewVote {
  readonly by: ShownText;
  readonly verdict: Vote['verdict'];
  readonly channel: string;
  readonly at: string;
  readonly note?: ShownText | undefined;
}
