import type { Principal } from '../model/principal.js';

/** Who a token names; undefined when it is none of the authenticator's. */
export type Identity = Principal | undefined;

/** One way to prove who calls. */
export interface Authenticator {
  readonly name: string;
  /**
   * Who presented the token; undefined when it is none of this authenticator's, so that the next may look. Whatever
   * it throws or rejects with means that the caller is refused. A promise is for what must be fetched first: what is
   * known already is answered at once.
   */
  authenticate(token: string): Identity | Promise<Identity>;
}
