import type { Presented } from '../identity/gatekeeper.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import type { GovernListing } from '../pipeline/govern-listing.js';

/** What every MCP face needs, whatever its transport. */
export interface FaceOptions {
  readonly govern: GovernCall;
  readonly governListing: GovernListing;
  /** The tool behind an exposed name, whoever asks; the face uses it only to check headers against arguments. */
  readonly locate: (endpoint: string | undefined, exposedName: string) => Tool | undefined;
  /** Whether the caller's list would contain the target. Nothing is recorded. */
  readonly isVisible: (target: Target, principal: Principal) => boolean;
  readonly serverInfo: ServerInfo;
  readonly instructions?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: FaceRecorder;
}

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
}

/** Where the face reports what never became a call. Returns at once and never throws. */
export interface FaceRecorder {
  authFailed(event: RefusedEntry): void;
  invalid(event: RefusedEntry): void;
}

export interface RefusedEntry {
  /** Address of the peer, or `stdio`. */
  readonly source: string;
  /** A word of a closed set, for example `invalid_message`. */
  readonly reason: string;
  /** Where `reason` is `throttled`: what was wrong with the credential itself. */
  readonly underlying?: string;
  readonly detail?: string;
  readonly principal?: Principal;
  readonly method?: string;
}

export interface HttpFaceOptions extends FaceOptions {
  /** Says who calls; throws AuthenticationFailure to refuse. */
  readonly identify: (presented: Presented) => Principal;
  /** Whether `/mcp/{name}` exists. */
  readonly knowsEndpoint: (name: string) => boolean;
  /** False while draining: requests are answered 503, but calls under way can still be cancelled. */
  readonly accepting: () => boolean;
  /** Default 4 MiB. */
  readonly maxBodyBytes?: number;
  readonly sessions?: Partial<SessionLimits>;
}

export interface SessionLimits {
  /** A session that was not used for so long is gone. */
  readonly idleMs: number;
  /** Beyond it the principal's own least recently used session ends. */
  readonly perPrincipal: number;
  /** Beyond it new sessions are refused. */
  readonly total: number;
}
