import type { ConfigInput, RuleConfig } from '#contract';
import type { JsonObject } from '../../model/json.js';
import { ConfigError } from '../config/config-error.js';
import { formatPath } from '../config/describe-value.js';
import { validateConfig } from '../config/validate-config.js';
import { addHaldirPolicy } from '../dialects/haldir-policy.js';
import { Part } from '../dialects/part.js';
import { Draft, type RuleInput } from '../dialects/translation.js';
import { within } from './problem-paths.js';

/** A policy as it is kept: what it stands for, always in the native form. */
export interface PolicyContent extends JsonObject {
  /** As they were written; defaults are not filled in. */
  rules: JsonObject[];
}

const members = ['description', 'rules', 'haldir'];
const longestDescription = 1024;
const mostRules = 1000;

/**
 * A policy as somebody sent it: native `rules`, or in `haldir` the body of one policy of that system. `name` becomes
 * the id of the rule that a body of Haldir stands for. Throws ConfigError with every problem, by paths in the body.
 */
export function readPolicy(body: unknown, name: string): PolicyContent {
  const part = new Part(body, [], []).withKeys(members);
  const [rules, haldir] = [part.at('rules'), part.at('haldir')];
  const description = part.at('description').text();
  if (description !== undefined && description.length > longestDescription)
    part
      .at('description')
      .refuse(`has ${description.length} characters; expected ${longestDescription} at most`);
  if (rules.isPresent === haldir.isPresent)
    part.refuse('found both or neither of "rules" and "haldir"; expected one of them');
  if (rules.items().length > mostRules)
    rules.refuse(`has ${rules.items().length} rules; expected ${mostRules} at most`);
  const translated = haldir.isPresent ? fromHaldir(haldir, name) : undefined;
  const problems = part.findings.map(({ path, ...rest }) => ({ ...rest, path: formatPath(path) }));
  if (problems.length > 0) throw new ConfigError(problems);
  const native = translated ?? (rules.value as JsonObject[]);
  checkedRules(native);
  return {
    ...(description !== undefined && { description }),
    rules: native,
    ...(haldir.isPresent && { haldir: haldir.value as JsonObject }),
  };
}

/** Rules with their defaults filled in; throws ConfigError with paths that begin with `rules`. */
export function checkedRules(rules: readonly JsonObject[]): RuleConfig[] {
  const config = { upstreams: {}, policy: { rules: rules as unknown as RuleInput[] } } satisfies ConfigInput;
  return within('policy', () => validateConfig(config)).policy.rules;
}

function fromHaldir(part: Part, name: string): JsonObject[] {
  const draft = new Draft('haldir');
  const read = new Part(part.value, part.path, draft.findings);
  addHaldirPolicy(draft, read, name);
  part.findings.push(...draft.findings);
  return draft.config.policy.rules as unknown as JsonObject[];
}
