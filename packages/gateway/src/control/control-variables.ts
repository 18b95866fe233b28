import type { IncomingMessage } from 'node:http';
import type { Principal } from '../model/principal.js';

/** What a route knows about its request. */
export interface ControlVariables {
  Bindings: { incoming: IncomingMessage };
  Variables: { principal: Principal };
}
