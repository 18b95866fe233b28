import { isDeepStrictEqual } from 'node:util';
import type { Layer } from '../model/api-layer.js';
import { LayerFault } from '../model/layer-fault.js';
import type { Parts, Revision } from './assemble.js';
import { refuseOpenDoors } from './config/check-exposure.js';
import { ConfigError } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { LayerDesk } from './layer/layer-desk.js';
import { watchLayer } from './layer/layer-watch.js';
import { type Change, type Rollout, withFixedParts } from './rollout.js';

export interface ChangesHost {
  readonly parts: Parts;
  readonly rollout: Rollout;
  /** False once the gateway stops. */
  accepting(): boolean;
  /** Whether it has come up and does not stop yet. */
  isOpen(): boolean;
  /** Resolves when the gateway has come up, and rejects when it could not. */
  opened(): Promise<void>;
  /** Makes what a changed file needs besides; `take` puts that in place once it is in force. */
  prepare(next: Revision): Promise<{ take(): void }>;
  /** What each caller may see may be another now. */
  onChanged(): void;
}

/** Changes what is in force while the gateway runs, one change after the other: its file, and what is made over REST. */
export class Changes {
  readonly desk: LayerDesk;
  readonly #host: ChangesHost;
  #turn: Promise<unknown> = Promise.resolve();
  #unwatch = () => {};

  constructor(host: ChangesHost) {
    this.#host = host;
    const { store, options } = host.parts;
    this.desk = new LayerDesk({
      table: store.layer,
      clock: options.clock,
      file: () => host.parts.revision.file,
      inTurn: (work) => this.#inTurn(() => this.#whenOpen(work)),
      putInForce: (layer, change, keep) => this.#swap(host.parts.revision.file, layer, { ...change, keep }),
      refused: ({ members }, detail) => host.rollout.noteRefused(detail, members),
    });
  }

  /** From now on what other processes make over REST is noticed. */
  begin(): void {
    const { store, options, revision } = this.#host.parts;
    if (!this.#host.accepting()) return;
    this.#unwatch = watchLayer({
      table: store.layer,
      clock: options.clock,
      log: options.log,
      known: () => this.#host.parts.revision.layer.changes,
      start: revision.layer.changes,
      onChange: () => this.#inTurn(() => this.#follow()),
    });
  }

  /** Resolves when the change under way is over; none follows once the host accepts none. */
  async end(): Promise<void> {
    this.#unwatch();
    await this.#turn;
  }

  /** Swaps in a new configuration whole; throws ConfigError and changes nothing when it cannot work. */
  reload(config: EffectiveConfig): Promise<void> {
    return this.#inTurn(() => this.#reload(config));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #whenOpen<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#host.opened();
    if (this.#host.isOpen()) return work();
    throw new LayerFault('closed', 'The gateway takes no changes while it starts or stops.');
  }

  async #reload(config: EffectiveConfig): Promise<void> {
    const { parts, rollout } = this.#host;
    if (!this.#host.accepting()) throw new Error('the gateway is stopping');
    const running = parts.revision.file;
    const next = withFixedParts(config, running);
    try {
      await this.#swap(next, parts.store.layer.current());
    } catch (cause) {
      if (cause instanceof ConfigError) rollout.rejected(cause, 'file');
      throw cause;
    }
    if (!isDeepStrictEqual(next, config)) {
      const { log } = parts.options;
      log.warn({}, 'listen, control, dataDir, names and audit.durability change with the next start only');
    }
  }

  /** Another process has made something; here it is recorded as what this one works with from now on. */
  async #follow(): Promise<void> {
    const { parts, rollout } = this.#host;
    const layer = parts.store.layer.current();
    if (!this.#host.accepting() || layer.changes === parts.revision.layer.changes) return;
    try {
      await this.#swap(parts.revision.file, layer, {
        type: 'policy.changed',
        members: { source: 'api' },
        origin: 'elsewhere',
      });
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      rollout.rejected(cause, 'layer');
    }
  }

  async #swap(file: EffectiveConfig, layer: Layer, change?: Change): Promise<void> {
    const { parts, rollout } = this.#host;
    const next = await parts.makeRevision(file, layer);
    refuseOpenDoors(next.config);
    const prepared = file === parts.revision.file ? undefined : await this.#host.prepare(next);
    await rollout.change(next, change);
    this.#host.onChanged();
    prepared?.take();
  }
}
