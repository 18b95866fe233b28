import type { NamedTarget } from '../model/history.js';
import type { RuleLayer, RuleOrigin, RulePlace, RuleSpec } from './rule.js';

/** What is wrong with a rule: the message names the place, what was found, what was expected and a remedy. */
export interface PolicyProblem {
  readonly rule: string;
  /** The exposed name of what the rule does not fit, in most cases a tool and its schema. */
  readonly target?: string;
  /** The upstreams that a restricting rule could mean and misses; absent for other problems. */
  readonly missed?: readonly string[];
  readonly message: string;
  /** The message without rule and place, for where these are shown apart. */
  readonly what: string;
  readonly place?: RulePosition;
  /** The path to the part within the rule; empty for the rule as a whole. */
  readonly part: readonly PropertyKey[];
  /** As in the rule. */
  readonly layer?: RuleLayer;
  /** Whose matter it is: the tenant's who made the rule or all upstreams that it is about; absent: the file's. */
  readonly tenant?: string;
}

export interface RulePosition extends Partial<RulePlace> {
  readonly file: string;
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

/** `rule "x" (sallyport.yaml:12:5)`. */
export function placeOf(spec: RuleSpec, part: readonly PropertyKey[] = []): string {
  const position = positionOf(spec, part);
  if (position === undefined) return `rule "${spec.id}"`;
  const { file, line, column } = position;
  return `rule "${spec.id}" (${[file, line, column].filter((one) => one !== undefined).join(':')})`;
}

/** A problem with a part of a rule, given as the path to it within the rule. */
export function problemWith(spec: RuleSpec, part: readonly PropertyKey[], what: string): PolicyProblem {
  const place = positionOf(spec, part);
  const { id: rule, layer } = spec;
  const message = `${placeOf(spec, part)}: ${what}`;
  const whose = layer && { layer, tenant: layer.tenant };
  return { rule, message, what, part, ...(place && { place }), ...whose };
}

/** Where a part of the rule stands, or the rule where the file does not know the part. */
function positionOf({ origin }: RuleSpec, part: readonly PropertyKey[]): RulePosition | undefined {
  if (origin === undefined) return undefined;
  const { file, line, column } = { ...origin, ...partPlace(origin, part) };
  return { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
}

/** The place of the deepest part of the path that the file has. */
function partPlace({ parts = {} }: RuleOrigin, path: readonly PropertyKey[]): RulePlace | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = parts[path.slice(0, length).map(String).join('.')];
    if (place !== undefined) return place;
  }
  return undefined;
}

/** A finding in the rule's condition, with line and column in the expression. */
export function conditionProblem(spec: RuleSpec, finding: Finding, target?: NamedTarget): PolicyProblem {
  const subject = target === undefined ? '' : `, with ${target.kind} "${target.exposedName}"`;
  const what = `condition${offsetOf(spec.when ?? '', finding.at)}${subject}: ${finding.message}`;
  const problem = problemWith(spec, ['when'], what);
  const message = `${placeOf(spec, ['when'])}, ${what}`;
  return { ...problem, message, ...(target === undefined ? {} : { target: target.exposedName }) };
}

function offsetOf(text: string, at: number | undefined): string {
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
