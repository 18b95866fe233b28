import type { Broker } from '../credentials/broker.js';
import { ScopeTable } from '../identity/scope-table.js';
import { PriceTable } from '../limits/price-table.js';
import type { Decision, ListQuestion, Question } from '../model/decision.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Snapshot } from '../pipeline/house.js';
import type { EvaluatorPanel } from '../policy/evaluator-panel.js';
import type { Histories } from '../policy/histories.js';
import { compilePolicy, type Policy } from '../policy/policy.js';
import { PolicyFaults, type PolicyProblem } from '../policy/policy-problem.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import { aboutUpstream } from './about-upstream.js';
import { ConfigError } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { policySpecOf } from './config/policy-spec.js';
import { pricesOf } from './config/prices.js';
import { ruleProblem } from './config/rule-problem.js';
import type { Doubts } from './doubts.js';
import { upstreamDigests } from './upstream-digests.js';

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
  return new ConfigError(problems.map(ruleProblem));
}

export interface SnapshotParts {
  readonly config: EffectiveConfig;
  readonly policy: Policy;
  /** The policy and the evaluators beside it. */
  readonly panel: EvaluatorPanel;
  readonly doubts: Doubts;
  readonly histories: Histories;
  readonly specs: readonly UpstreamSpec[];
  readonly broker: Broker;
  /** Takes an upstream down whose credential cannot be had. */
  readonly onCredentialFault: (upstream: string, reason: string) => void;
}

/** Without evaluators the rules answer alone, and at once. */
function deciding({
  policy,
  panel,
  doubts,
  histories,
}: SnapshotParts): Pick<Snapshot, 'decide' | 'decideAgain' | 'limitsOn'> {
  const withHistory = <Asked extends Question>(question: Asked): Asked =>
    policy.readsHistory ? { ...question, history: histories.of(question.principal) } : question;
  function decide(question: ListQuestion): Decision;
  function decide(question: Question): Decision | Promise<Decision>;
  function decide(question: Question): Decision | Promise<Decision> {
    const doubt = doubts.decisionFor(question, panel.revision);
    if (doubt !== undefined) return doubt;
    return panel.isAlone ? policy.decide(withHistory(question)) : panel.decide(withHistory(question));
  }
  const limitsOn: Snapshot['limitsOn'] = (question) => policy.limitsOn(withHistory(question));
  if (!policy.readsHistory) return { decide, limitsOn };
  return {
    decide,
    limitsOn,
    decideAgain: (question, decision) => panel.decideAgain(withHistory(question), decision),
  };
}

/** One whole revision of the configuration, as calls see it. */
export function createSnapshot(parts: SnapshotParts): Snapshot {
  const { config, policy, histories, specs, broker, onCredentialFault } = parts;
  const byId = new Map(specs.map((spec) => [spec.id, spec]));
  const prices = new PriceTable(pricesOf(config));
  const scopes = new ScopeTable(config.sessions.scopes);
  return {
    ...deciding(parts),
    ...historyFor(policy, histories),
    caps: {
      perPrincipal: config.limits.concurrentCallsPerPrincipal,
      perUpstream: config.limits.concurrentCallsPerUpstream,
    },
    priceOf: (target, at) => prices.priceOf(target, at),
    sessions: {
      required: config.sessions.required,
      scopesFor: (target) => scopes.neededFor(target),
    },
    timeoutMsOf: (upstream) => byId.get(upstream)?.timeoutMs ?? 0,
    upstreamDigestOf: upstreamDigests(byId),
    aboutUpstream: (upstream) => aboutUpstream(byId.get(upstream)),
    attachCredential(upstream) {
      const spec = byId.get(upstream);
      if (spec === undefined || spec.kind === 'stdio' || Object.keys(spec.headers).length === 0) {
        return noCredential;
      }
      return broker.resolveAll(spec.headers).catch((cause: unknown) => {
        onCredentialFault(upstream, cause instanceof Error ? cause.message : String(cause));
        throw cause;
      });
    },
  };
}

/** Nothing is kept that no rule asks for. */
function historyFor({ readsHistory, followsData }: Policy, histories: Histories): Pick<Snapshot, 'history'> {
  if (!readsHistory) return {};
  const began: Histories['began'] = (principal, target, at) => histories.began(principal, target, at);
  const learned: Histories['learned'] = (principal, target, result) =>
    histories.learned(principal, target, result);
  return { history: followsData ? { began, learned } : { began } };
}
