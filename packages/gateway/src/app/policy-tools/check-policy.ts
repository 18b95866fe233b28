import { compileRules } from '../../policy/compile-rules.js';
import { givesNoVerdict, type RuleSpec } from '../../policy/rule.js';
import type { ConfigProblem } from '../config/config-error.js';
import { policySpecOf } from '../config/policy-spec.js';
import { ruleProblem } from '../config/rule-problem.js';
import { BoundRules } from './bound-rules.js';
import { findIdleRules } from './find-idle-rules.js';
import type { PolicyBench } from './policy-bench.js';

/** One finding of `policy check`. */
export interface PolicyFinding extends ConfigProblem {
  /** The gateway refuses a policy with errors; a warning is for a person to think about. */
  readonly severity: 'error' | 'warning';
  readonly code: 'refused' | 'idle' | 'stopped' | 'redundant' | 'uncovered' | 'unknown_tools';
  readonly rule?: string;
  /** The name of the target that it is about. */
  readonly target?: string;
}

/** Everything that is questionable about a policy given what servers offer: first what the gateway would refuse. */
export function checkPolicy(bench: PolicyBench): PolicyFinding[] {
  const { config, policy, offer, presence } = bench;
  const refused = policy.check(offer, presence).map((problem): PolicyFinding => {
    const { rule, target } = problem;
    return {
      severity: 'error',
      code: 'refused',
      rule,
      ...(target !== undefined && { target }),
      ...ruleProblem(problem),
    };
  });
  const told = new Set(refused.map(({ rule }) => rule));
  const rules = compileRules(policySpecOf(config));
  const bound = new BoundRules(rules, offer);
  // What is not known yet may be what a rule is about.
  const allUp = presence.every(({ up }) => up);
  const idle = findIdleRules(rules, bound)
    .filter(({ rule, code }) => !told.has(rule) && (allUp || code === 'redundant'))
    .map((found): PolicyFinding => {
      const { rule, code } = found;
      return { severity: 'warning', code, rule, ...ruleProblem(found) };
    });
  return [...refused, ...idle, ...uncovered(bench, bound), ...unknown(bench)];
}

/** Tools of which no rule in force speaks. Evaluators speak of all tools. */
function uncovered({ config }: PolicyBench, bound: BoundRules): PolicyFinding[] {
  if (config.evaluators.some(({ shadow }) => !shadow)) return [];
  const answer = config.policy.default === 'deny' ? 'denies it' : 'allows it';
  return bound
    .toolCalls()
    .filter((use) => bound.rulesOf(use).every(({ rule }) => isSilent(rule.spec)))
    .map(({ target: { exposedName, upstream } }) => ({
      severity: 'warning',
      code: 'uncovered',
      target: exposedName,
      path: 'policy.rules',
      message: `found no rule about tool "${exposedName}" of ${upstream}, so the default ${answer}; write a rule that names it if that is not meant`,
      ...(config.file !== undefined && { file: config.file }),
    }));
}

/** Says nothing of whether a tool may be called by those whose it is. */
function isSilent({ effect, layer }: RuleSpec): boolean {
  return givesNoVerdict(effect) || layer?.callers === 'others';
}

function unknown({ config, presence }: PolicyBench): PolicyFinding[] {
  return presence
    .filter(({ up }) => !up)
    .map(({ id }) => ({
      severity: 'warning',
      code: 'unknown_tools',
      path: `upstreams.${id}`,
      message:
        'nothing is known of its tools, so rules about them are not checked; start it, or name another source with --tools',
      ...(config.file !== undefined && { file: config.file }),
    }));
}
