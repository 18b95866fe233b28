import type { CancelSignal } from './cancel-signal.js';
import type { JsonObjectText } from './json.js';
import type { Principal } from './principal.js';

/** Protocol revision a client speaks, for example `2025-11-25`; 2026-07-28 and later are modern, the rest legacy. */
export type Revision = '2024-11-05' | '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28';

/** How the request reached us. */
export interface Arrival {
  readonly transport: 'http' | 'stdio' | 'rest';
  readonly revision: Revision;
  /** The id of the MCP session of a legacy client, where it has one. */
  readonly session?: string;
  /** Address of the peer, for the record. */
  readonly source?: string;
}

/** One governed call, built by a face and never changed afterwards: a changed call is a new call. */
export interface Call {
  /** UUID version 7; the decision id that callers and records quote. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: 'tools/call';
  readonly principal: Principal;
  readonly arrival: Arrival;
  /** The upstream whose endpoint was used (`/mcp/{upstream}`); absent at the endpoint of all upstreams. */
  readonly endpoint?: string | undefined;
  /** The name as the caller wrote it. */
  readonly target: string;
  /** The arguments, absent when the caller sent none. */
  readonly args?: JsonObjectText | undefined;
  /** Members of the caller's `_meta` that are end to end (trace context, vendor keys), as raw JSON text by name. */
  readonly meta: ReadonlyMap<string, string>;
  /** Values of the caller's `Mcp-Param-*` headers are checked by the face; upstream headers are computed anew. */
  readonly signal: CancelSignal;
  /** Receives the params (raw JSON text) of each progress notification, when the caller asked for progress. */
  readonly onProgress?: ((params: string) => void) | undefined;
}
