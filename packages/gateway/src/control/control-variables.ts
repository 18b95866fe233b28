import type { IncomingMessage } from 'node:http';

/** What a route knows about its request. */
export interface ControlVariables {
  Bindings: { incoming: IncomingMessage };
  /** `signIn`: what somebody is signed in with, who shows no credential of their own. */
  Variables: { requestId: string; signIn?: string };
}
