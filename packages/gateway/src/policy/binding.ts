import type { Decision } from '../model/decision.js';
import type { Target } from '../model/target.js';
import { describeTool, type ToolFacts } from './activation.js';
import type { CompiledRule } from './compiled-rule.js';
import type { Condition } from './condition.js';
import type { Inspection } from './inspect-condition.js';
import type { RuleIndex } from './rule-index.js';
import { type ObjectShape, shapeOfArguments } from './shape.js';

/** A rule as it applies to one tool. */
export interface BoundRule {
  readonly rule: CompiledRule;
  /** How the condition fits the tool's schema. */
  readonly inspection?: Inspection;
  /** Why it does not fit; the rule then denies. */
  readonly fault?: string;
  /** What is decided when this rule's verdict is the one that counts. */
  readonly verdict: Decision;
}

/** The few rules that can match one tool, in the order in which they are asked, with what conditions see of the tool. */
export interface ToolBinding extends ToolFacts {
  readonly rules: readonly BoundRule[];
}

/** Hide before deny before allow: the most concealing no is found first. Within an effect by id, so that the order in the file means nothing. */
const rank = { hide: 0, deny: 1, allow: 2 };

export function bindTool(target: Target, index: RuleIndex, revision: string): ToolBinding {
  const args = shapeOfArguments(target.kind === 'tool' ? target.inputSchema : { type: 'object' });
  const inspections = new Map<Condition, Inspection>();
  const rules = [...index.rulesFor(target)]
    .map((rule) => bindRule(rule, inspectOnce(rule.condition, args, inspections), revision))
    .toSorted(byRankAndId);
  return { tool: describeTool(target), args, rules };
}

function byRankAndId(a: BoundRule, b: BoundRule): number {
  return rank[a.verdict.effect] - rank[b.verdict.effect] || (a.rule.spec.id < b.rule.spec.id ? -1 : 1);
}

function bindRule(rule: CompiledRule, inspection: Inspection | undefined, revision: string): BoundRule {
  const { id, effect, reason } = rule.spec;
  const verdict = { effect, rule: id, reason: reasonFor(rule, reason), revision };
  if (inspection === undefined) return { rule, verdict };
  if (inspection.findings.length === 0) return { rule, verdict, inspection };
  const fault = inspection.findings.map((finding) => finding.message).join('; ');
  return { rule, verdict, inspection, fault };
}

function reasonFor(rule: CompiledRule, reason: string | undefined): string {
  const { id, effect } = rule.spec;
  if (effect === 'allow') return `Rule "${id}" allows it.`;
  const done = effect === 'hide' ? 'Hidden' : 'Denied';
  return reason === undefined ? `${done} by rule "${id}".` : `${done} by rule "${id}": ${reason}`;
}

function inspectOnce(
  condition: Condition | undefined,
  args: ObjectShape,
  known: Map<Condition, Inspection>,
): Inspection | undefined {
  if (condition === undefined) return undefined;
  const inspection = known.get(condition) ?? condition.inspect(args);
  known.set(condition, inspection);
  return inspection;
}
