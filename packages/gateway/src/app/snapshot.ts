import type { Broker } from '../credentials/broker.js';
import type { ConcurrencyLimits } from '../limits/concurrency-limits.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Snapshot } from '../pipeline/house.js';
import { compilePolicy, type Policy } from '../policy/policy.js';
import { PolicyFaults, type PolicyProblem } from '../policy/policy-problem.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import { ConfigError } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { policySpecOf } from './config/policy-spec.js';

const noCredential: Promise<AttachedCredential> = Promise.resolve(new Map());

/** Compiles a configuration's policy; throws ConfigError with every problem that shows without knowing any tool. */
export function policyOf(config: EffectiveConfig): Policy {
  try {
    return compilePolicy(policySpecOf(config));
  } catch (cause) {
    throw cause instanceof PolicyFaults ? refusedRules(cause.problems) : cause;
  }
}

export function refusedRules(problems: readonly PolicyProblem[]): ConfigError {
  return new ConfigError(problems.map(({ rule, message }) => ({ path: `policy.rules.${rule}`, message })));
}

export interface SnapshotParts {
  readonly config: EffectiveConfig;
  readonly policy: Policy;
  readonly specs: readonly UpstreamSpec[];
  readonly broker: Broker;
  /** Shared by all snapshots, so that calls in progress stay counted over a reload. */
  readonly limits: ConcurrencyLimits;
}

/** One whole revision of the configuration, as calls see it. */
export function createSnapshot({ config, policy, specs, broker, limits }: SnapshotParts): Snapshot {
  const byId = new Map(specs.map((spec) => [spec.id, spec]));
  limits.setCaps({
    perPrincipal: config.limits.concurrentCallsPerPrincipal,
    perUpstream: config.limits.concurrentCallsPerUpstream,
  });
  return {
    policy,
    limits,
    timeoutMsOf: (upstream) => byId.get(upstream)?.timeoutMs ?? 0,
    attachCredential(upstream) {
      const spec = byId.get(upstream);
      const headers = spec?.kind === 'http' ? spec.headers : {};
      return Object.keys(headers).length === 0 ? noCredential : broker.resolveAll(headers);
    },
  };
}
