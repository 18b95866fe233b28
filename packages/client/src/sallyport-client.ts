import { mcpBody, mcpHeaders, paramHeaders } from './mcp-message.js';
import { jsonObjectOf, problemOf, readMcpReply } from './mcp-reply.js';
import { type ChangeOptions, type NoteOptions, Policies } from './policies.js';
import type { UpstreamSettings, UpstreamTest } from './policy-types.js';
import { refuseRedirect } from './redirect.js';
import { Approvals, Budgets, Keys } from './resources.js';
import { Rest } from './rest.js';
import type { PortRequest } from './rest-port.js';
import { doneOnce, restErrorOf, restHeaders, throwIfHeld } from './rest-reply.js';
import {
  type BodyOf,
  mayArriveTwice,
  queryText,
  type ReplyOf,
  type RestOptions,
  type RestRequest,
} from './rest-request.js';
import { sendAgain } from './retry.js';
import { SallyportError } from './sallyport-error.js';
import type {
  AuditEntry,
  AuditFilter,
  CallRequest,
  JsonObject,
  RequestOptions,
  Status,
  Tool,
  UpstreamStatus,
} from './types.js';

export interface SallyportClientOptions {
  /** Where the gateway is, for example `http://127.0.0.1:7777`. */
  readonly baseUrl: string;
  /** The API key or bearer token; absent only where the gateway runs without authentication. */
  readonly token?: string | undefined;
  /** Token of the session that every request is made in; `inSession` gives a client of another one. */
  readonly session?: string | undefined;
  /** Replaces the platform's `fetch`, for example to add a proxy. */
  readonly fetch?: typeof fetch | undefined;
  /**
   * How often a request is sent again whose connection broke; 2 by default. What may have arrived is sent again only
   * where doing it twice does no harm: calls of tools, payments and new keys are not.
   */
  readonly retries?: number | undefined;
}

export interface ToolsOptions extends RequestOptions {
  /** Only this upstream's tools. */
  readonly upstream?: string;
}

const headerMismatch = -32020;

/** A gateway as one caller sees it. Safe for concurrent use; holds no connection of its own. */
export class SallyportClient {
  readonly #options: SallyportClientOptions;
  readonly #baseUrl: string;
  readonly #fetch: typeof fetch;
  #lastId = 0;
  /** Every route there is, typed by the gateway's OpenAPI document. */
  readonly rest: Rest;
  readonly policies: Policies;
  readonly approvals: Approvals;
  readonly keys: Keys;
  readonly budgets: Budgets;

  constructor(options: SallyportClientOptions) {
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.rest = new Rest((request) => this.#rest(request));
    this.policies = new Policies((request, how) => this.#askRest(request, how));
    this.approvals = new Approvals(this.rest);
    this.keys = new Keys(this.rest);
    this.budgets = new Budgets(this.rest);
  }

  /** The same gateway, with every request made in the session of this token. */
  inSession(session: string): SallyportClient {
    return new SallyportClient({ ...this.#options, session });
  }

  /** Opens a session. Its token is `session_id`, which is shown this once: see `inSession`. */
  createSession(
    body: BodyOf<'/v1/sessions', 'post'>,
    options: RestOptions = {},
  ): Promise<ReplyOf<'/v1/sessions', 'post'>> {
    return this.rest.ask('post', '/v1/sessions', { body, ...options });
  }

  /** A session by its id or token: its scopes, its end, what is left of its budget. */
  session(id: string, options: RequestOptions = {}): Promise<ReplyOf<'/v1/sessions/{id}', 'get'>> {
    return this.rest.ask('get', '/v1/sessions/{id}', { parts: { id }, ...options });
  }

  async revokeSession(id: string, options: RequestOptions = {}): Promise<void> {
    await doneOnce(this.rest.ask('delete', '/v1/sessions/{id}', { parts: { id }, ...options }));
  }

  /**
   * Calls a tool over REST and gives its result, its own errors (`isError`) included. Throws `PolicyDenied`,
   * `BudgetExhausted`, `RateLimited`, `ApprovalPending` and the like where the gateway says no. It is not sent again when
   * the connection broke, for then the tool may have run: ask again with the same `idempotencyKey`, and there is its
   * answer, or `AnswerLost`, or the call is made, which it was not before.
   */
  async proxyCall(
    body: BodyOf<'/v1/proxy/call', 'post'>,
    options: RestOptions = {},
  ): Promise<ReplyOf<'/v1/proxy/call', 'post'>> {
    const result = await this.rest.ask('post', '/v1/proxy/call', { body, ...options });
    throwIfHeld(result);
    return result;
  }

  /** Whether the gateway is ready, and if not, what is missing. A gateway that is not ready is no error here. */
  async status(options: RequestOptions = {}): Promise<Status> {
    const response = await this.#send('/readyz', { method: 'GET' }, options);
    const found = jsonObjectOf(await response.text(), response);
    if (typeof found.ready !== 'boolean') throw problemOf(found, response);
    return found as unknown as Status;
  }

  /** The servers behind the gateway; needs the role auditor. */
  async upstreams(options: RequestOptions = {}): Promise<readonly UpstreamStatus[]> {
    const found = await this.#get('/v1/upstreams', options);
    return found.upstreams as unknown as readonly UpstreamStatus[];
  }

  /**
   * Puts a server over HTTP behind the gateway; its tools are there when this resolves, or its state says why not. Needs
   * the role operator or admin.
   */
  async registerUpstream(
    id: string,
    settings: UpstreamSettings | string,
    options: NoteOptions = {},
  ): Promise<UpstreamStatus> {
    const given = typeof settings === 'string' ? { url: settings } : settings;
    const body = { ...given, id, ...(options.note !== undefined && { note: options.note }) };
    const made = await this.#askRest({ method: 'POST', path: '/v1/upstreams', body }, options);
    return made.status as unknown as UpstreamStatus;
  }

  /** Takes away a server that was registered; refused while rules name its tools. */
  async removeUpstream(id: string, options: ChangeOptions = {}): Promise<void> {
    const { note, ifRevision } = options;
    const query = note === undefined ? '' : `?note=${encodeURIComponent(note)}`;
    const path = `/v1/upstreams/${encodeURIComponent(id)}${query}`;
    await doneOnce(this.#askRest({ method: 'DELETE', path, ifRevision }, options));
  }

  /** Reaches a server once, with these settings or those in force; calls no tool and keeps nothing. */
  async testUpstream(
    id: string,
    settings?: UpstreamSettings,
    options: RequestOptions = {},
  ): Promise<UpstreamTest> {
    const path = `/v1/upstreams/${encodeURIComponent(id)}/test`;
    const found = await this.#askRest({ method: 'POST', path, body: settings ?? {} }, options);
    return found as unknown as UpstreamTest;
  }

  /** The records of the audit trail that match, page by page as they are asked for; needs the role auditor. */
  async *audit(
    filter: AuditFilter = {},
    options: RequestOptions = {},
  ): AsyncGenerator<AuditEntry, void, void> {
    let query: object = filter;
    for (;;) {
      const page = await this.#get(`/v1/audit/records${queryText(query)}`, options);
      yield* page.records as unknown as readonly AuditEntry[];
      if (typeof page.next_cursor !== 'string') return;
      query = { ...query, cursor: page.next_cursor };
    }
  }

  /** The tools this caller may see. */
  async listTools(options: ToolsOptions = {}): Promise<readonly Tool[]> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    do {
      const params = cursor === undefined ? {} : { cursor };
      const result = await this.#mcp({ method: 'tools/list', params }, options);
      tools.push(...(result.tools as unknown as Tool[]));
      cursor = typeof result.nextCursor === 'string' ? result.nextCursor : undefined;
    } while (cursor !== undefined);
    return tools;
  }

  /**
   * Calls a tool and gives its result, `isError` results of the tool itself included. Throws `Refused` when the
   * gateway says no, `SallyportError` when there is no such tool or the request failed.
   */
  async call(request: CallRequest, options: RequestOptions = {}): Promise<JsonObject> {
    const params = { name: request.tool, arguments: request.arguments ?? {} };
    const where = { ...options, ...(request.upstream === undefined ? {} : { upstream: request.upstream }) };
    const message = { method: 'tools/call', name: request.tool, params };
    try {
      return await this.#mcp(message, where);
    } catch (cause) {
      const isMismatch = cause instanceof SallyportError && cause.code === headerMismatch;
      if (!isMismatch || cause.status !== 400) throw cause;
      // The tool wants some arguments repeated as headers. Which ones, its schema says; the call was not run.
      const tool = (await this.listTools(where)).find(({ name }) => name === request.tool);
      return this.#mcp({ ...message, headers: paramHeaders(tool?.inputSchema, request.arguments) }, where);
    }
  }

  async #mcp(message: McpMessage, options: ToolsOptions): Promise<JsonObject> {
    this.#lastId += 1;
    const id = this.#lastId;
    const path = options.upstream === undefined ? '/mcp' : `/mcp/${encodeURIComponent(options.upstream)}`;
    const init = {
      method: 'POST',
      headers: { ...mcpHeaders(message.method, message.name), ...message.headers },
      body: mcpBody(id, message.method, message.params),
    };
    return readMcpReply(await this.#send(path, init, options), id);
  }

  async #get(path: string, options: RequestOptions): Promise<JsonObject> {
    return (await this.#rest({ method: 'get', path, ...options })).body as JsonObject;
  }

  async #askRest(
    { method, path, body, ifRevision }: PortRequest,
    options: RequestOptions,
  ): Promise<JsonObject> {
    const ifMatch = ifRevision === undefined ? undefined : `"${ifRevision}"`;
    const verb = method.toLowerCase() as Lowercase<typeof method>;
    const answer = await this.#rest({ method: verb, path, body, ifMatch, ...options });
    return (answer.body ?? {}) as JsonObject;
  }

  async #rest(request: RestRequest): Promise<{ body: unknown; etag?: string | undefined }> {
    const { method, path, query, body, signal } = request;
    const init = { method: method.toUpperCase(), headers: restHeaders(request), ...bodyOf(body) };
    const send = () => this.#send(path + queryText(query), init, { signal });
    const retries = this.#options.retries ?? usualRetries;
    const terms = { retries, mayArriveTwice: mayArriveTwice(request), signal };
    const { response, mayBeDone } = await sendAgain(send, terms);
    if (response.status === 204) return { body: undefined };
    const found = jsonObjectOf(await response.text(), response);
    if (!response.ok) throw restErrorOf(found, response, mayBeDone);
    return { body: found, etag: response.headers.get('etag') ?? undefined };
  }

  async #send(path: string, init: Init, { signal }: RequestOptions): Promise<Response> {
    const { token, session } = this.#options;
    const headers = {
      ...init.headers,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(session === undefined ? {} : { 'Sallyport-Session': session }),
    };
    const response = await this.#fetch(`${this.#baseUrl}${path}`, {
      ...init,
      headers,
      redirect: 'manual',
      ...(signal === undefined ? {} : { signal }),
    });
    return refuseRedirect(response);
  }
}

const usualRetries = 2;

interface Init {
  readonly method: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface McpMessage {
  readonly method: string;
  readonly name?: string;
  readonly params: JsonObject;
  readonly headers?: Record<string, string>;
}

function bodyOf(body: unknown): { body?: string } {
  return body === undefined ? {} : { body: JSON.stringify(body) };
}
