export type AuthenticationFault = 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked' | 'throttled';

/** Why nobody was identified: for the record. A caller is told only to authenticate, and when to try again. */
export class AuthenticationFailure extends Error {
  readonly reason: AuthenticationFault;
  /** Set for `throttled` only. */
  readonly retryAfterSeconds: number | undefined;
  /** The credential in question, where it is one of ours: `key:<id>`. */
  readonly credential: string | undefined;

  constructor(reason: AuthenticationFault, more: { retryAfterSeconds?: number; credential?: string } = {}) {
    super(`not authenticated: ${reason}`);
    this.name = 'AuthenticationFailure';
    this.reason = reason;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.credential = more.credential;
  }
}
