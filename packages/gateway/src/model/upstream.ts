import type { CancelSignal } from './cancel-signal.js';
import type { Ask, Client, UnaskedQuestions } from './client.js';
import type { JsonObjectText } from './json.js';
import type { Principal } from './principal.js';
import type { RemoteError } from './remote-error.js';
import type { Secret } from './secret.js';
import type { Target } from './target.js';

/** The state of one upstream, as lists, readiness and people see it. */
export interface UpstreamStatus {
  readonly id: string;
  /** What is spoken with it, which may be `sse` where `http` was tried first. */
  readonly transport: 'stdio' | 'http' | 'sse';
  readonly state: 'starting' | 'up' | 'down' | 'stopped';
  /** It ended for want of calls, and the next call starts it: its state is `up` all the same. */
  readonly asleep?: boolean;
  /** Protocol revision spoken with it, once known. */
  readonly revision?: string;
  readonly era?: 'legacy' | 'modern';
  /** Of the connection that lists. */
  readonly pid?: number;
  readonly tools: number;
  readonly restarts: number;
  /** Sessions of callers besides the connection that lists. */
  readonly sessions: number;
  /** Milliseconds since the epoch. */
  readonly lastCallAt?: number;
  /** Why it is down, in a sentence without secrets. */
  readonly reason?: string;
  /** Milliseconds since the epoch of the last change of state. */
  readonly since: number;
}

/** One connection to an upstream, as people see it. */
export interface ConnectionStatus {
  readonly role: 'main' | 'session';
  readonly pid?: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly lastCallAt?: number;
  /** Of the child and its descendants, where the platform tells. */
  readonly memoryBytes?: number;
  /** Why it is alive, in a few words without secrets. */
  readonly why: string;
}

export interface UpstreamDetails extends UpstreamStatus {
  readonly connections: readonly ConnectionStatus[];
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
  readonly argumentsText?: string | undefined;
  /** The arguments' value, from which `Mcp-Param-*` headers are computed. */
  readonly args?: JsonObjectText | undefined;
  /** Further members of `params` as raw JSON text by name. */
  readonly more?: ReadonlyMap<string, string> | undefined;
  readonly meta: ReadonlyMap<string, string>;
  readonly credential: AttachedCredential;
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
  readonly onProgress?: ((params: string) => void) | undefined;
  readonly onNotification?: ((method: string, params: string) => void) | undefined;
  /** Answers what the upstream asks its client meanwhile; governed already. Without it the upstream hears that nobody can. */
  readonly ask?: Ask | undefined;
  /** Hears of what the upstream asks although nobody can be asked. */
  readonly unasked?: UnaskedQuestions | undefined;
}

export type UpstreamReply =
  | { readonly kind: 'result'; readonly result: JsonObjectText }
  | { readonly kind: 'error'; readonly error: RemoteError };

/** Why a request to an upstream got no answer. */
export class UpstreamFailure extends Error {
  /** `full`: as many sessions are open, or as many calls wait for one, as may be; the message is fit for the caller. */
  readonly kind: 'unavailable' | 'timeout' | 'cancelled' | 'malformed' | 'full';
  /** Whether any byte of the request may have reached the upstream. */
  readonly sent: boolean;

  constructor(kind: UpstreamFailure['kind'], message: string, sent: boolean) {
    super(message);
    this.name = 'UpstreamFailure';
    this.kind = kind;
    this.sent = sent;
  }
}
