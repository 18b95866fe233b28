import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import {
  type ForwardRequest,
  type UpstreamDetails,
  UpstreamFailure,
  type UpstreamReply,
  type UpstreamStatus,
} from '../model/upstream.js';
import { type NewsOwner, newsAboutOne, type UpstreamNews } from '../model/upstream-news.js';
import { ClosingConnections } from './closing-connections.js';
import type { Connection, ConnectionContext, ServerFacts } from './connection.js';
import { connectionsOf } from './connection-status.js';
import type { Conversation } from './conversation.js';
import { followTask } from './follow-task.js';
import { MainClaim } from './main-claim.js';
import { MainConnection } from './main-connection.js';
import { outgoingRequest } from './outgoing-request.js';
import { forwardPooled, subscribePooled } from './pooled-call.js';
import { reachSameServer } from './same-server.js';
import { noCapabilities, type SessionAsker, type SessionKey, sessionKeyOf } from './session-key.js';
import { type ClientSession, SessionPool } from './session-pool.js';
import { SessionStarter } from './session-starter.js';
import { StartLimit } from './start-limit.js';
import { holderOf, subscribe, unsubscribe } from './subscribe.js';
import { Subscriptions } from './subscriptions.js';
import type { UpstreamEvent } from './upstream-event.js';
import { UpstreamLists } from './upstream-lists.js';
import type { SessionSharing, UpstreamSpec } from './upstream-spec.js';
import { waitWithin } from './wait-within.js';

/** How long a call that was decided on an upstream may take to come to it after the upstream was taken out. */
const lateCallsMs = 1000;

export interface UpstreamDeps {
  readonly open: (spec: UpstreamSpec, context: ConnectionContext) => Promise<Connection>;
  readonly clock: Clock;
  readonly log: Log;
  readonly jitter: () => number;
  readonly onEvent: (event: UpstreamEvent) => void;
  /** Called when any of its lists became another. */
  readonly onLists: () => void;
  readonly onNews: (news: UpstreamNews) => void;
  /** Takes known secrets out of what an upstream wrote. */
  readonly redact: (text: string) => string;
}

/** Whose subscription ends, and to what. */
export type Unsubscription = SessionAsker & { readonly uri: string };

/**
 * One upstream: the connection that lists it, kept alive, and, for a legacy server, a session for each caller with
 * capabilities of its own. A modern server keeps nothing about its callers, so they all share the one connection.
 */
export class Upstream {
  #spec: UpstreamSpec;
  readonly #deps: UpstreamDeps;
  /** The last good list of everything that it offers. */
  readonly lists: UpstreamLists;
  readonly #main: MainConnection;
  readonly #claim: MainClaim;
  readonly #pool: SessionPool;
  /** Those that the main connection serves. */
  readonly #subscriptions = new Subscriptions();
  readonly #closing: ClosingConnections;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.#spec = spec;
    this.#deps = deps;
    const shared = {
      ...deps,
      spec: () => this.#spec,
      limit: new StartLimit(deps.clock),
      closing: new ClosingConnections(deps.clock),
      onListChanged: (list: Parameters<UpstreamLists['refresh']>[0]) => this.lists.refresh(list),
    };
    this.#closing = shared.closing;
    this.lists = new UpstreamLists({ ...shared, onChange: deps.onLists });
    this.#claim = new MainClaim(() => this.#sharing);
    this.#main = new MainConnection({
      ...shared,
      lists: this.lists,
      onNews: (method, params) => this.#tell(this.#claim.ownerOn(this.#main.conversation), method, params),
      onFresh: (conversation) => this.#onFresh(conversation),
      isNeeded: () => this.#subscriptions.size > 0,
    });
    const starter = new SessionStarter({
      ...shared,
      open: (context) => this.#openLikeMain(context),
      onNews: (owner, method, params) => this.#tell(owner, method, params),
    });
    this.#pool = new SessionPool({ ...shared, starter });
  }

  get spec(): UpstreamSpec {
    return this.#spec;
  }

  /** Resolves when it came up or failed for the first time. */
  get settled(): Promise<void> {
    return this.#main.settled;
  }

  /** What the server said about itself the last time it came up. */
  get facts(): ServerFacts | undefined {
    return this.#main.lastConversation?.facts;
  }

  get #sharing(): SessionSharing {
    return this.#spec.sessions ?? 'principal';
  }

  /** Whether a spec reaches the same server in the same way. */
  reaches(spec: UpstreamSpec): boolean {
    return reachSameServer(this.#spec, spec);
  }

  /** Takes over a spec that reaches the same server in the same way; false when a new connection is needed. */
  adopt(spec: UpstreamSpec): boolean {
    if (!this.reaches(spec)) return false;
    this.#spec = spec;
    return true;
  }

  /** Starts it; failures are retried for as long as it is not closed. */
  begin(): void {
    this.#main.begin();
  }

  /** Sends one request at most once, on a connection that no other caller's requests can touch. */
  forward(request: ForwardRequest): Promise<UpstreamReply> {
    const { conversation } = this.#main;
    if (conversation === undefined) return this.#forwardWithoutMain(request);
    if (!conversation.modern && !this.#mayUse(conversation, request)) return this.#forwardPooled(request);
    if (request.method === 'resources/subscribe') {
      return subscribe({ subscriptions: this.#subscriptions, conversation }, request, request.timeoutMs);
    }
    return conversation.send(outgoingRequest(request, request.timeoutMs));
  }

  /** Whether there was such a subscription. */
  unsubscribe({ uri, ...asker }: Unsubscription): boolean {
    const { conversation } = this.#main;
    const subscriptions = this.#subscriptions;
    const holder = holderOf(asker);
    if (!subscriptions.isHeldBy(uri, holder)) return this.#pool.unsubscribe(this.#keyOf(asker), uri, holder);
    unsubscribe({ subscriptions, conversation }, uri, holder);
    return true;
  }

  /** As followTask. */
  async followTask(id: string, asker: SessionAsker): Promise<(() => void) | undefined> {
    const { conversation } = this.#main;
    return conversation && followTask({ subscriptions: this.#subscriptions, conversation }, id, asker);
  }

  /** A client session is over, and with it what was opened for it alone. */
  clientEnded(client: ClientSession): void {
    this.#pool.clientEnded(client);
    const { conversation } = this.#main;
    const owner = this.#claim.ownerOn(conversation);
    if (owner === 'everyone' || owner.session !== client.session || owner.principal !== client.principal)
      return;
    this.#subscriptions.clear();
    this.#main.sleep();
    if (this.#spec.stopWhenIdle !== true) this.#main.wake().catch(() => undefined);
  }

  /** The roots that a client offers have changed. */
  rootsChanged(client: ClientSession): void {
    this.#pool.rootsChanged(client);
  }

  status(): UpstreamStatus {
    const { state, asleep, pid, restarts, since, reason, verdict } = this.#main;
    const { facts } = this;
    const lastCallAt = this.#lastCallAt();
    return {
      id: this.#spec.id,
      transport: verdict.wayTo(this.#spec).kind,
      state,
      tools: this.lists.get('tools')?.length ?? 0,
      restarts,
      sessions: this.#pool.sessions.length,
      since,
      ...(asleep ? { asleep } : {}),
      ...(facts === undefined ? {} : { revision: facts.revision, era: eraOf(facts.revision) }),
      ...(pid === undefined ? {} : { pid }),
      ...(lastCallAt === undefined ? {} : { lastCallAt }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** The same with each connection, and what it costs. */
  async details(): Promise<UpstreamDetails> {
    const { conversation: main } = this.#main;
    const mainOwner = this.#claim.ownerOn(main);
    return { ...this.status(), connections: await connectionsOf({ main, mainOwner, pool: this.#pool }) };
  }

  /** Its credential cannot be had, so no call can work: down until it can, tried again with back-off. */
  credentialFailed(reason: string): void {
    this.#main.fail(reason);
  }

  /**
   * Ends it when nobody needs it any more: calls that were decided on it may still come for a second, and those in flight
   * may finish, for as long as one request may take.
   */
  async retire(): Promise<void> {
    this.#main.stop('a change of the configuration took it out');
    if (this.#main.conversation !== undefined) await this.#closing.pause(lateCallsMs);
    await this.#end(true);
  }

  /** Ends it now, and whatever earlier connection is still ending. */
  async close(): Promise<void> {
    this.#main.stop();
    this.#closing.hurry();
    await this.#end(false);
  }

  async #end(mayFinish: boolean): Promise<void> {
    this.#pool.close(mayFinish);
    this.#main.letGo(mayFinish);
    await this.#closing.closed();
  }

  /** A caller keeps the session that it has, as the server may remember things about it there. */
  #mayUse(conversation: Conversation, request: ForwardRequest): boolean {
    if (this.#claim.isOf(conversation, request)) return true;
    if (request.client.capabilities !== noCapabilities || !this.#claim.isFree(conversation)) return false;
    if (this.#pool.has(this.#keyOf(request))) return false;
    this.#claim.take(conversation, request);
    return true;
  }

  #forwardPooled(request: ForwardRequest): Promise<UpstreamReply> {
    const key = this.#keyOf(request);
    return request.method === 'resources/subscribe'
      ? subscribePooled(this.#pool, key, request)
      : forwardPooled(this.#pool, key, request);
  }

  /** One caller's crash takes nothing from the others: who has a session keeps it, and who has none may get one. */
  #forwardWithoutMain(request: ForwardRequest): Promise<UpstreamReply> {
    const { state, crashed, lastConversation, reason } = this.#main;
    const plain = request.client.capabilities === noCapabilities;
    const hasSession = this.#pool.has(this.#keyOf(request));
    if (state === 'up' && (lastConversation?.modern === true || (plain && !hasSession))) {
      return this.#forwardWhenAwake(request);
    }
    const hadMain = plain && this.#claim.isOf(lastConversation, request);
    const mayOpen =
      state === 'up' || (crashed && !hadMain && !(plain && this.#claim.isFree(lastConversation)));
    if (state !== 'stopped' && lastConversation?.modern === false && (hasSession || mayOpen)) {
      return this.#forwardPooled(request);
    }
    return Promise.reject(new UpstreamFailure('unavailable', reason ?? `it is ${state}`, false));
  }

  async #forwardWhenAwake(request: ForwardRequest): Promise<UpstreamReply> {
    const { clock } = this.#deps;
    const deadline = clock.now() + request.timeoutMs;
    const { signal } = request;
    await waitWithin(this.#main.wake(), { clock, deadline, signal, what: 'server' });
    return this.forward({ ...request, timeoutMs: Math.max(1, deadline - clock.now()) });
  }

  #keyOf(asker: SessionAsker): SessionKey {
    return sessionKeyOf(this.#sharing, asker);
  }

  /** Somebody listens on it: that is still theirs, whatever connection it is now. */
  #onFresh(conversation: Conversation): void {
    if (this.#subscriptions.size === 0) return;
    if (!conversation.modern) this.#claim.moveTo(conversation);
    conversation.resubscribe(this.#subscriptions.uris);
  }

  #openLikeMain(context: Omit<ConnectionContext, 'knownLegacy'>): Promise<Connection> {
    return this.#deps.open(this.#main.verdict.wayTo(this.#spec), { ...context, knownLegacy: true });
  }

  /** What belongs to nobody in particular may still be about somebody's call, so no more of it than names a resource or a task. */
  #tell(owner: NewsOwner, method: string, params: string): void {
    if (owner === 'everyone' && !newsAboutOne.has(method)) return;
    this.#deps.onNews({ upstream: this.#spec.id, owner, method, params });
  }

  #lastCallAt(): number | undefined {
    const times = this.#pool.sessions.map(({ conversation }) => conversation?.lastCallAt ?? 0);
    const last = Math.max(this.#main.lastConversation?.lastCallAt ?? 0, ...times);
    return last === 0 ? undefined : last;
  }
}

function eraOf(revision: string): 'legacy' | 'modern' {
  return revision === '2026-07-28' ? 'modern' : 'legacy';
}
