import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Permit } from '../model/permit.js';
import type { Prompt, Resource, ResourceTemplate, Target, TargetKind } from '../model/target.js';
import type { TaskRef } from '../model/task.js';
import type { Tool } from '../model/tool.js';
import {
  type ForwardRequest,
  type UpstreamDetails,
  UpstreamFailure,
  type UpstreamReply,
  type UpstreamStatus,
} from '../model/upstream.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import { Catalogue, type CatalogueSource, type CatalogueTerms } from './catalogue.js';
import type { Connect, ConnectionDeps, ServerFacts } from './connection.js';
import { type OwnTool, OwnTools } from './own-tools.js';
import type { DefinitionJudge } from './pins/definition-judge.js';
import { Rejections } from './rejections.js';
import type { SessionAsker } from './session-key.js';
import type { ClientSession } from './session-pool.js';
import type { ShelfContent } from './shelf.js';
import { nobody, type TargetOwner } from './target-owner.js';
import { type Unsubscription, Upstream } from './upstream.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';
import { rewriteUris } from './uri-rewrites.js';

export interface UpstreamsDeps extends ConnectionDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** For upstreams whose spec does not say. */
  readonly prefix: 'auto' | 'always';
  /** Numbers from 0 to below 1, which keep upstreams that failed together from coming back together. */
  readonly jitter: () => number;
  readonly onEvent: (event: UpstreamEvent) => void;
  /** Hears what upstreams say that belongs to no call. */
  readonly onNews?: (news: UpstreamNews) => void;
  /** Says which definitions may be used; without it all of them. */
  readonly judge?: DefinitionJudge | undefined;
  /** Tools that the gateway answers itself, as the configuration in force has them. */
  readonly own?: (() => readonly OwnTool[]) | undefined;
  /** How connections are made, by the kind of upstream. */
  readonly connectors: Readonly<Record<UpstreamSpec['kind'], Connect>>;
}

const usualTerms: CatalogueTerms = { collisions: 'first', toolsets: [], methods: new Map() };

/** All upstreams of one gateway behind one catalogue. No upstream's failure reaches another. */
export class Upstreams {
  readonly #deps: UpstreamsDeps;
  readonly #catalogue = new Catalogue<TargetOwner>();
  readonly #rejections: Rejections;
  readonly #own: OwnTools;
  /** No longer configured, but not ended yet. */
  readonly #retired = new Set<Upstream>();
  /** By what replaces them: what is shown until that has come up or failed. */
  readonly #predecessors = new WeakMap<Upstream, Upstream>();
  #upstreams = new Map<string, Upstream>();
  #terms = usualTerms;
  #revision = 0;
  #closed = false;
  readonly #stopWatching: () => void;

  constructor(deps: UpstreamsDeps) {
    this.#deps = deps;
    this.#rejections = new Rejections(deps.onEvent);
    this.#own = new OwnTools(deps.own ?? (() => []));
    this.#stopWatching = deps.judge?.watch(() => this.#refill()) ?? (() => undefined);
  }

  /** A number that grows with any change of the catalogue. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Starts what is new, keeps what reaches the same server in the same way, and ends the rest once the calls that were
   * decided on it are done. Resolves at once; settled() tells when the new ones have come up or failed.
   * Rejects once close() was called, which would not end what is started after it.
   */
  async apply(specs: readonly UpstreamSpec[], terms: CatalogueTerms = usualTerms): Promise<void> {
    if (this.#closed) throw new Error('the upstreams are closed');
    this.#terms = terms;
    const before = this.#upstreams;
    const after = new Map<string, Upstream>();
    const fresh: Upstream[] = [];
    for (const spec of specs) {
      if (after.has(spec.id)) throw new Error(`two upstreams are called "${spec.id}"`);
      const existing = before.get(spec.id);
      const kept = existing?.adopt(spec) === true ? existing : this.#create(spec);
      if (kept !== existing) {
        fresh.push(kept);
        if (existing !== undefined) this.#showUntilSettled(existing, kept);
      }
      after.set(spec.id, kept);
    }
    this.#upstreams = after;
    for (const [id, upstream] of before) if (after.get(id) !== upstream) this.#retire(upstream);
    for (const upstream of fresh) upstream.begin();
    this.#refill();
  }

  /** Resolves when each upstream has come up or failed once. */
  async settled(): Promise<void> {
    await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.settled));
  }

  /** What a caller means by a name or URI: an exposed one, or at an upstream's own endpoint that upstream's own. */
  locate(endpoint: string | undefined, kind: TargetKind, name: string): Target | undefined {
    return this.#catalogue.locate(endpoint, kind, name);
  }

  /** What is there at an endpoint, in a fixed order; the same array while nothing changed. */
  tools(endpoint?: string): readonly Tool[] {
    return this.#catalogue.at(endpoint).tools;
  }

  /** All that is known, with what may not be used now. */
  known(): ShelfContent {
    return this.#catalogue.known;
  }

  prompts(endpoint?: string): readonly Prompt[] {
    return this.#catalogue.at(endpoint).prompts;
  }

  resources(endpoint?: string): readonly Resource[] {
    return this.#catalogue.at(endpoint).resources;
  }

  templates(endpoint?: string): readonly ResourceTemplate[] {
    return this.#catalogue.at(endpoint).templates;
  }

  /** Whether there is such an endpoint: an upstream's id, or `t/` and the name of a toolset. */
  has(endpoint: string): boolean {
    return this.#catalogue.has(endpoint);
  }

  /** How callers at an endpoint write a URI of an upstream; undefined where it is not theirs to read there. */
  exposedUri(endpoint: string | undefined, upstream: string, uri: string): string | undefined {
    return this.#catalogue.exposedUri(endpoint, { upstream, uri });
  }

  /**
   * The JSON text of a result, or of a definition, with the URIs by which callers at the endpoint reach what it refers to.
   * The same text where no URI of the upstream collides with another's, which is told without looking into it.
   */
  rewriteUris({ endpoint, upstream }: Origin, text: string): string {
    const rewrite = this.#catalogue.rewriteAt(endpoint, upstream);
    return rewrite === undefined ? text : rewriteUris(text, rewrite);
  }

  /** What a server said about itself the last time it came up. */
  facts(id: string): ServerFacts | undefined {
    return this.#upstreams.get(id)?.facts;
  }

  /** Whether apply() would keep the connection of this spec, so that its tools as known now are its tools. */
  keeps(spec: UpstreamSpec): boolean {
    return this.#upstreams.get(spec.id)?.reaches(spec) === true;
  }

  /**
   * Sends one permitted call, at most once. Rejects with UpstreamFailure, which says whether it may have left.
   * Invariant: it goes to the upstream that brought the tool on which it was decided, never to a namesake of that.
   */
  forward(permit: Permit, request: ForwardRequest): Promise<UpstreamReply> {
    const { target } = request;
    if (permit.upstream !== target.upstream || permit.kind !== target.kind || permit.name !== target.name) {
      return Promise.reject(new UpstreamFailure('unavailable', 'the permit is for another target', false));
    }
    const upstream = this.#catalogue.ownerOf(target);
    if (upstream !== undefined) return upstream.forward(request);
    return Promise.reject(new UpstreamFailure('unavailable', 'the target comes from no upstream', false));
  }

  /** Ends a subscription where it was made, also when its URI is in no list any more or another upstream's by now. */
  unsubscribe({ endpoint, uri, ...asker }: Unsubscription & Partial<Pick<Origin, 'endpoint'>>): void {
    const { upstream, name } = this.locate(endpoint, 'resource', uri) ?? { upstream: '', name: uri };
    if (this.#upstreams.get(upstream)?.unsubscribe({ uri: name, ...asker }) === true) return;
    for (const one of this.#upstreams.values()) one.unsubscribe({ uri, ...asker });
  }

  /** As followTask. */
  async followTask({ upstream, id }: TaskRef, asker: SessionAsker): Promise<(() => void) | undefined> {
    return this.#upstreams.get(upstream)?.followTask(id, asker);
  }

  /** A client session is over, and with it what was opened for it alone. */
  clientEnded(client: ClientSession): void {
    for (const upstream of this.#upstreams.values()) upstream.clientEnded(client);
  }

  /** The roots that a client offers have changed. */
  rootsChanged(client: ClientSession): void {
    for (const upstream of this.#upstreams.values()) upstream.rootsChanged(client);
  }

  /** Marks an upstream down for which the gateway has no usable credential; it is tried again with back-off. */
  credentialFailed(id: string, reason: string): void {
    this.#upstreams.get(id)?.credentialFailed(reason);
  }

  status(): UpstreamStatus[] {
    return [...this.#upstreams.values()].map((upstream) => upstream.status());
  }

  /** The same with each connection, and what it costs. */
  details(): Promise<UpstreamDetails[]> {
    return Promise.all([...this.#upstreams.values()].map((upstream) => upstream.details()));
  }

  /** Ends every upstream; no child process is left when it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching();
    const all = [...this.#upstreams.values(), ...this.#retired];
    await Promise.all(all.map((upstream) => upstream.close()));
  }

  #create(spec: UpstreamSpec): Upstream {
    const { clock, log, jitter, onEvent, onNews, redact } = this.#deps;
    const upstream: Upstream = new Upstream(spec, {
      open: (wanted, context) => this.#deps.connectors[wanted.kind](wanted, this.#deps, context),
      clock,
      log,
      jitter,
      onEvent,
      redact,
      onNews: onNews ?? (() => undefined),
      onLists: () => {
        this.#predecessors.delete(upstream);
        if (this.#upstreams.get(upstream.spec.id) === upstream) this.#refill();
      },
    });
    return upstream;
  }

  #showUntilSettled(existing: Upstream, upstream: Upstream): void {
    this.#predecessors.set(upstream, this.#predecessors.get(existing) ?? existing);
    void upstream.settled.then(() => {
      const isShown = this.#predecessors.delete(upstream);
      if (isShown && this.#upstreams.get(upstream.spec.id) === upstream) this.#refill();
    });
  }

  #retire(upstream: Upstream): void {
    this.#retired.add(upstream);
    void upstream.retire().finally(() => this.#retired.delete(upstream));
  }

  #refill(): void {
    const sources = [...this.#upstreams.values()].map((upstream) => this.#sourceOf(upstream));
    const { leftOut, lists } = this.#catalogue.fill([...this.#own.sources(), ...sources], this.#terms);
    for (const id of this.#upstreams.keys()) {
      const rejected = leftOut.filter(({ upstream }) => upstream === id);
      this.#rejections.tell(id, 'catalogue', rejected);
    }
    this.#revision++;
    this.#deps.onEvent({ kind: 'catalogue_changed', revision: this.#revision, lists });
  }

  #sourceOf(upstream: Upstream): CatalogueSource<TargetOwner> {
    const { id, prefix, guest } = upstream.spec;
    const predecessor = this.#predecessors.get(upstream);
    const { lists } = predecessor ?? upstream;
    const judge = this.#deps.judge;
    const tools = lists.get('tools');
    const prompts = lists.get('prompts');
    return {
      upstream: id,
      guest,
      owner: predecessor === undefined ? upstream : nobody,
      always: (prefix ?? this.#deps.prefix) === 'always',
      offer: {
        // A list that never came says nothing about what is pinned.
        tools: (tools && judge?.judge(id, 'tool', tools)) ?? tools ?? [],
        prompts: (prompts && judge?.judge(id, 'prompt', prompts)) ?? prompts ?? [],
        resources: lists.get('resources') ?? [],
        templates: lists.get('templates') ?? [],
      },
    };
  }
}

/** Who said something, and at which endpoint it is heard. */
export interface Origin {
  readonly endpoint: string | undefined;
  readonly upstream: string;
}
