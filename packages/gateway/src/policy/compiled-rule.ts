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

/** The two names by which a rule can mean a tool: `fs__read_file` and `fs:read_file`. */
export function namesOf(tool: {
  exposedName: string;
  upstream: string;
  name: string;
}): readonly [string, string] {
  return [tool.exposedName, `${tool.upstream}:${tool.name}`];
}
