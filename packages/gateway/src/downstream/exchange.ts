import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';
import type { Conversation } from './conversation.js';

/** Progress is dropped, not kept, for a client that reads slower than its server talks. */
export const mostUnreadBytes = 1_048_576;

/** One request on its way through a face, as the methods see it. */
export interface Exchange {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly era: Era;
  /** The upstream of `/mcp/{upstream}`, or `t/NAME` for a toolset; absent where all upstreams are meant. */
  readonly endpoint?: string | undefined;
  /** Whether messages can precede the reply. */
  readonly canNotify: boolean;
  /** What the client behind the request declared. */
  readonly client: Client;
  /** Asks the client itself, by a JSON-RPC request; absent where it cannot be asked anything before the reply. */
  readonly ask?: Ask | undefined;
  /** What is kept of a legacy client between its requests; absent for modern clients and those without a session. */
  readonly conversation?: Conversation | undefined;
  /** Sends one JSON-RPC notification before the reply; after the reply it does nothing. */
  notify(message: string): void;
  /** Aborts when the caller gives up. A method that takes time asks for it once. */
  signal(): CancelSignal;
  /** Whether nobody would read the reply if it came now. */
  isGone?(): boolean;
  /**
   * Says that the reply comes only when one side has enough of what is said before it: `end` asks for it when the face
   * has. False where too many such exchanges are open.
   */
  stayOpen?(end: () => void): boolean;
}
