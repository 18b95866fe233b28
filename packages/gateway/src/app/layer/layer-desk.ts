import type { Clock } from '../../lib/clock.js';
import { canonicalJson, digest } from '../../lib/json/canonical-json.js';
import {
  filePolicyName,
  type Layer,
  type LayerEdit,
  type LayerKey,
  type LayerKind,
  type LayerName,
  type LayerSource,
  type LayerVersion,
} from '../../model/api-layer.js';
import type { JsonObject } from '../../model/json.js';
import { LayerFault } from '../../model/layer-fault.js';
import type { RecordType } from '../../model/record.js';
import type { LayerTable } from '../../store/layer-table.js';
import { ConfigError } from '../config/config-error.js';
import { formatPath } from '../config/describe-value.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { below } from './problem-paths.js';
import { readPolicy } from './read-policy.js';
import { readUpstream } from './read-upstream.js';
import { liveVersions } from './with-layer.js';

/** A change that is recorded before it takes effect. */
export interface RecordedChange {
  readonly type: Extract<
    RecordType,
    'policy.changed' | 'upstream.added' | 'upstream.changed' | 'upstream.removed'
  >;
  readonly members: JsonObject;
  readonly origin: LayerKey;
}

export interface LayerHost {
  readonly table: LayerTable;
  readonly clock: Clock;
  /** The configuration of the file in force. */
  readonly file: () => EffectiveConfig;
  /** One change at a time, be it of the file or of the layer. Throws LayerFault where none is taken. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Puts a layer in force whole: checks it, records the change, has it kept by `keep`, swaps it in. Throws ConfigError
   * where it cannot work; whatever `keep` throws leaves the layer before in force.
   */
  putInForce(layer: Layer, change: RecordedChange, keep: () => void): Promise<void>;
  /** Records that a change was refused, or that one that is recorded did not come about. */
  refused(change: RecordedChange, detail: string): void;
}

/** Of each kind that one tenant may have. */
const mostOfAKind = 1000;
const mostHistory = 1000;
/** Another gateway may write in between; more often than this somebody writes without end. */
const mostTries = 5;
const contentDomain = 0x1c;
const names: Readonly<Record<LayerKind, { readonly pattern: RegExp; readonly words: string }>> = {
  policy: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    words: '1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit',
  },
  upstream: {
    pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
    words: '1 to 32 of a-z, 0-9 and "-", beginning with a letter or digit',
  },
};
const folders = { policy: 'policies', upstream: 'upstreams' } as const;

/** Makes, changes and removes policies and upstreams while the gateway runs. */
export class LayerDesk implements LayerSource {
  readonly #host: LayerHost;

  constructor(host: LayerHost) {
    this.#host = host;
  }

  list(kind: LayerKind, tenant: string): LayerVersion[] {
    return liveVersions(this.#host.table.current(), kind).filter((one) => one.tenant === tenant);
  }

  find({ kind, tenant, name }: LayerKey): LayerVersion | undefined {
    return this.list(kind, tenant).find((one) => one.name === name);
  }

  history(key: LayerKey): LayerVersion[] {
    return this.#host.table.history(key, mostHistory);
  }

  put({ kind, name }: LayerName, body: unknown, edit: LayerEdit): Promise<LayerVersion> {
    return this.#host.inTurn(() => {
      const content = this.#read(kind, name, body);
      return this.#change({ kind, tenant: edit.tenant, name }, content, edit);
    });
  }

  remove({ kind, name }: LayerName, edit: LayerEdit): Promise<LayerVersion> {
    return this.#host.inTurn(() => this.#change({ kind, tenant: edit.tenant, name }, undefined, edit));
  }

  rollBack({ kind, name }: LayerName, version: number, edit: LayerEdit): Promise<LayerVersion> {
    return this.#host.inTurn(() => {
      const whole = { kind, name, tenant: edit.tenant };
      const earlier = this.#host.table.version(whole, version);
      if (earlier?.content === undefined)
        throw new LayerFault('unknown', `There is no version ${version} of ${kind} "${name}" to go back to.`);
      const note = edit.note ?? `back to version ${version}`;
      return this.#change(whole, this.#read(kind, name, earlier.content), { ...edit, note });
    });
  }

  #read(kind: LayerKind, name: string, body: unknown): JsonObject {
    const { pattern, words } = names[kind];
    if (!pattern.test(name)) {
      const message = `found ${JSON.stringify(name)}; expected ${words}`;
      throw new LayerFault('invalid', `The name cannot be: ${message}.`, [{ path: 'name', message }]);
    }
    try {
      if (kind === 'policy') return readPolicy(body, name);
      readUpstream(name, body, this.#host.file());
      return body as JsonObject;
    } catch (cause) {
      throw cause instanceof ConfigError ? invalid(`The ${kind} cannot work.`, cause) : cause;
    }
  }

  async #change(key: LayerKey, content: JsonObject | undefined, edit: LayerEdit): Promise<LayerVersion> {
    for (let tries = 1; ; tries += 1) {
      const done = await this.#tryChange(key, content, edit);
      if (done !== undefined) return done;
      if (tries === mostTries) throw new LayerFault('changed', 'Others change it all the time; try again.');
    }
  }

  /** Nothing where another process was faster. */
  async #tryChange(
    key: LayerKey,
    content: JsonObject | undefined,
    edit: LayerEdit,
  ): Promise<LayerVersion | undefined> {
    const { table, clock } = this.#host;
    const layer = table.current();
    const before = layer.versions.find((one) => isSame(one, key));
    this.#checkIsNew(key, before, edit);
    if (content === undefined && before?.content === undefined) throw unknown(key);
    const revision = digest(contentDomain, canonicalJson(content ?? null));
    // A change that is made already is sent again by whoever lost its answer, with the condition of then.
    if (before?.content !== undefined && before.revision === revision) return before;
    checkCondition(key, before, edit);
    if (before?.content === undefined) this.#checkRoom(key, layer);
    const { by, note } = edit;
    const version = (before?.version ?? 0) + 1;
    const made: LayerVersion = {
      ...key,
      version,
      revision,
      at: clock.now(),
      by,
      ...(note !== undefined && { note }),
      ...(content !== undefined && { content }),
    };
    const versions = [...layer.versions.filter((one) => one !== before), made];
    const isKept = await this.#bring({ changes: layer.changes + 1, versions }, made, before);
    return isKept ? made : undefined;
  }

  async #bring(next: Layer, made: LayerVersion, before: LayerVersion | undefined): Promise<boolean> {
    const change = recorded(made, before);
    try {
      await this.#host.putInForce(next, change, () => {
        const isKept = this.#host.table.append(made, next.changes - 1);
        if (!isKept) throw new OvertakenChange('another process has changed the layer meanwhile');
      });
      return true;
    } catch (cause) {
      this.#host.refused(change, cause instanceof Error ? cause.message : String(cause));
      if (cause instanceof OvertakenChange) return false;
      if (!(cause instanceof ConfigError)) throw cause;
      const what = made.content === undefined ? 'is still needed' : 'does not fit';
      const prefix = formatPath([folders[made.kind], made.name]);
      throw new LayerFault(
        'invalid',
        `The ${made.kind} "${made.name}" ${what}.`,
        below(prefix, cause.problems),
      );
    }
  }

  #checkIsNew({ kind, name }: LayerKey, before: LayerVersion | undefined, { only }: LayerEdit): void {
    const isOfTheFile =
      kind === 'policy' ? name === filePolicyName : Object.hasOwn(this.#host.file().upstreams, name);
    if (isOfTheFile && before?.content === undefined)
      throw new LayerFault(
        'read_only',
        `The ${kind} "${name}" comes from the configuration file; change it there.`,
      );
    if (only === 'new' && before?.content !== undefined)
      throw new LayerFault('exists', `There is a ${kind} "${name}" already.`);
  }

  #checkRoom({ kind, tenant, name }: LayerKey, layer: Layer): void {
    const all = liveVersions(layer, kind);
    // An id names one server for all tenants.
    if (kind === 'upstream' && all.some((one) => one.name === name))
      throw new LayerFault('exists', `The id "${name}" is taken.`);
    if (all.filter((one) => one.tenant === tenant).length < mostOfAKind) return;
    throw new LayerFault('full', `There are ${mostOfAKind} ${folders[kind]} already; remove some.`);
  }
}

function checkCondition(
  { kind, name }: LayerKey,
  before: LayerVersion | undefined,
  { only }: LayerEdit,
): void {
  if (only === undefined || only === 'new') return;
  const present = before?.content === undefined ? undefined : before.revision;
  if (present !== undefined && (only.includes('*') || only.includes(present))) return;
  throw new LayerFault('changed', `The ${kind} "${name}" is not what it was; read it again.`);
}

/** The change was made for a layer that is no more. */
class OvertakenChange extends Error {}

function recorded(made: LayerVersion, before: LayerVersion | undefined): RecordedChange {
  const { kind, tenant, name, version, revision, by, note } = made;
  const origin = { kind, tenant, name };
  const act = made.content === undefined ? 'removed' : before?.content === undefined ? 'added' : 'changed';
  const members = {
    source: 'api',
    by,
    tenant,
    version,
    revision,
    ...(note !== undefined && { note }),
  };
  if (kind === 'upstream')
    return { type: `upstream.${act}`, members: { upstream: name, ...members }, origin };
  return { type: 'policy.changed', members: { name, change: act, ...members }, origin };
}

function isSame(one: LayerKey, other: LayerKey): boolean {
  return one.kind === other.kind && one.tenant === other.tenant && one.name === other.name;
}

function unknown({ kind, name }: LayerKey): LayerFault {
  return new LayerFault('unknown', `There is no ${kind} "${name}" that was made over REST.`);
}

function invalid(message: string, { problems }: ConfigError): LayerFault {
  return new LayerFault('invalid', message, problems);
}
