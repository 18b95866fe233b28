import type { Principal } from '../model/principal.js';

/** One way to prove who calls. */
export interface Authenticator {
  readonly name: string;
  /**
   * Who presented the token; undefined when it is none of this authenticator's, so that the next may look. Whatever
   * it throws means that the caller is refused.
   */
  authenticate(token: string): Principal | undefined;
}
