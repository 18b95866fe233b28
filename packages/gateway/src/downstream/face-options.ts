import type { ProtectedResource } from '../identity/challenge.js';
import type { Presented } from '../identity/gatekeeper.js';
import type { Clock } from '../lib/clock.js';
import type { Call } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Client } from '../model/client.js';
import type { JsonValue } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import type { GovernListing } from '../pipeline/govern-listing.js';
import type { TaskHandles } from '../pipeline/task-handles.js';
import type { Origin } from '../upstreams/upstreams.js';
import type { EventLimits } from './event-log.js';
import type { HeldCalls } from './held-calls.js';
import type { ListenStreams } from './listen-streams.js';
import type { QuestionLimits } from './open-questions.js';
import type { ParkedCalls } from './parked-calls.js';
import type { Reply } from './reply.js';

/** What every MCP face needs, whatever its transport. */
export interface FaceOptions {
  readonly govern: GovernCall;
  readonly governListing: GovernListing;
  /** The tool behind an exposed name, whoever asks; the face uses it only to check headers against arguments. */
  readonly locate: (endpoint: string | undefined, exposedName: string) => Tool | undefined;
  /** Whether the caller's list would contain the target. Nothing is recorded. */
  readonly isVisible: (target: Target, principal: Principal) => boolean;
  readonly serverInfo: ServerInfo;
  /** What models are told about using what is offered at an endpoint. */
  readonly instructions?: (endpoint: string | undefined) => string | undefined;
  /** The extensions that are relayed, with the settings under which they are announced. */
  readonly extensions?: () => Readonly<Record<string, JsonValue>>;
  /** Whether the configuration relays a method that the protocol does not have. */
  readonly relays?: (method: string) => boolean;
  /** A definition of an upstream with the URIs by which callers at the endpoint reach what it refers to. */
  readonly rewriteUris?: (origin: Origin, text: string) => string;
  /** A number that grows with any change of what upstreams offer. */
  readonly revision?: () => number;
  /** Most items on one page of a list; 1000 unless set. */
  readonly pageSize?: () => number;
  /** Tells the upstream that a session does not follow a resource any more. Returns at once and never throws. */
  readonly unsubscribe?: (event: Unfollowed) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: FaceRecorder;
  /** Where calls of modern clients wait for answers; without it such clients cannot be asked anything. */
  readonly parked?: Pick<ParkedCalls, 'run'>;
  /** How calls wait for people; without it none does, and its caller is told at once that it is held. */
  readonly held?: HeldCalls;
  /** Held calls as tasks; without it no held call is one. */
  readonly heldTasks?: TaskAnswers;
  /** Reads task ids; without it there are no tasks. */
  readonly tasks?: Pick<TaskHandles, 'open' | 'heldBy'>;
  /** The streams of `subscriptions/listen`; without it there is no such method. */
  readonly listens?: Pick<ListenStreams, 'listen'>;
  /** Tells clients what belongs to none of their requests; without it they hear nothing of the kind. */
  readonly hub?: Hub;
  readonly questions?: Partial<QuestionLimits>;
  /** A legacy client is gone for good, and with it whatever was kept for it alone. */
  readonly sessionEnded?: (event: SessionEnded) => void;
  /** A legacy client has other roots than before. */
  readonly rootsChanged?: (event: ClientEvent) => void;
}

/** Answers requests about tasks of the gateway's own, which policy has let pass; undefined for one that is gone. */
export interface TaskAnswers {
  answer(call: Call): Reply | Promise<Reply> | undefined;
  /** How the task stands, as JSON text. */
  stateText(call: Call): string | undefined;
}

/** Something about a legacy client. */
export interface ClientEvent {
  readonly principal: Principal;
  /** The id of its MCP session; over stdio there is one. */
  readonly session?: string;
  readonly endpoint?: string | undefined;
  readonly client: Client;
}

export interface SessionEnded extends ClientEvent {
  /** URIs of the resources whose changes it wanted to hear of. */
  readonly followed: readonly string[];
}

/** Where streams of clients join to hear what belongs to no request. */
export interface Hub {
  /** Returns the function that leaves again. */
  join(listener: HubListener): () => void;
}

export interface HubListener {
  readonly principal: Principal;
  readonly session?: string;
  readonly endpoint: string | undefined;
  /** Whether the client wants this notification, given its params as JSON text. */
  wants(method: string, params: string): boolean;
  /** Takes the whole JSON-RPC message. */
  deliver(message: string): void;
}

/** A resource that a legacy client hears of no more. */
export interface Unfollowed extends ClientEvent {
  readonly uri: string;
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
  /** Says who calls; throws or rejects with AuthenticationFailure to refuse. */
  readonly identify: (presented: Presented) => Principal | Promise<Principal>;
  /** Present where tokens of other issuers are accepted. */
  readonly resource?: () => ProtectedResource | undefined;
  /** Whether `/mcp/{name}` exists. */
  readonly knowsEndpoint: (name: string) => boolean;
  /** False while draining: requests are answered 503, but calls under way can still be cancelled. */
  readonly accepting: () => boolean;
  /** Default 4 MiB. */
  readonly maxBodyBytes?: number;
  readonly sessions?: Partial<SessionLimits>;
  readonly streams?: Partial<StreamLimits>;
  readonly events?: Partial<EventLimits>;
  /** Aborts when the gateway stops: streams that wait for news end, so that their connections can. */
  readonly stopping?: CancelSignal;
}

export interface StreamLimits {
  /** Each stream holds a connection, and the listener has only so many. */
  readonly perPrincipal: number;
  readonly total: number;
  /** How often the credential that opened a stream is looked at again: a revoked one is cut off after so long. */
  readonly recheckMs: number;
}

export interface SessionLimits {
  /** A session that was not used for so long is gone. */
  readonly idleMs: number;
  /** Beyond it the principal's own least recently used session ends. */
  readonly perPrincipal: number;
  /** Beyond it new sessions are refused. */
  readonly total: number;
}
