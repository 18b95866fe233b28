import type { PolicyProblem } from '../../policy/policy-problem.js';
import type { ConfigProblem } from './config-error.js';
import { formatPath } from './describe-value.js';

/** What is wrong with a rule, as a problem of the configuration, or of the policy over REST, that holds it. */
export function ruleProblem({ rule, what, place, part, layer }: PolicyProblem): ConfigProblem {
  if (layer === undefined) return { path: `policy.rules.${rule}`, message: what, ...place };
  return { path: formatPath(['policies', layer.policy, 'rules', layer.index, ...part]), message: what };
}
