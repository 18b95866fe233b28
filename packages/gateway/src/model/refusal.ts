/** The closed list of refusal codes. Each has a page in docs/errors/ (test/docs.test.ts). */
export const refusalCodes = [
  'session_invalid',
  'kill_switch',
  'unknown_target',
  'invalid_arguments',
  'target_changed',
  'rate_limited',
  'concurrency_limited',
  'repeated_call',
  'denied',
  'scope_missing',
  'approval_denied',
  'approval_expired',
  'approval_unavailable',
  'not_confirmed',
  'budget_exhausted',
  'audit_unavailable',
  'credential_unavailable',
  'upstream_unavailable',
  'upstream_timeout',
  'result_blocked',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** How a limit stands that refuses: numbers of calls, or for a budget decimal text. */
export interface LimitState {
  readonly id: string;
  readonly max: number | string;
  readonly left: number | string;
  /** Of a budget. */
  readonly unit?: string;
  /** When there is room again, or the budget begins anew, in milliseconds since the epoch; absent where never. */
  readonly resetsAt?: number;
}

/** A no, with its reason. Thrown by stages, caught by governCall, told to the caller in words it can act on. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** The id of the rule that refused, where a rule did. */
  readonly rule: string | undefined;
  /** Seconds after which the same call may succeed; absent when repeating does not help. */
  readonly retryAfterSeconds: number | undefined;
  /** What is left of the limit that refused, where one did. */
  readonly limit: LimitState | undefined;
  /** For the operator and the record only. */
  readonly detail: string | undefined;
  /** Whether bytes may have reached the upstream: then the outcome is unknown. */
  readonly mayHaveRun: boolean;

  constructor(code: RefusalCode, message: string, more: RefusalDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.rule = more.rule;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.limit = more.limit;
    this.detail = more.detail;
    this.mayHaveRun = more.mayHaveRun ?? false;
  }
}

export interface RefusalDetails {
  readonly rule?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly limit?: LimitState | undefined;
  readonly detail?: string | undefined;
  readonly mayHaveRun?: boolean;
}
