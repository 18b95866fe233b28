import type { CancelSignal } from './cancel-signal.js';
import type { Ask, Client } from './client.js';
import type { JsonObjectText } from './json.js';
import type { RemoteError } from './outcome.js';
import type { Principal } from './principal.js';
import type { Secret } from './secret.js';
import type { Target } from './target.js';

/** The state of one upstream, as lists, readiness and people see it. */
export interface UpstreamStatus {
  readonly id: string;
  readonly transport: 'stdio' | 'http' | 'sse';
  readonly state: 'starting' | 'up' | 'down' | 'stopped';
  /** Protocol revision spoken with it, once known. */
  readonly revision?: string;
  readonly pid?: number;
  readonly tools: number;
  readonly restarts: number;
  /** Why it is down, in a sentence without secrets. */
  readonly reason?: string;
  /** Milliseconds since the epoch of the last change of state. */
  readonly since: number;
}

/** Header names (as configured) and their resolved values for one call. */
export type AttachedCredential = ReadonlyMap<string, Secret>;

/** One request to be forwarded under a permit. */
export interface ForwardRequest {
  readonly target: Target;
  readonly method: string;
  /** For whom: upstream sessions are never shared between principals. */
  readonly principal: Principal;
  /** The MCP session of a legacy client, where it has one. */
  readonly session?: string | undefined;
  readonly client: Client;
  /** Raw JSON text of `params.arguments`; absent when the caller sent none. */
  readonly argumentsText?: string;
  /** The arguments' value, from which `Mcp-Param-*` headers are computed. */
  readonly args?: JsonObjectText;
  /** Further members of `params` as raw JSON text by name. */
  readonly more?: ReadonlyMap<string, string>;
  readonly meta: ReadonlyMap<string, string>;
  readonly credential: AttachedCredential;
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
  readonly onProgress?: (params: string) => void;
  readonly onNotification?: (method: string, params: string) => void;
  /** Answers what the upstream asks its client meanwhile; governed already. Without it the upstream hears that nobody can. */
  readonly ask?: Ask;
}

export type UpstreamReply =
  | { readonly kind: 'result'; readonly result: JsonObjectText }
  | { readonly kind: 'error'; readonly error: RemoteError };

/** Why a request to an upstream got no answer. */
export class UpstreamFailure extends Error {
  readonly kind: 'unavailable' | 'timeout' | 'cancelled' | 'malformed';
  /** Whether any byte of the request may have reached the upstream. */
  readonly sent: boolean;

  constructor(kind: UpstreamFailure['kind'], message: string, sent: boolean) {
    super(message);
    this.name = 'UpstreamFailure';
    this.kind = kind;
    this.sent = sent;
  }
}
