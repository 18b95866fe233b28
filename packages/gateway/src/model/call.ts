import type { Attempt } from './attempt.js';
import type { CancelSignal } from './cancel-signal.js';
import type { Ask, Client } from './client.js';
import type { JsonObjectText } from './json.js';
import type { Principal } from './principal.js';
import type { TargetKind } from './target.js';
import type { TaskRef } from './task.js';

/** Protocol revision a client speaks, for example `2025-11-25`; 2026-07-28 and later are modern, the rest legacy. */
export type Revision = '2024-11-05' | '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28';

/** How the request reached us. */
export interface Arrival {
  readonly transport: 'http' | 'sse' | 'stdio' | 'rest';
  readonly revision: Revision;
  /** The id of the MCP session of a legacy client, where it has one. */
  readonly session?: string;
  /** Address of the peer, for the record. */
  readonly source?: string;
}

/** Who changed the arguments of a held call before they said yes; their answer is for exactly the changed call. */
export interface Edit {
  /** The hold that this call runs in place of. */
  readonly hold: string;
  readonly by: Principal;
  readonly channel: string;
  readonly note?: string | undefined;
  readonly isFresh?: boolean | undefined;
}

/** How the limit on calls that has the least room stands. */
export interface LimitRoom {
  readonly max: number;
  readonly left: number;
  /** When there will be more. */
  readonly easesInMs: number;
}

/** One governed call, built by a face and never changed afterwards: a changed call is a new call. */
export interface Call {
  /** UUID version 7; the decision id that callers and records quote. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What is asked: a method of callMethods, or one of an extension that the configuration relays. */
  readonly method: string;
  readonly principal: Principal;
  readonly arrival: Arrival;
  /** Under which its caller may ask again; on record with the decision to let it pass. */
  readonly attempt?: Attempt | undefined;
  /** The upstream whose endpoint was used (`/mcp/{upstream}`); absent at the endpoint of all upstreams. */
  readonly endpoint?: string | undefined;
  /** In which namespace `target` is a name. */
  readonly kind: TargetKind;
  /** The name, or for resources the URI, as the caller wrote it. */
  readonly target: string;
  /** What policy and record look at, absent when the caller sent none; for each method see callMethods. */
  readonly args?: JsonObjectText | undefined;
  /** Members of `params` besides the target, `arguments` and `_meta` that go upstream, as raw JSON text by name. */
  readonly more?: ReadonlyMap<string, string> | undefined;
  /** Members of the caller's `_meta` that are end to end (trace context, vendor keys), as raw JSON text by name. */
  readonly meta: ReadonlyMap<string, string>;
  /** Values of the caller's `Mcp-Param-*` headers are checked by the face; upstream headers are computed anew. */
  readonly signal: CancelSignal;
  /** Receives, once there was room in all limits that go with the call, what says how they stand then. */
  readonly onAdmitted?: ((room: () => LimitRoom | undefined) => void) | undefined;
  /** Receives the params (raw JSON text) of each progress notification, when the caller asked for progress. */
  readonly onProgress?: ((params: string) => void) | undefined;
  /** Receives method and params (raw JSON text) of what else the upstream says about this call, as log messages. */
  readonly onNotification?: ((method: string, params: string) => void) | undefined;
  readonly client: Client;
  /** The task that the call is about (taskMethods); `args.taskId` is its id as the caller knows it. */
  readonly task?: TaskRef | undefined;
  /**
   * The id of the hold that this call carries out on behalf of its caller: it uses that one's approval, and opens no
   * other hold.
   */
  readonly carries?: string | undefined;
  /** Absent for a call that runs as its caller made it. */
  readonly edited?: Edit | undefined;
  /** Absent where the caller cannot be asked anything. */
  readonly ask?: Ask | undefined;
}

/**
 * The methods of the protocol that name one target and are governed as calls.
 * `args` is `params.arguments` for tools and prompts; for completions an object of `argument` and `context`; for
 * resources nothing: the URI is the target.
 */
export const callMethods = [
  'tools/call',
  'prompts/get',
  'resources/read',
  'resources/subscribe',
  'completion/complete',
] as const;
