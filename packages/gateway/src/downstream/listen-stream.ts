import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Arrival } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Client } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import { isFollowed } from './followed-resource.js';
import { type FollowedTasks, followTasks, type TaskNews } from './listen-tasks.js';
import type { Notice, NoticeListener } from './notification-hub.js';
import { type Reply, resultReply } from './reply.js';
import type { ListFlag, SubscriptionWish } from './subscription-wish.js';

/** What streams of `subscriptions/listen` work with. */
export interface ListenDeps {
  readonly hub: { join(listener: NoticeListener): () => void };
  readonly govern: GovernCall;
  /** Tells the upstream that a stream does not follow a resource any more. Returns at once and never throws. */
  readonly unsubscribe: (event: Unfollowed) => void;
  /** Without it no stream follows tasks. */
  readonly tasks?: TaskNews;
  readonly clock: Clock;
  readonly serverInfo: { readonly name: string; readonly version: string };
}

/** A resource that a stream follows no more; `client` is the one that subscribed. */
export interface Unfollowed {
  readonly uri: string;
  readonly endpoint: string | undefined;
  readonly principal: Principal;
  readonly client: Client;
}

/** How many calls subscribe at a time. */
const atATime = 8;
/** What is said before the acknowledgement waits for it; more than this is lost. */
const mostEarly = 64;

const noMeta: ReadonlyMap<string, string> = new Map();

const flagOf: ReadonlyMap<string, ListFlag> = new Map([
  ['notifications/tools/list_changed', 'toolsListChanged'],
  ['notifications/prompts/list_changed', 'promptsListChanged'],
  ['notifications/resources/list_changed', 'resourcesListChanged'],
]);

/** The stream of one `subscriptions/listen` of a modern client. */
export class ListenStream implements NoticeListener {
  readonly principal: Principal;
  readonly endpoint: string | undefined;
  readonly #deps: ListenDeps;
  readonly #exchange: ListenExchange;
  readonly #client: Client;
  readonly #wish: SubscriptionWish;
  /** Exact JSON text of the request's id, which names the subscription. */
  readonly #id: string;
  /** URIs whose changes are said here; until it is known which are granted, all that are wished for. */
  #followed: ReadonlySet<string>;
  readonly #granted: string[] = [];
  #early: Notice[] | undefined = [];
  #tasks: FollowedTasks | undefined;

  constructor(asked: ListenRequest, deps: ListenDeps) {
    this.principal = asked.exchange.principal;
    this.endpoint = asked.exchange.endpoint;
    this.#exchange = asked.exchange;
    // One client for all: who subscribed is known by it.
    this.#client = asked.exchange.client;
    this.#wish = asked.wish;
    this.#id = asked.id;
    this.#followed = new Set(asked.wish.uris);
    this.#deps = deps;
  }

  /** Resolves to the last message of the stream, when that is over. */
  async run(over: CancelSignal): Promise<Reply> {
    const leave = this.#deps.hub.join(this);
    try {
      await this.#subscribe(over);
      if (!over.aborted) {
        this.#acknowledge();
        await aborted(over);
      }
    } finally {
      leave();
      this.#unsubscribe();
    }
    const { serverInfo } = this.#deps;
    const meta = `{${this.#tag},"io.modelcontextprotocol/serverInfo":${JSON.stringify(serverInfo)}}`;
    return resultReply(`{"resultType":"complete","_meta":${meta}}`);
  }

  wants(method: string, params: string): boolean {
    const flag = flagOf.get(method);
    if (flag !== undefined) return this.#wish.lists.includes(flag);
    if (method === 'notifications/tasks') return this.#followsTask(params);
    if (method !== 'notifications/resources/updated' || this.#followed.size === 0) return false;
    const { value } = parseJson(params);
    return isJsonObject(value) && typeof value.uri === 'string' && isFollowed(value.uri, this.#followed);
  }

  deliver(_message: string, notice: Notice): void {
    if (this.#early === undefined) this.#say(notice);
    else if (this.#early.length < mostEarly) this.#early.push(notice);
  }

  /** Asks for each resource as in a call of its own. */
  async #subscribe(over: CancelSignal): Promise<void> {
    const { uris } = this.#wish;
    for (let at = 0; at < uris.length && !over.aborted; at += atATime) {
      const some = uris.slice(at, at + atATime);
      const outcomes = await Promise.all(some.map((uri) => this.#governed(uri, over)));
      this.#granted.push(...some.filter((_uri, index) => outcomes[index]?.kind === 'completed'));
    }
    this.#followed = new Set(this.#granted);
    const { tasks: news, govern } = this.#deps;
    if (news === undefined || this.#wish.taskIds.length === 0) return;
    const following = { news, govern, base: this.#base(over) };
    this.#tasks = await followTasks(this.#wish.taskIds, following);
  }

  /** Before it is known which tasks are followed, all that are wished for are. */
  #followsTask(params: string): boolean {
    const { value } = parseJson(params);
    if (!isJsonObject(value) || typeof value.taskId !== 'string') return false;
    return this.#tasks?.ids.has(value.taskId) ?? this.#wish.taskIds.includes(value.taskId);
  }

  #governed(uri: string, signal: CancelSignal): ReturnType<GovernCall> {
    const about = { method: 'resources/subscribe', kind: 'resource', target: uri } as const;
    return this.#deps.govern({ ...this.#base(signal), ...about, id: newId() });
  }

  #base(signal: CancelSignal) {
    const { principal, endpoint } = this;
    const at = this.#deps.clock.now();
    return {
      at,
      principal,
      arrival: this.#exchange.arrival,
      endpoint,
      meta: noMeta,
      signal,
      client: this.#client,
    };
  }

  #unsubscribe(): void {
    this.#tasks?.stop();
    const { principal, endpoint } = this;
    for (const uri of this.#granted) {
      this.#deps.unsubscribe({ uri, endpoint, principal, client: this.#client });
    }
  }

  #acknowledge(): void {
    const lists = this.#wish.lists.map((flag) => [flag, 'true'] as const);
    const uris = JSON.stringify(this.#granted);
    const granted =
      this.#wish.uris.length === 0 ? lists : [...lists, ['resourceSubscriptions', uris] as const];
    const taskIds = [...(this.#tasks?.ids ?? [])];
    const all = taskIds.length === 0 ? granted : [...granted, ['taskIds', JSON.stringify(taskIds)] as const];
    const params = writeObject([['notifications', writeObject(all)]]);
    this.#say({ method: 'notifications/subscriptions/acknowledged', params });
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const notice of early) if (this.wants(notice.method, notice.params)) this.#say(notice);
  }

  #say({ method, params }: Notice): void {
    const members = membersOf(params);
    const [, said = '{}'] = members.find(([name]) => name === '_meta') ?? [];
    // Upstreams may say anything there.
    const meta = said.startsWith('{') ? membersOf(said) : [];
    const own = writeObject([...meta.filter(([name]) => name !== tag), [tag, this.#id]]);
    const all = writeObject([...members.filter(([name]) => name !== '_meta'), ['_meta', own]]);
    this.#exchange.notify(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${all}}`);
  }

  get #tag(): string {
    return `${JSON.stringify(tag)}:${this.#id}`;
  }
}

const tag = 'io.modelcontextprotocol/subscriptionId';

function aborted(signal: CancelSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/** As much of an exchange as streams need. Exchanges know the options of their face, and those know the streams. */
export interface ListenExchange {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly endpoint?: string | undefined;
  readonly canNotify: boolean;
  readonly client: Client;
  notify(message: string): void;
  signal(): CancelSignal;
  stayOpen?(end: () => void): boolean;
}

/** A `subscriptions/listen` that was read. */
export interface ListenRequest {
  readonly exchange: ListenExchange;
  readonly wish: SubscriptionWish;
  /** Exact JSON text of the request's id. */
  readonly id: string;
}
