import type { PolicyProblem } from '../../policy/policy-problem.js';
import type { ConfigProblem } from './config-error.js';

/** What is wrong with a rule, as a problem of the configuration that holds it. */
export function ruleProblem({ rule, what, place }: PolicyProblem): ConfigProblem {
  return { path: `policy.rules.${rule}`, message: what, ...place };
}
