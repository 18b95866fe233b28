import type { Revision } from '../model/call.js';
import type { ConfiguredValue } from '../model/secret.js';

/** How one upstream is reached: one entry of `upstreams` in the configuration, after validation. */
export type UpstreamSpec = StdioSpec | HttpSpec | SseSpec;

export interface StdioSpec extends SpecBasics {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to PATH and locale, which is all a child gets otherwise. Resolved each time the child is started. */
  readonly env: Readonly<Record<string, ConfiguredValue>>;
}

/** Streamable HTTP; where the server turns out to speak HTTP+SSE only, that. */
export interface HttpSpec extends SpecBasics, Endpoint {
  readonly kind: 'http';
}

/** HTTP+SSE, the transport of 2024-11-05. */
export interface SseSpec extends SpecBasics, Endpoint {
  readonly kind: 'sse';
}

interface Endpoint {
  readonly url: string;
  /** Resolved for each request; the only headers that do not come from the protocol. */
  readonly headers: Readonly<Record<string, ConfiguredValue>>;
  /**
   * Connections go only to public addresses and to these, whatever the name resolves to; absent: to this machine, too,
   * where the URL names it.
   */
  readonly addresses?: readonly string[];
}

/** Who shares the sessions with a legacy upstream: calls of one principal, of one client session, or all calls. */
export type SessionSharing = 'principal' | 'client' | 'shared';

interface SpecBasics {
  readonly id: string;
  /** Made over REST: its names yield to those of the file's upstreams. */
  readonly guest?: boolean;
  readonly timeoutMs: number;
  /** How long starting, negotiating and listing tools may take, each. */
  readonly startTimeoutMs: number;
  /** Pins the protocol revision; without it the era is found out by asking. */
  readonly revision?: Revision;
  /** Whether tool names carry this upstream's id; overrides the setting for all upstreams. */
  readonly prefix?: 'auto' | 'always';
  /** Whether arguments that the tool's schema does not name are let through; read by the pipeline. */
  readonly openArguments?: boolean;
  /** `principal` unless set. */
  readonly sessions?: SessionSharing;
  /** How long a session without calls is kept; 600,000 unless set. */
  readonly idleMs?: number;
  /** Sessions besides the connection that lists; 64 unless set. */
  readonly maxSessions?: number;
  /** Of these, those of one principal; 16 unless set. */
  readonly maxSessionsPerPrincipal?: number;
  /** Also the connection that lists ends when there were no calls for `idleMs`; the next call starts it. */
  readonly stopWhenIdle?: boolean;
}
