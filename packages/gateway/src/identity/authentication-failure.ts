/** `unavailable` is no fault of the caller: what is needed to judge the credential cannot be had. */
export type AuthenticationFault =
  | 'missing'
  | 'malformed'
  | 'unknown'
  | 'not_yet_valid'
  | 'expired'
  | 'revoked'
  | 'throttled'
  | 'unavailable';

interface FailureDetails {
  readonly retryAfterSeconds?: number | undefined;
  readonly underlying?: AuthenticationFault | undefined;
  readonly credential?: string | undefined;
  readonly detail?: string | undefined;
}

/** Why nobody was identified: for the record. A caller is told only to authenticate, and when to try again. */
export class AuthenticationFailure extends Error {
  readonly reason: AuthenticationFault;
  /** Set for `throttled` only. */
  readonly retryAfterSeconds: number | undefined;
  /** For `throttled`: what was wrong with the credential itself. */
  readonly underlying: AuthenticationFault | undefined;
  /** The credential in question, where it is one of ours: `key:<id>`. */
  readonly credential: string | undefined;
  /** What exactly is wrong, for the record. */
  readonly detail: string | undefined;

  constructor(reason: AuthenticationFault, more: FailureDetails = {}) {
    super(`not authenticated: ${reason}`);
    this.name = 'AuthenticationFailure';
    this.reason = reason;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.underlying = more.underlying;
    this.credential = more.credential;
    this.detail = more.detail;
  }
}
