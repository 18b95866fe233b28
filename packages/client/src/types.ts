/** A value of JSON as `JSON.parse` gives it: integers beyond 2^53 lose digits here, though not in the gateway. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface JsonObject {
  [name: string]: Json;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What `GET /readyz` says. */
export interface Status {
  readonly ready: boolean;
  /** One entry for each thing that readiness depends on, by name. */
  readonly checks: Readonly<Record<string, Check>>;
}

export interface Check {
  readonly ok: boolean;
  /** Why it is not. */
  readonly reason?: string;
}

/** The state of one server behind the gateway. */
export interface UpstreamStatus {
  readonly id: string;
  readonly transport: 'stdio' | 'http' | 'sse';
  readonly state: 'starting' | 'up' | 'down' | 'stopped';
  readonly revision?: string;
  readonly pid?: number;
  /** How many tools it offers. */
  readonly tools: number;
  readonly restarts: number;
  readonly reason?: string;
  /** Milliseconds since the epoch of the last change of state. */
  readonly since: number;
  /** It ended for want of calls, and the next call starts it. */
  readonly asleep?: boolean;
  readonly era?: 'legacy' | 'modern';
  /** Sessions of callers besides the connection that lists. */
  readonly sessions?: number;
  /** Milliseconds since the epoch. */
  readonly lastCallAt?: number;
  readonly connections?: readonly ConnectionStatus[];
}

/** One connection of the gateway to a server. Times are milliseconds since the epoch. */
export interface ConnectionStatus {
  readonly role: 'main' | 'session';
  readonly pid?: number;
  readonly startedAt: number;
  readonly lastCallAt?: number;
  /** Of the process and its descendants, where the platform tells. */
  readonly memoryBytes?: number;
  /** Why it is alive. */
  readonly why: string;
}

/** Which records; members left out do not restrict. */
export interface AuditFilter {
  /** Event types, for example `call.decided`. */
  readonly type?: readonly string[];
  /** One call's records. */
  readonly call?: string;
  /** The principal that called. */
  readonly caller?: string;
  readonly tool?: string;
  readonly upstream?: string;
  readonly effect?: string;
  readonly rule?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** How many records to fetch at a time. */
  readonly limit?: number;
  /** Newest first (`desc`, the default) or oldest first (`asc`). */
  readonly order?: 'asc' | 'desc';
}

/** One record of the audit trail, and what was kept of the call's content. */
export interface AuditEntry {
  /** Its place in the trail. */
  readonly id: number;
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly call?: string;
  readonly caller?: { readonly id: string; readonly cred?: string };
  readonly tool?: { readonly name: string; readonly upstream?: string; readonly exposed?: string };
  readonly effect?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly policy?: { readonly rev: string; readonly rule?: string };
  readonly ms?: number;
  /** JSON texts; absent where nothing was kept. */
  readonly content?: { readonly args?: string; readonly result?: string };
  /** Members that only some types of record have. */
  readonly [member: string]: unknown;
}

/** One tool as the gateway lists it. */
export interface Tool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly [member: string]: unknown;
}

export interface CallRequest {
  /** The name under which the gateway lists the tool. */
  readonly tool: string;
  readonly arguments?: JsonObject;
  /** Calls at this upstream's own endpoint, where names need no prefix. */
  readonly upstream?: string;
}
