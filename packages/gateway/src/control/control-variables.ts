import type { IncomingMessage } from 'node:http';

/** What a route knows about its request. */
export interface ControlVariables {
  Bindings: { incoming: IncomingMessage };
  Variables: { requestId: string };
}
