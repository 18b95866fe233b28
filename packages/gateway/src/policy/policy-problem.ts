import type { RuleSpec } from './rule.js';

/** What is wrong with a rule: the message names the place, what was found, what was expected and a remedy. */
export interface PolicyProblem {
  readonly rule: string;
  /** The exposed name of the tool against whose schema the rule fails. */
  readonly tool?: string;
  /** The upstreams that a restricting rule could mean and misses; absent for other problems. */
  readonly missed?: readonly string[];
  readonly message: string;
}

/** A policy that cannot be compiled, with everything that is wrong with it at once. */
export class PolicyFaults extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'PolicyFaults';
    this.problems = problems;
  }
}

/** A finding inside one condition; `at` is an offset in the condition's text. */
export interface Finding {
  readonly message: string;
  readonly at?: number;
}

/** `rule "x" (sallyport.yaml:12)`. */
export function placeOf(spec: RuleSpec): string {
  if (spec.origin === undefined) return `rule "${spec.id}"`;
  const { file, line, column } = spec.origin;
  const position = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`);
  return `rule "${spec.id}" (${file}${position.join('')})`;
}

/** A finding in the rule's condition, with line and column in the expression. */
export function conditionProblem(spec: RuleSpec, finding: Finding, tool?: string): PolicyProblem {
  const place = `${placeOf(spec)}, condition${positionOf(spec.when ?? '', finding.at)}`;
  const subject = tool === undefined ? '' : `, with tool "${tool}"`;
  return {
    rule: spec.id,
    ...(tool === undefined ? {} : { tool }),
    message: `${place}${subject}: ${finding.message}`,
  };
}

function positionOf(text: string, at: number | undefined): string {
  if (at === undefined) return '';
  const before = text.slice(0, at).split('\n');
  return ` line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Names for a message: quoted, at most twelve of them. */
export function listNames(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, 12).map((name) => `"${name}"`);
  if (all.length > shown.length) shown.push(`and ${all.length - shown.length} more`);
  return shown.join(', ');
}
