import type { RuleConfig } from '#contract';
import type { Layer, LayerKind, LayerVersion } from '../../model/api-layer.js';
import type { JsonObject } from '../../model/json.js';
import { ConfigError } from '../config/config-error.js';
import { formatPath } from '../config/describe-value.js';
import type { ApiMarks, EffectiveConfig } from '../config/effective-config.js';
import { leafPaths } from '../config/origins.js';
import { under } from './problem-paths.js';
import { checkedRules } from './read-policy.js';
import { readUpstream } from './read-upstream.js';

/** A version that is in force. */
export type LiveVersion = LayerVersion & { readonly content: JsonObject };

/** What is in force of a layer, of one kind. */
export function liveVersions({ versions }: Layer, kind: LayerKind): LiveVersion[] {
  return versions.filter(
    (version): version is LiveVersion => version.kind === kind && version.content !== undefined,
  );
}

/**
 * The configuration of the file together with what was made over REST. The rules of both hold, by the same order of
 * effects; of an upstream that is in both, the one in the file is there. Throws ConfigError for a layer that cannot work.
 */
export function withLayer(file: EffectiveConfig, layer: Layer): EffectiveConfig {
  const policies = liveVersions(layer, 'policy');
  // An id that was guessed from a command line stands for one server, beside which there are no others.
  const made = file.hasGuessedIds === true ? [] : liveVersions(layer, 'upstream');
  const added = made.filter(({ name }) => !Object.hasOwn(file.upstreams, name));
  if (policies.length === 0 && added.length === 0) return file;
  const faults = new Faults();
  const upstreams = added.flatMap(({ name, content }) => {
    const read = () => readUpstream(name, content, file);
    return faults.keep(formatPath(['upstreams', name]), () => [[name, read()] as const]);
  });
  const rules = policies.flatMap((policy) =>
    faults.keep(formatPath(['policies', policy.name]), () => rulesOf(policy)),
  );
  faults.raise();
  const fromApi: ApiMarks = {
    rules: Object.fromEntries(rules.map(({ rule, mark }) => [rule.id, mark])),
    upstreams: Object.fromEntries(added.map(({ name, tenant }) => [name, tenant])),
  };
  const merged = {
    upstreams: { ...file.upstreams, ...Object.fromEntries(upstreams) },
    policy: { ...file.policy, rules: [...file.policy.rules, ...rules.map(({ rule }) => rule)] },
  };
  return { ...file, ...merged, fromApi, origins: { ...file.origins, ...originsOf(file, merged) } };
}

/** The id that a rule has in force, which no rule of the file can have. */
function idInForce(tenant: string, id: string): string {
  return tenant === 'default' ? `api:${id}` : `api:${tenant}/${id}`;
}

interface MarkedRule {
  readonly rule: RuleConfig;
  readonly mark: ApiMarks['rules'][string];
}

function rulesOf({ name, tenant, content }: LiveVersion): MarkedRule[] {
  return checkedRules(content.rules as JsonObject[]).map((written, index) => {
    const { id, limits, ...rest } = written;
    const rule = {
      ...rest,
      id: idInForce(tenant, id),
      // Nobody else's counters are shared by naming them.
      ...(limits && {
        limits: limits.map((limit) =>
          limit.id === undefined ? limit : { ...limit, id: idInForce(tenant, limit.id) },
        ),
      }),
    };
    return { rule, mark: { tenant, policy: name, index } };
  });
}

function originsOf(
  file: EffectiveConfig,
  { upstreams, policy }: Pick<EffectiveConfig, 'upstreams' | 'policy'>,
): Record<string, string> {
  const ofUpstreams = Object.entries(upstreams)
    .filter(([id]) => !Object.hasOwn(file.upstreams, id))
    .flatMap(([id, upstream]) => leafPaths(upstream).map((path) => ['upstreams', id, ...path]));
  const ofRules = policy.rules
    .map((rule, index) => ({ rule, index }))
    .slice(file.policy.rules.length)
    .flatMap(({ rule, index }) => leafPaths(rule).map((path) => ['policy', 'rules', index, ...path]));
  return Object.fromEntries([...ofUpstreams, ...ofRules].map((path) => [formatPath(path), 'api']));
}

/** Everything that is wrong with several things, before anything is refused. */
class Faults {
  readonly #found: ConfigError[] = [];

  keep<Item>(prefix: string, read: () => Item[]): Item[] {
    try {
      return under(prefix, read);
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      this.#found.push(cause);
      return [];
    }
  }

  raise(): void {
    if (this.#found.length > 0) throw new ConfigError(this.#found.flatMap(({ problems }) => problems));
  }
}
