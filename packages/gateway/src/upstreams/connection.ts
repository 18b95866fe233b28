import type { Clock } from '../lib/clock.js';
import type { Revision } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Ask, Client } from '../model/client.js';
import type { JsonObjectText } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { ConfiguredValue } from '../model/secret.js';
import type { Target } from '../model/target.js';
import type { AttachedCredential, UpstreamReply } from '../model/upstream.js';
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
  /** Negotiates era and revision. Rejects with UpstreamFailure, ProbeExit, or the fault of a credential. */
  start(): Promise<ServerFacts>;
  /** Sends one request at most once. Rejects with UpstreamFailure, or, without `credential`, with the broker's fault. */
  request(request: OutgoingRequest): Promise<UpstreamReply>;
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
  /** Ends the conversation, and the process with all its descendants in its group. Never rejects. */
  close(): Promise<void>;
}

/** What the negotiation brought to light. */
export interface ServerFacts {
  readonly revision: Revision;
  /** Whether the server says when its tools change. */
  readonly listChanged: boolean;
  /** Whether it claims to have tools at all. */
  readonly hasTools: boolean;
}

export interface OutgoingRequest {
  readonly method: string;
  /** JSON text of the members of `params` but `_meta`, without braces, for example `"name":"echo"`; may be empty. */
  readonly members: string;
  /** Members of `_meta` as raw JSON text by name. */
  readonly meta?: ReadonlyMap<string, string>;
  /** What is called, from which an HTTP upstream's `Mcp-Name` and `Mcp-Param-*` headers are computed. */
  readonly target?: Target;
  readonly args?: JsonObjectText | undefined;
  /** For HTTP upstreams; absent for the gateway's own requests, which then resolve the configured headers. */
  readonly credential?: AttachedCredential;
  /** 0 waits for as long as the connection lives. */
  readonly timeoutMs: number;
  readonly signal?: CancelSignal;
  readonly onProgress?: ((params: string) => void) | undefined;
  /** Hears method and params (raw JSON text) of what else the upstream says about this request. */
  readonly onNotification?: ((method: string, params: string) => void) | undefined;
  /** Answers what the upstream asks while it works on this request; without it the upstream hears that nobody can. */
  readonly ask?: Ask | undefined;
  /** The client behind the request: a modern upstream is told its capabilities with each request. */
  readonly client?: Client | undefined;
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
  readonly onToolsChanged: () => void;
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
