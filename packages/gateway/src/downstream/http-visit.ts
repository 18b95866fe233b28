import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../model/principal.js';

/** One HTTP request of a known caller to a known endpoint. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  /** Address of the peer. */
  readonly source: string;
  /** The upstream of `/mcp/{upstream}`. */
  readonly endpoint: string | undefined;
}
