import type { Decision, Effect, Question, ShadowVerdict } from '../model/decision.js';
import type { Limit, Obligations, WantedApproval, WantedConfirmation } from '../model/obligation.js';
import { Activation } from './activation.js';
import type { BoundRule, TargetBinding } from './binding.js';
import { concerns } from './compiled-rule.js';
import { givesNoVerdict } from './rule.js';

/** What one rule says: whether it applies, `undecided` when a list asks for what only a call can tell, or why it failed. */
export type Answer = boolean | 'undecided' | { readonly failure: string };

/** What the rules say together. Where none gives a verdict there is no decision, but those that matched may still oblige. */
export interface RulesVerdict {
  readonly decision?: Decision;
  /** Of rules that matched, for whatever lets the call pass when there is no decision. */
  readonly obligations?: Obligations;
  readonly trial?: Trial;
}

/** What the rules would say together with those on trial, where one of these has something to say. */
export interface Trial {
  readonly effect: Effect | 'abstain';
  readonly verdicts: readonly ShadowVerdict[];
}

/**
 * Combines all verdicts: hide beats deny beats a rule that could not be evaluated beats ask beats allow. What any matching
 * rule asks for goes with whatever is let pass.
 * For a list, `allow` means that some arguments could be allowed: conditions that depend on the call stop no target
 * from being listed, and may let it be.
 */
export function combine(binding: TargetBinding, question: Question): RulesVerdict {
  const activation = new Activation(question, binding);
  const verdict = combineRules(binding.rules, question, activation);
  if (binding.onTrial === undefined) return verdict;
  const trial = tryOut(binding.onTrial, question, activation);
  return trial === undefined ? verdict : { ...verdict, trial };
}

function combineRules(rules: readonly BoundRule[], question: Question, activation: Activation): RulesVerdict {
  let failed: { bound: BoundRule; cause: string } | undefined;
  let passing: BoundRule | undefined;
  let obliging: BoundRule[] | undefined;
  for (const bound of rules) {
    const answer = ask(bound, question, activation);
    if (answer === false) continue;
    const { effect } = bound.rule.spec;
    if (typeof answer === 'object') failed ??= { bound, cause: answer.failure };
    else if (effect === 'deny' || effect === 'hide') {
      if (answer === true) return { decision: bound.verdict };
    } else {
      if (!givesNoVerdict(effect)) passing ??= bound;
      if (answer === true && bound.verdict.obligations !== undefined) {
        obliging ??= [];
        obliging.push(bound);
      }
    }
  }
  if (failed !== undefined) return { decision: failedDecision(failed.bound, failed.cause) };
  if (obliging === undefined) return passing === undefined ? abstention : { decision: passing.verdict };
  if (passing !== undefined && obliging.length === 1 && obliging[0] === passing)
    return { decision: passing.verdict };
  if (passing === undefined) return { obligations: obligationsOf(obliging) };
  return { decision: decisionOf(passing, obliging) };
}

interface Combined {
  readonly obliging: readonly BoundRule[];
  readonly decision: Decision;
}

/** The same rules make the same decision, so that what is kept of it by others is found again. */
const combined = new WeakMap<BoundRule, Combined[]>();
/** Rules that match together are few sets, unless conditions are very many. */
const keptSets = 16;

function decisionOf(passing: BoundRule, obliging: readonly BoundRule[]): Decision {
  const known = combined.get(passing) ?? [];
  for (const { obliging: others, decision } of known) {
    if (others.length === obliging.length && others.every((one, at) => one === obliging[at])) return decision;
  }
  const decision = { ...passing.verdict, obligations: obligationsOf(obliging) };
  if (known.length < keptSets) combined.set(passing, [...known, { obliging, decision }]);
  return decision;
}

function obligationsOf(obliging: readonly BoundRule[]): Obligations {
  return unionOf(obliging.map((bound) => bound.verdict.obligations));
}

const abstention: RulesVerdict = {};

/** Asks one rule; never throws. */
export function ask(bound: BoundRule, question: Question, activation: Activation): Answer {
  const { rule } = bound;
  if (!concerns(rule, question)) return false;
  const { condition, schedules } = rule;
  const isList = question.action === 'list';
  if (bound.partly) {
    if (isList) return 'undecided';
    if (rule.spec.effect === 'allow') return false;
  }
  if (bound.fault !== undefined) return { failure: bound.fault };
  if (schedules !== undefined) {
    if (isList) return 'undecided';
    if (!schedules.some((schedule) => schedule.includes(question.at))) return false;
  }
  if (condition === undefined) return true;
  if (isList && !condition.holdsForWholeTool) return 'undecided';
  try {
    return condition.holds(activation);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'the condition failed' };
  }
}

/** Everything that several sources ask for, together. */
export function unionOf(all: readonly (Obligations | undefined)[]): Obligations {
  const limits: Limit[] = [];
  const approvals: WantedApproval[] = [];
  const confirmations: WantedConfirmation[] = [];
  for (const one of all) {
    limits.push(...(one?.limits ?? []));
    approvals.push(...(one?.approvals ?? []));
    confirmations.push(...(one?.confirmations ?? []));
  }
  return {
    limits,
    ...(approvals.length === 0 ? {} : { approvals }),
    ...(confirmations.length === 0 ? {} : { confirmations }),
  };
}

function tryOut(all: readonly BoundRule[], question: Question, activation: Activation): Trial | undefined {
  const verdicts = all.flatMap((bound): ShadowVerdict[] => {
    const { id, shadow } = bound.rule.spec;
    const answer = shadow === true ? ask(bound, question, activation) : false;
    if (answer === false || answer === 'undecided') return [];
    return [{ by: id, effect: answer === true ? bound.verdict.effect : 'fault' }];
  });
  if (verdicts.length === 0) return undefined;
  const { decision } = combineRules(all, question, activation);
  return { effect: decision?.effect ?? 'abstain', verdicts };
}

function failedDecision({ verdict, rule: { spec } }: BoundRule, cause: string): Decision {
  return {
    effect: 'deny',
    rule: spec.id,
    reason: `Rule "${spec.id}" could not be evaluated for this call, so the call is denied.`,
    detail: `condition of ${spec.effect} rule "${spec.id}": ${cause}`,
    revision: verdict.revision,
  };
}
