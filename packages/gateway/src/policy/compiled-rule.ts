import type { Target } from '../model/target.js';
import type { Condition } from './condition.js';
import type { NameSet } from './glob.js';
import type { RuleSpec } from './rule.js';

/** A rule ready to be bound to tools. A member that is absent matches everything. */
export interface CompiledRule {
  readonly spec: RuleSpec;
  readonly tools?: NameSet;
  readonly upstreams?: NameSet;
  readonly principals?: NameSet;
  readonly methods?: NameSet;
  readonly condition?: Condition;
}

/** The two names by which every rule can mean a tool: `fs__read_file` and `fs:read_file`. */
export function namesOf(target: Target): readonly string[] {
  return [target.exposedName, `${target.upstream}:${target.name}`];
}

/**
 * The names by which this rule can mean a tool. A rule that restricts also means it by the upstream's own name:
 * otherwise another upstream could lift a ban by offering a tool of the same name, which gives both a prefix.
 */
export function namesFor({ spec }: CompiledRule, target: Target): readonly string[] {
  return spec.effect === 'allow' ? namesOf(target) : [...namesOf(target), target.name];
}
