import type { Decision } from '../model/decision.js';
import type { Obligations } from '../model/obligation.js';
import type { Target } from '../model/target.js';
import { describeTarget, type TargetFacts } from './activation.js';
import { shapeOfArgs } from './argument-shape.js';
import type { CompiledRule } from './compiled-rule.js';
import type { Condition } from './condition.js';
import type { Inspection } from './inspect-condition.js';
import { givesNoVerdict } from './rule.js';
import type { FittingRule, RuleIndex } from './rule-index.js';
import type { ObjectShape } from './shape.js';

/** A rule as it applies to one target. */
export interface BoundRule {
  readonly rule: CompiledRule;
  /** Whether it is about some of what a template stands for, and not about all of it. */
  readonly partly: boolean;
  /** How the condition fits the target's arguments. */
  readonly inspection?: Inspection;
  /** Why it does not fit; the rule then denies. */
  readonly fault?: string;
  /** What is decided when this rule's verdict is the one that counts; for `limit` and `confirm`, when it lets the default pass. */
  readonly verdict: Decision;
}

/** The few rules that can be about one target and method, with what conditions see of the target. */
export interface TargetBinding extends TargetFacts {
  /** Those in force, in the order in which they are asked. */
  readonly rules: readonly BoundRule[];
  /** The same together with those on trial; absent where there are none. */
  readonly onTrial?: readonly BoundRule[];
}

/**
 * The most concealing no is found first, and asking before allowing. Within an effect by id, so that the order in the
 * file means nothing.
 */
const rank = { hide: 0, deny: 1, ask: 2, allow: 3, limit: 4, confirm: 5 };

export interface BindingContext {
  readonly index: RuleIndex;
  readonly revision: string;
  /** Inspections of conditions by the shape of arguments; shapes that many targets share are one object. */
  readonly inspections: WeakMap<ObjectShape, Map<Condition, Inspection>>;
}

export function bindTarget(target: Target, method: string, context: BindingContext): TargetBinding {
  const args = shapeOfArgs(target, method);
  const known = context.inspections.get(args) ?? new Map<Condition, Inspection>();
  context.inspections.set(args, known);
  const all = context.index
    .rulesFor(target, method)
    .map((fitting) => bindRule(fitting, inspectOnce(fitting.rule.condition, args, known), context.revision))
    .toSorted(byRankAndId);
  const rules = all.filter(({ rule }) => rule.spec.shadow !== true);
  return { ...describeTarget(target), args, rules, ...(rules.length === all.length ? {} : { onTrial: all }) };
}

function byRankAndId({ rule: { spec: a } }: BoundRule, { rule: { spec: b } }: BoundRule): number {
  return rank[a.effect] - rank[b.effect] || (a.id < b.id ? -1 : 1);
}

function bindRule(
  { rule, fit }: FittingRule,
  inspection: Inspection | undefined,
  revision: string,
): BoundRule {
  const { id, effect } = rule.spec;
  const obligations = obligationsOf(rule);
  const verdict: Decision = {
    effect: givesNoVerdict(effect) ? 'allow' : effect,
    rule: id,
    reason: reasonFor(rule),
    revision,
    ...(obligations && { obligations }),
  };
  const bound = { rule, partly: fit === 'partly', verdict };
  if (inspection === undefined) return bound;
  if (inspection.findings.length === 0) return { ...bound, inspection };
  return { ...bound, inspection, fault: inspection.findings.map((finding) => finding.message).join('; ') };
}

function obligationsOf({
  spec: { id, effect, limits = [], approval, reason },
}: CompiledRule): Obligations | undefined {
  if (effect === 'ask') {
    return { limits, approvals: [{ ...approval, rule: id, ...(reason === undefined ? {} : { reason }) }] };
  }
  if (effect === 'confirm')
    return { limits, confirmations: [{ rule: id, ...(reason === undefined ? {} : { reason }) }] };
  return limits.length === 0 ? undefined : { limits };
}

function reasonFor({ spec: { id, effect, reason } }: CompiledRule): string {
  const done = sentences[effect];
  if (effect === 'allow' || givesNoVerdict(effect) || reason === undefined) return `${done} "${id}".`;
  return `${done} "${id}": ${reason}`;
}

const sentences = {
  allow: 'Allowed by rule',
  limit: 'Limited by rule',
  confirm: 'To be confirmed by rule',
  ask: 'A person must approve it first, by rule',
  deny: 'Denied by rule',
  hide: 'Hidden by rule',
};

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
