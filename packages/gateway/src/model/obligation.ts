/** What a limit counts apart: calls that differ in any of these have counters of their own. Empty: one for everybody. */
export type LimitKey =
  | 'principal'
  | 'credential'
  | 'session'
  | 'tenant'
  | 'upstream'
  | 'target'
  /** The value of an argument, given as the names that lead to it: `arg:customer.id`. */
  | `arg:${string}`;

interface LimitBasics {
  /** Names the limit in refusals and records; limits of equal id share their counters, whichever rule brings them. */
  readonly id: string;
  readonly per: readonly LimitKey[];
}

/** How often: at most `max` calls in `windowMs`. */
export interface RateLimit extends LimitBasics {
  readonly kind: 'rate';
  readonly max: number;
  readonly windowMs: number;
  /**
   * `sliding`: in any stretch of that length. `fixed`: in stretches that begin at the clock's multiples, and for whole
   * days at midnight in `zone`. `bucket`: `max` at once, refilled evenly over the window.
   */
  readonly algorithm: 'sliding' | 'fixed' | 'bucket';
  /** IANA zone of fixed windows; default UTC. */
  readonly zone?: string;
  /** How long a call may wait for its turn instead of being refused; absent: not at all. */
  readonly queueMs?: number;
}

/** The same call again and again: at most `max` calls with equal target and arguments in `windowMs`. */
export interface RepeatLimit extends LimitBasics {
  readonly kind: 'repeat';
  readonly max: number;
  readonly windowMs: number;
}

/** How many at once: at most `max` calls in progress. */
export interface ConcurrencyLimit extends LimitBasics {
  readonly kind: 'concurrency';
  readonly max: number;
}

/** How much: the sum of what calls cost, in micro-units (1 unit = 1,000,000), stays at or under `maxMicros`. */
export interface BudgetLimit extends LimitBasics {
  readonly kind: 'budget';
  readonly maxMicros: bigint;
  /** What is counted: money as ISO 4217 code (`USD`), or a name of the operator's own (`rows`). */
  readonly unit: string;
  readonly cost: CostSource;
  /** `total` never begins anew. Weeks are not offered: they begin on different days. */
  readonly window: 'total' | 'minute' | 'hour' | 'day' | 'month';
  /** IANA zone in which days and months begin; default UTC. */
  readonly zone?: string;
  /** After which ends the reservation is given back; a call that provably never left always is. */
  readonly refundOn: readonly ('rpc_error' | 'tool_error')[];
}

export type CostSource =
  | { readonly kind: 'fixed'; readonly micros: bigint }
  /**
   * What the configuration's prices say; a call without a price costs nothing. With `plus`, and the amount at this place
   * in the arguments where there is one.
   */
  | { readonly kind: 'price'; readonly plus?: readonly string[] }
  /**
   * A number, or decimal text, at this place in the arguments (the names that lead to it). Anything else refuses the call;
   * with `optional` a call without it costs nothing.
   */
  | { readonly kind: 'argument'; readonly path: readonly string[]; readonly optional?: boolean }
  /** Known only afterwards: `reserveMicros` is held meanwhile. */
  | { readonly kind: 'result'; readonly path: readonly string[]; readonly reserveMicros: bigint };

export type Limit = RateLimit | RepeatLimit | ConcurrencyLimit | BudgetLimit;

/** How a person is to be asked, as far as a rule says; what it leaves out comes from the configuration. */
export interface ApprovalTerms {
  readonly mode?: 'wait' | 'hold' | 'wait-then-hold';
  readonly onApprove?: 'release' | 'execute';
  readonly waitMs?: number;
  readonly expiresMs?: number;
  /** Roles or groups of which the approver needs one. */
  readonly approvers?: readonly string[];
  /** How many different people must say yes. */
  readonly quorum?: number;
  readonly noteRequired?: boolean;
  /** The credential must come with the answer itself: being signed in is not enough. */
  readonly stepUp?: boolean;
}

/** One rule that wants a person to be asked. */
export interface WantedApproval extends ApprovalTerms {
  /** The id of the rule. */
  readonly rule: string;
  /** The rule's sentence for the person. */
  readonly reason?: string;
}

/** One rule that wants the caller's own user to confirm the call, which approves nothing. */
export interface WantedConfirmation {
  /** The id of the rule. */
  readonly rule: string;
  /** The rule's sentence for the user. */
  readonly reason?: string;
}

/** What goes with a decision: everything that any matching rule asks for. */
export interface Obligations {
  readonly limits: readonly Limit[];
  /** Absent where nobody has to be asked; where several rules want it, the terms of each must be kept. */
  readonly approvals?: readonly WantedApproval[];
  /** Absent where the caller's own user need not confirm the call. */
  readonly confirmations?: readonly WantedConfirmation[];
}
