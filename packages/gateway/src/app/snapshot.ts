import type { Broker } from '../credentials/broker.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Snapshot } from '../pipeline/house.js';
import { compilePolicy, type Policy } from '../policy/policy.js';
import { PolicyFaults, type PolicyProblem } from '../policy/policy-problem.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import { ConfigError } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { policySpecOf } from './config/policy-spec.js';
import type { Doubts } from './doubts.js';

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
  readonly doubts: Doubts;
  readonly specs: readonly UpstreamSpec[];
  readonly broker: Broker;
  /** Takes an upstream down whose credential cannot be had. */
  readonly onCredentialFault: (upstream: string, reason: string) => void;
}

/** One whole revision of the configuration, as calls see it. */
export function createSnapshot(parts: SnapshotParts): Snapshot {
  const { config, policy, doubts, specs, broker, onCredentialFault } = parts;
  const byId = new Map(specs.map((spec) => [spec.id, spec]));
  return {
    decide: (question) => doubts.decisionFor(question, policy.revision) ?? policy.decide(question),
    caps: {
      perPrincipal: config.limits.concurrentCallsPerPrincipal,
      perUpstream: config.limits.concurrentCallsPerUpstream,
    },
    timeoutMsOf: (upstream) => byId.get(upstream)?.timeoutMs ?? 0,
    attachCredential(upstream) {
      const spec = byId.get(upstream);
      if (spec?.kind !== 'http' || Object.keys(spec.headers).length === 0) return noCredential;
      return broker.resolveAll(spec.headers).catch((cause: unknown) => {
        onCredentialFault(upstream, cause instanceof Error ? cause.message : String(cause));
        throw cause;
      });
    },
  };
}
