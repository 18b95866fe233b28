import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Permit } from '../model/permit.js';
import type { Tool } from '../model/tool.js';
import {
  type ForwardRequest,
  UpstreamFailure,
  type UpstreamReply,
  type UpstreamStatus,
} from '../model/upstream.js';
import { Catalogue } from './catalogue.js';
import type { Connect, ConnectionDeps } from './connection.js';
import { Rejections } from './rejections.js';
import { Upstream } from './upstream.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

export interface UpstreamsDeps extends ConnectionDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** For upstreams whose spec does not say. */
  readonly prefix: 'auto' | 'always';
  /** Numbers from 0 to below 1, which keep upstreams that failed together from coming back together. */
  readonly jitter: () => number;
  readonly onEvent: (event: UpstreamEvent) => void;
  /** How connections are made, by the kind of upstream. */
  readonly connectors: Readonly<Record<UpstreamSpec['kind'], Connect>>;
}

/** Who takes the calls of a tool. */
type ToolOwner = Pick<Upstream, 'forward'>;

/**
 * Owns the tools that an upstream had before its configuration changed, which are shown until it has come up anew. No
 * call that is decided now goes to the former server: it would carry the new configuration's credential.
 */
const nobody: ToolOwner = {
  forward: () =>
    Promise.reject(
      new UpstreamFailure('unavailable', 'it starts anew after a change of its configuration', false),
    ),
};

/** All upstreams of one gateway behind one catalogue. No upstream's failure reaches another. */
export class Upstreams {
  readonly #deps: UpstreamsDeps;
  readonly #catalogue = new Catalogue<ToolOwner>();
  readonly #nameless: Rejections;
  /** No longer configured, but not ended yet. */
  readonly #retired = new Set<Upstream>();
  /** By what replaces them: what is shown until that has come up or failed. */
  readonly #predecessors = new WeakMap<Upstream, Upstream>();
  #upstreams = new Map<string, Upstream>();
  #revision = 0;
  #closed = false;

  constructor(deps: UpstreamsDeps) {
    this.#deps = deps;
    this.#nameless = new Rejections(deps.onEvent);
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
  async apply(specs: readonly UpstreamSpec[]): Promise<void> {
    if (this.#closed) throw new Error('the upstreams are closed');
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

  /** The tool that a caller means by a name: an exposed name, or at an upstream's own endpoint that upstream's own. */
  locate(endpoint: string | undefined, name: string): Tool | undefined {
    return this.#catalogue.locate(endpoint, name);
  }

  /** All tools, or one upstream's, in a fixed order; the same array while nothing changed. */
  tools(endpoint?: string): readonly Tool[] {
    return this.#catalogue.tools(endpoint);
  }

  has(endpoint: string): boolean {
    return this.#upstreams.has(endpoint);
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

  /** Marks an upstream down for which the gateway has no usable credential; it is tried again with back-off. */
  credentialFailed(id: string, reason: string): void {
    this.#upstreams.get(id)?.credentialFailed(reason);
  }

  status(): UpstreamStatus[] {
    return [...this.#upstreams.values()].map((upstream) => upstream.status());
  }

  /** Ends every upstream; no child process is left when it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#upstreams.values(), ...this.#retired];
    await Promise.all(all.map((upstream) => upstream.close()));
  }

  #create(spec: UpstreamSpec): Upstream {
    const { clock, log, jitter, onEvent, redact } = this.#deps;
    const upstream: Upstream = new Upstream(spec, {
      open: (wanted, context) => this.#deps.connectors[wanted.kind](wanted, this.#deps, context),
      clock,
      log,
      jitter,
      onEvent,
      redact,
      onTools: () => {
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
    const nameless = this.#catalogue.fill(
      [...this.#upstreams.values()].map((upstream) => {
        const predecessor = this.#predecessors.get(upstream);
        return {
          upstream: upstream.spec.id,
          owner: predecessor === undefined ? upstream : nobody,
          always: (upstream.spec.prefix ?? this.#deps.prefix) === 'always',
          tools: (predecessor ?? upstream).tools,
        };
      }),
    );
    const reason = 'no unique name can be made for it';
    for (const id of this.#upstreams.keys()) {
      const rejected = nameless.filter(({ upstream }) => upstream === id);
      this.#nameless.tell(
        id,
        rejected.map(({ name }) => ({ tool: name, reason })),
      );
    }
    this.#revision++;
    this.#deps.onEvent({ kind: 'tools_changed', revision: this.#revision });
  }
}
