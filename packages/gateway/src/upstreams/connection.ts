import type { Clock } from '../lib/clock.js';
import type { Revision } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client, UnaskedQuestions } from '../model/client.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { ConfiguredValue } from '../model/secret.js';
import type { Target } from '../model/target.js';
import type { AttachedCredential, UpstreamReply } from '../model/upstream.js';
import type { ListName } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** Makes the connection that a spec asks for; it is not started yet. */
export type Connect = (
  spec: UpstreamSpec,
  deps: ConnectionDeps,
  context: ConnectionContext,
) => Promise<Connection>;

/** One live conversation with an upstream: a child process, or an HTTP endpoint and its session. Used once. */
export interface Connection {
  /** The child's process id, once there is one. */
  readonly pid: number | undefined;
  /** Whether a request is in flight, other than one that lasts as long as the connection. */
  readonly busy: boolean;
  /** Negotiates era and revision. Rejects with UpstreamFailure, ProbeExit, OtherTransport, or a credential's fault. */
  start(): Promise<ServerFacts>;
  /** Sends one request at most once. Rejects with UpstreamFailure, or, without `credential`, with the broker's fault. */
  request(request: OutgoingRequest): Promise<UpstreamReply>;
  /** Tells a legacy server something about its client; a modern one is told nothing between requests. */
  notify(method: string): void;
  /** Has a modern server tell of these resources, and of no others. Rejects with UpstreamFailure when it does not agree. */
  follow(uris: readonly string[]): Promise<void>;
  /** Bytes that the child and its descendants hold in memory, where the platform tells. */
  memoryBytes(): Promise<number | undefined>;
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
  /** Ends the conversation, and the process with all its descendants in its group. Never rejects. */
  close(): Promise<void>;
}

/** What the negotiation brought to light. */
export interface ServerFacts {
  readonly revision: Revision;
  /** Whether it claims to have each of these at all. */
  readonly tools: boolean;
  readonly prompts: boolean;
  readonly resources: boolean;
  readonly completions: boolean;
  readonly logging: boolean;
  /** Whether it tells of changes of single resources to those who ask. */
  readonly subscribe: boolean;
  /** Which of its lists it says to have changed. */
  readonly listChanged: Readonly<Record<ListName, boolean>>;
  /** All that it claims, extensions included. */
  readonly capabilities: JsonObject;
  /** For models, in the server's own words; cut at 16,384 characters. */
  readonly instructions?: string;
}

export interface OutgoingRequest {
  readonly method: string;
  /** JSON text of the members of `params` but `_meta`, without braces, for example `"name":"echo"`; may be empty. */
  readonly members: string;
  /** Members of `_meta` as raw JSON text by name. */
  readonly meta?: ReadonlyMap<string, string>;
  /** JSON text with which a client of 2025-11-25 wants the call to be a task; for servers that take it. */
  readonly task?: string | undefined;
  /** What is called, from which an HTTP upstream's `Mcp-Name` and `Mcp-Param-*` headers are computed. */
  readonly target?: Target;
  readonly args?: JsonObjectText | undefined;
  /** For HTTP upstreams; absent for the gateway's own requests, which then resolve the configured headers. */
  readonly credential?: AttachedCredential;
  /** 0 waits for as long as the connection lives. The clock stands still while a question is open. */
  readonly timeoutMs: number;
  readonly signal?: CancelSignal;
  readonly onProgress?: ((params: string) => void) | undefined;
  /** Hears method and params (raw JSON text) of what else the upstream says about this request. */
  readonly onNotification?: ((method: string, params: string) => void) | undefined;
  /** Answers what the upstream asks while it works on this request; without it the upstream hears that nobody can. */
  readonly ask?: Ask | undefined;
  /** Hears of what the upstream asks although nobody can be asked. */
  readonly unasked?: UnaskedQuestions | undefined;
  /** The client behind the request: a modern upstream is told its capabilities with each request. */
  readonly client?: Client | undefined;
  /** For whom it is; absent for the gateway's own requests. */
  readonly principal?: Principal | undefined;
}

/** What every connection is given from outside. */
export interface ConnectionDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** A header takes visible ASCII only, a variable of a child any text. */
  readonly resolve: (
    values: Readonly<Record<string, ConfiguredValue>>,
    destination: 'header' | 'variable',
  ) => Promise<AttachedCredential>;
  /** PATH, locale and what the platform cannot start a process without. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** The gateway's version, which upstreams are told. */
  readonly version: string;
  /** Takes known secrets out of text that an upstream wrote and people will read. */
  readonly redact: (text: string) => string;
}

/** The circumstances of one connection. */
export interface ConnectionContext {
  /** The server was found to be legacy a short while ago, so it is not probed again. */
  readonly knownLegacy: boolean;
  /** JSON text of what a legacy server is told that its client can do; it holds for the whole conversation. */
  readonly capabilities: string;
  readonly onListChanged: (list: ListName) => void;
  /** Hears method and params (raw JSON text) of what the server says about no request of this connection. */
  readonly onNews: (method: string, params: string) => void;
  /** The server lost its session, and there is a new one that knows nothing of what was said on the old. */
  readonly onRenewed: () => void;
  /**
   * Called at most once, when the conversation is over without close() having been called. `mayFinish` says that
   * requests in flight may still be answered, so that close() can wait for idle().
   */
  readonly onDown: (reason: string, mayFinish?: boolean) => void;
}

/** The process ended when it was probed, as servers do that expect `initialize` first; worth one more start without. */
export class ProbeExit extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ProbeExit';
  }
}

/** The endpoint refused the handshake as servers do that speak HTTP+SSE; worth one more start in that way. */
export class OtherTransport extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'OtherTransport';
  }
}
