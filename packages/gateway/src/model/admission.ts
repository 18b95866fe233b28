import type { Principal } from './principal.js';

/** Whom a token of another issuer stood for when it came in. */
export interface Admission {
  readonly principal: Omit<Principal, 'session'>;
  /** When the token ends, in milliseconds since the epoch. */
  readonly until: number;
  /** Digest of what the configuration said of its issuer: said otherwise, the token may stand for somebody else. */
  readonly terms: string;
}
