import type { Clock } from '../lib/clock.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Era } from '../model/revisions.js';
import type { Target } from '../model/target.js';
import { newsMethods, type UpstreamNews } from '../model/upstream-news.js';
import type { ListName } from '../upstreams/upstream-event.js';

/** What belongs to no request, in two parts, for streams that add something of their own. */
export interface Notice {
  readonly method: string;
  /** JSON text of an object. */
  readonly params: string;
}

/** A stream on which a client hears what belongs to none of its requests. */
export interface NoticeListener {
  readonly principal: Principal;
  /** The MCP session of a legacy client. */
  readonly session?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Whether the client wants this notification; URIs are in the form in which callers of its endpoint write them. */
  wants(method: string, params: string): boolean;
  /** Takes the whole JSON-RPC message. Whoever reads too slowly loses it: nothing is kept here. */
  deliver(message: string, notice: Notice): void;
}

/** A task of an upstream, by the upstream's own id. */
export interface ToldTask {
  readonly upstream: string;
  readonly id: string;
  readonly era: Era;
}

/** What there is; the arrays are the same as long as nothing changed. */
export interface Catalogue {
  locate(endpoint: string | undefined, kind: 'resource', uri: string): Target | undefined;
  tools(endpoint?: string): readonly Target[];
  prompts(endpoint?: string): readonly Target[];
  resources(endpoint?: string): readonly Target[];
  templates(endpoint?: string): readonly Target[];
}

export interface NotificationHubDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly catalogue: Catalogue;
  readonly isVisible: (target: Target, principal: Principal) => boolean;
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string;
  /** The URI under which callers of the endpoint know a resource of the upstream; undefined where they do not reach it. */
  /** The id under which the listener knows a task of the upstream; undefined for one that is not the listener's. */
  readonly taskIdOf?: (listener: NoticeListener, task: ToldTask) => string | undefined;
  readonly exposedUri: (endpoint: string | undefined, upstream: string, uri: string) => string | undefined;
}

/** Changes of lists are told once for all that happen within so many milliseconds. */
const gatheringMs = 50;
/** To look at all that an upstream offers, for each listener, takes too long to do it for every word of a talkative one. */
const knowledgeMs = 10_000;
const resourceUpdated = 'notifications/resources/updated';

const listNames: readonly ListName[] = ['tools', 'prompts', 'resources'];
const relayed: ReadonlySet<string> = new Set(newsMethods);

/** Tells clients what belongs to none of their requests: each hears what concerns its endpoint and its principal. */
export class NotificationHub {
  readonly #deps: NotificationHubDeps;
  readonly #listeners = new Set<NoticeListener>();
  /** What clients of an endpoint were last told of: the lists themselves, by endpoint and name. */
  readonly #told = new Map<string, readonly unknown[]>();
  readonly #changed = new Set<ListName>();
  #isGathering = false;
  /** For each listener the upstreams of which it may or may not use something, found since `#knownSince`. */
  #known = new WeakMap<NoticeListener, Map<string, boolean>>();
  #knownSince = 0;

  constructor(deps: NotificationHubDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns the function that leaves again. */
  join(listener: NoticeListener): () => void {
    const { endpoint } = listener;
    const isFirst = ![...this.#listeners].some((other) => other.endpoint === endpoint);
    if (isFirst)
      for (const list of listNames) this.#told.set(keyOf(endpoint, list), this.#current(endpoint, list));
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lists changed, whatever clients make of it: those of endpoints where nothing is different hear nothing. */
  catalogueChanged(lists: readonly ListName[]): void {
    this.#known = new WeakMap();
    for (const list of lists) this.#changed.add(list);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#deps.clock.after(gatheringMs, () => this.#tellChanges());
  }

  /** Another policy may show other things to anybody. */
  policyChanged(): void {
    this.#told.clear();
    this.catalogueChanged(listNames);
  }

  /** An upstream said something outside of any call. */
  heard(news: UpstreamNews): void {
    if (!relayed.has(news.method) || this.#listeners.size === 0) return;
    const params = this.#cleaned(news);
    if (params === undefined) return;
    for (const listener of this.#listeners) {
      if (!isFor(news.owner, listener)) continue;
      const told = this.#inNamesOf(listener, news, params);
      if (told === undefined || !listener.wants(news.method, told)) continue;
      if (this.#mayHear(listener, news, told)) deliver(listener, news.method, told);
    }
  }

  #tellChanges(): void {
    this.#isGathering = false;
    const lists = [...this.#changed];
    this.#changed.clear();
    for (const list of lists) {
      const changed = this.#endpointsWithOther(list);
      for (const listener of this.#listeners) {
        const method = `notifications/${list}/list_changed`;
        if (changed.has(listener.endpoint) && listener.wants(method, '{}')) deliver(listener, method, '{}');
      }
    }
  }

  /** The endpoints of listeners where the list is another than they were told of. */
  #endpointsWithOther(list: ListName): Set<string | undefined> {
    const endpoints = new Set([...this.#listeners].map(({ endpoint }) => endpoint));
    for (const endpoint of endpoints) {
      const current = this.#current(endpoint, list);
      const told = this.#told.get(keyOf(endpoint, list));
      this.#told.set(keyOf(endpoint, list), current);
      if (told?.every((part, at) => part === current[at]) === true) endpoints.delete(endpoint);
    }
    return endpoints;
  }

  #current(endpoint: string | undefined, list: ListName): readonly unknown[] {
    const { catalogue } = this.#deps;
    if (list !== 'resources') return [catalogue[list](endpoint)];
    return [catalogue.resources(endpoint), catalogue.templates(endpoint)];
  }

  /** Without the secrets of the gateway; undefined where nothing readable is left. */
  #cleaned({ upstream, method, params }: UpstreamNews): string | undefined {
    const text = this.#deps.redact(params);
    try {
      if (text === params || isJsonObject(parseJson(text).value)) return text;
    } catch (cause) {
      if (!(cause instanceof JsonFault)) throw cause;
    }
    this.#deps.log.warn({ upstream, method }, 'a notification held a secret of the gateway and was dropped');
    return undefined;
  }

  #mayHear(listener: NoticeListener, { owner, upstream, method }: UpstreamNews, told: string): boolean {
    if (method === resourceUpdated) return this.#mayRead(listener, upstream, uriIn(told));
    if (owner === 'everyone') return this.#mayKnow(listener, upstream);
    const { endpoint } = listener;
    if (endpoint === undefined || endpoint === upstream) return true;
    return this.#offers(endpoint, (target) => target.upstream === upstream);
  }

  /** The policy may be another than when it was subscribed to, and what is named may be a part of that. */
  #mayRead({ endpoint, principal }: NoticeListener, upstream: string, uri: string | undefined): boolean {
    const { catalogue, isVisible } = this.#deps;
    const resource = uri === undefined ? undefined : catalogue.locate(endpoint, 'resource', uri);
    return resource !== undefined && resource.upstream === upstream && isVisible(resource, principal);
  }

  /** What an upstream tells everyone is for those who may use something of it. */
  #mayKnow(listener: NoticeListener, upstream: string): boolean {
    const now = this.#deps.clock.now();
    if (now - this.#knownSince >= knowledgeMs) {
      this.#known = new WeakMap();
      this.#knownSince = now;
    }
    const known = this.#known.get(listener) ?? new Map<string, boolean>();
    this.#known.set(listener, known);
    const { endpoint, principal } = listener;
    const { isVisible } = this.#deps;
    const mayKnow =
      known.get(upstream) ??
      this.#offers(endpoint, (one) => one.upstream === upstream && isVisible(one, principal));
    known.set(upstream, mayKnow);
    return mayKnow;
  }

  #offers(endpoint: string | undefined, isMeant: (target: Target) => boolean): boolean {
    const { catalogue } = this.#deps;
    return (['tools', 'resources', 'templates', 'prompts'] as const).some((list) =>
      catalogue[list](endpoint).some(isMeant),
    );
  }

  /** Undefined for a task that is not the listener's, as one that is awaited in a call. */
  #aboutTask(listener: NoticeListener, told: Omit<ToldTask, 'id'>, params: string): string | undefined {
    const { value } = parseJson(params);
    if (!isJsonObject(value) || typeof value.taskId !== 'string') return undefined;
    const shown = this.#deps.taskIdOf?.(listener, { ...told, id: value.taskId });
    return shown === undefined ? undefined : withMember(statusIn(params), 'taskId', shown);
  }

  /** Undefined for a resource that is not to be had at the endpoint, where its URI may be that of another. */
  #inNamesOf(
    listener: NoticeListener,
    { upstream, method }: UpstreamNews,
    params: string,
  ): string | undefined {
    if (method === 'notifications/tasks/status' || method === 'notifications/tasks') {
      const era = method === 'notifications/tasks' ? 'modern' : 'legacy';
      return this.#aboutTask(listener, { upstream, era }, params);
    }
    if (method !== resourceUpdated) return params;
    const named = uriIn(params);
    const uri = named === undefined ? undefined : this.#deps.exposedUri(listener.endpoint, upstream, named);
    if (uri === undefined) return undefined;
    return uri === named ? params : withMember(params, 'uri', uri);
  }
}

function isFor(owner: UpstreamNews['owner'], { principal, session }: NoticeListener): boolean {
  if (owner === 'everyone') return true;
  if (owner.tenant !== principal.tenant || owner.principal !== principal.id) return false;
  return owner.session === undefined || owner.session === session;
}

function uriIn(params: string): string | undefined {
  const { value } = parseJson(params);
  return isJsonObject(value) && typeof value.uri === 'string' ? value.uri : undefined;
}

function deliver(listener: NoticeListener, method: string, params: string): void {
  const said = params === '{}' ? '' : `,"params":${params}`;
  listener.deliver(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${said}}`, { method, params });
}

/** Results and questions come with `tasks/get`, where they are governed. */
function statusIn(params: string): string {
  return writeObject(membersOf(params).filter(([name]) => !governed.has(name)));
}

const governed = new Set(['result', 'error', 'inputRequests', 'requestState']);

function withMember(params: string, member: string, value: string): string {
  const own = JSON.stringify(value);
  return writeObject(membersOf(params).map(([name, text]) => [name, name === member ? own : text] as const));
}

function keyOf(endpoint: string | undefined, list: ListName): string {
  return `${list} ${endpoint ?? ''}`;
}
