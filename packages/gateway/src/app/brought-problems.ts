import type { LayerKey } from '../model/api-layer.js';
import type { PolicyProblem } from '../policy/policy-problem.js';

/** Where a change comes from: the file, a policy or upstream made over REST, or another gateway that took it already. */
export type ChangeOrigin = 'file' | 'elsewhere' | LayerKey;

/**
 * What a change must be refused for. What was wrong before is nobody else's to mend, and what does not fit among what a
 * tenant made fails closed for that tenant: neither stands in the way of others, nor of the file.
 */
export function broughtBy(
  origin: ChangeOrigin,
  problems: readonly PolicyProblem[],
  before: readonly PolicyProblem[],
): PolicyProblem[] {
  if (origin === 'elsewhere') return [];
  if (origin === 'file') return ofTheFile(problems);
  const known = new Set(before.map(keyOf));
  return problems
    .filter(({ tenant = origin.tenant }) => tenant === origin.tenant)
    .filter((problem) => isIn(origin, problem) || !known.has(keyOf(problem)));
}

/** What is wrong between the rules of the file and what is there for everybody. */
export function ofTheFile(problems: readonly PolicyProblem[]): PolicyProblem[] {
  return problems.filter(({ tenant }) => tenant === undefined);
}

function isIn({ kind, name }: LayerKey, { layer }: PolicyProblem): boolean {
  return kind === 'policy' && layer?.policy === name;
}

function keyOf({ rule, part, target }: PolicyProblem): string {
  return JSON.stringify([rule, part.map(String), target ?? '']);
}
