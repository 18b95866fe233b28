import type { Revision } from '../model/call.js';
import type { ConfiguredValue } from '../model/secret.js';

/** How one upstream is reached: one entry of `upstreams` in the configuration, after validation. */
export type UpstreamSpec = StdioSpec | HttpSpec;

export interface StdioSpec extends SpecBasics {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to PATH and locale, which is all a child gets otherwise. Resolved each time the child is started. */
  readonly env: Readonly<Record<string, ConfiguredValue>>;
}

export interface HttpSpec extends SpecBasics {
  readonly kind: 'http';
  readonly url: string;
  /** Resolved for each request; the only headers that do not come from the protocol. */
  readonly headers: Readonly<Record<string, ConfiguredValue>>;
}

interface SpecBasics {
  readonly id: string;
  readonly timeoutMs: number;
  /** How long starting, negotiating and listing tools may take, each. */
  readonly startTimeoutMs: number;
  /** Pins the protocol revision; without it the era is found out by asking. */
  readonly revision?: Revision;
  /** Whether tool names carry this upstream's id; overrides the setting for all upstreams. */
  readonly prefix?: 'auto' | 'always';
  /** Whether arguments that the tool's schema does not name are let through; read by the pipeline. */
  readonly openArguments?: boolean;
}
