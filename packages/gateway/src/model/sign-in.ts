import type { Principal } from './principal.js';

/** Somebody who is signed in. Times are milliseconds since the epoch. */
export interface SignIn {
  readonly id: string;
  /** As they were when they signed in; what a key or a token may is looked up anew each time. */
  readonly principal: Principal;
  /** The OpenID provider that says so; absent for whoever signed in with a key or a token. */
  readonly issuer?: string | undefined;
  /** What it rests on: a digest of what the configuration said of the provider, or a mark of the token's value. */
  readonly terms?: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly proof?: SignInProof | undefined;
}

/** That they showed who they are once more, for one held call; good for one yes. */
export interface SignInProof {
  readonly hold: string;
  readonly until: number;
}
