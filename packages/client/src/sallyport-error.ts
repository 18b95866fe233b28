/** The gateway answered with an error, or with something that is not an answer of a gateway. */
export class SallyportError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** The code of the problem document, or that of the JSON-RPC error; `invalid_reply` when it was neither. */
  readonly code: string | number;
  /** What the gateway says went wrong, in a sentence. */
  readonly detail: string;
  /** What to quote when asking the operator about this request. */
  readonly requestId: string | undefined;
  /** Every place that is wrong with what was sent, where the gateway names some. */
  readonly errors: readonly WrongPlace[];
  /** The request was sent before and that answer was lost: what the gateway says no to may be done already. */
  readonly mayBeDone: boolean;

  constructor(facts: SallyportErrorFacts) {
    super(`${facts.detail} (${facts.code}, HTTP ${facts.status})`);
    this.name = 'SallyportError';
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.requestId = facts.requestId;
    this.errors = facts.errors ?? [];
    this.mayBeDone = facts.mayBeDone ?? false;
  }
}

/**
 * What was asked under an `idempotencyKey` was let pass, and is not done again: its answer is gone. The audit trail has
 * the record.
 */
export class AnswerLost extends SallyportError {
  /** The call that was let pass. */
  readonly decisionId: string | undefined;
  /** What became of it, as far as anybody knows. */
  readonly outcome: string | undefined;
  /** The payment that was made. */
  readonly authorizationId: string | undefined;

  constructor(facts: SallyportErrorFacts, { decisionId, outcome, authorizationId }: LostFacts) {
    super(facts);
    this.name = 'AnswerLost';
    this.decisionId = decisionId;
    this.outcome = outcome;
    this.authorizationId = authorizationId;
  }
}

export interface LostFacts {
  readonly decisionId?: string | undefined;
  readonly outcome?: string | undefined;
  readonly authorizationId?: string | undefined;
}

export interface SallyportErrorFacts {
  readonly status: number;
  readonly code: string | number;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly errors?: readonly WrongPlace[];
  readonly mayBeDone?: boolean;
}

/** A place in what was sent, and what is wrong with it. */
export interface WrongPlace {
  readonly path: string;
  readonly detail: string;
  readonly found?: string;
  readonly expected?: string;
}

/**
 * The gateway said no to a call or a payment and says why; the tool did not run, unless the code is about its result or
 * its time.
 */
export class Refused extends Error {
  /** One of the codes in docs/errors/, for example `denied`. */
  readonly code: string;
  /** The rule that refused, where one did and it may be told. */
  readonly rule: string | undefined;
  /** Seconds after which the same call may succeed; absent when repeating does not help. */
  readonly retryAfterSeconds: number | undefined;
  /** The id under which the audit trail keeps this decision. */
  readonly decisionId: string | undefined;
  /** How the limit or budget stands that refused, where one did. */
  readonly limit: LimitStanding | undefined;
  /** What to quote when asking the operator about this request. */
  readonly requestId: string | undefined;

  constructor(message: string, facts: RefusedFacts) {
    super(message);
    this.name = new.target.name;
    this.code = facts.code;
    this.rule = facts.rule;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.decisionId = facts.decisionId;
    this.limit = facts.limit;
    this.requestId = facts.requestId;
  }
}

export interface RefusedFacts {
  readonly code: string;
  readonly rule?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly decisionId?: string | undefined;
  readonly limit?: LimitStanding | undefined;
  readonly requestId?: string | undefined;
}

/** Numbers of calls, or for a budget decimal text. */
export interface LimitStanding {
  readonly id: string;
  readonly max: number | string;
  readonly left: number | string;
  /** Of a budget. */
  readonly unit?: string;
  /** When there is room again, or the budget begins anew; absent where never. */
  readonly resetsAt?: Date;
}

/** A rule, or a person whom a rule made the gateway ask, said no. */
export class PolicyDenied extends Refused {}

/** The money is spent: of a session, or of a budget of the rules. */
export class BudgetExhausted extends Refused {}

/** Too fast, too many at once, or the same again; `retryAfterSeconds` says how long to wait where that helps. */
export class RateLimited extends Refused {}

/** The session is over, was revoked or was never there. */
export class SessionInvalid extends Refused {}

/** An operator has stopped such calls. */
export class Stopped extends Refused {}

/** A person must say yes first. Nothing was sent: make exactly the same call again later, and it runs once it is approved. */
export class ApprovalPending extends Refused {
  /** Names the held call in `/v1/approvals`. */
  readonly approvalId: string;

  constructor(message: string, facts: RefusedFacts & { readonly approvalId: string }) {
    super(message, facts);
    this.approvalId = facts.approvalId;
  }
}

/** Which class says what; all other codes are `Refused` itself. */
const classes: Readonly<Record<string, typeof Refused>> = {
  denied: PolicyDenied,
  approval_denied: PolicyDenied,
  approval_expired: PolicyDenied,
  scope_missing: PolicyDenied,
  budget_exhausted: BudgetExhausted,
  rate_limited: RateLimited,
  concurrency_limited: RateLimited,
  repeated_call: RateLimited,
  session_invalid: SessionInvalid,
  kill_switch: Stopped,
};

/** Whether a code says who refused, whatever was asked. */
export function isRefusalCode(code: string): boolean {
  return Object.hasOwn(classes, code);
}

/** The error of what was refused, by its code. */
export function refusedBy(message: string, facts: RefusedFacts): Refused {
  return new (classes[facts.code] ?? Refused)(message, facts);
}
