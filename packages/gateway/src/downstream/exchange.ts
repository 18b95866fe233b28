import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';

/** Progress is dropped, not kept, for a client that reads slower than its server talks. */
export const mostUnreadBytes = 1_048_576;

/** One request on its way through a face, as the methods see it. */
export interface Exchange {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  /** The upstream of `/mcp/{upstream}`; absent where all upstreams are meant. */
  readonly endpoint?: string | undefined;
  /** Whether messages can precede the reply. */
  readonly canNotify: boolean;
  /** Sends one JSON-RPC notification before the reply; after the reply it does nothing. */
  notify(message: string): void;
  /** Aborts when the caller gives up. A method that takes time asks for it once. */
  signal(): CancelSignal;
}
