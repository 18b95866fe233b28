import type { Decision, Question } from '../model/decision.js';
import { Activation } from './activation.js';
import type { BoundRule, ToolBinding } from './binding.js';
import type { CompiledRule } from './compiled-rule.js';

/** What one rule says: whether it applies, `undecided` when a list asks for what only a call can tell, or why it failed. */
export type Answer = boolean | 'undecided' | { readonly failure: string };

export interface Fallback {
  readonly effect: 'allow' | 'deny';
  readonly revision: string;
}

/**
 * Combines all verdicts: hide beats deny beats a rule that could not be evaluated beats allow beats the default.
 * For a list, `allow` means that some arguments could be allowed: conditions that depend on the call stop no target
 * from being listed, and may let it be.
 */
export function combine(binding: ToolBinding, question: Question, fallback: Fallback): Decision {
  const activation = new Activation(question, binding);
  let failed: { bound: BoundRule; cause: string } | undefined;
  let allowing: BoundRule | undefined;
  for (const bound of binding.rules) {
    const answer = ask(bound, question, activation);
    if (answer === false) continue;
    if (typeof answer === 'object') failed ??= { bound, cause: answer.failure };
    else if (bound.verdict.effect === 'allow') allowing ??= bound;
    else if (answer === true) return bound.verdict;
  }
  if (failed !== undefined) return failedDecision(failed.bound, failed.cause);
  if (allowing !== undefined) return allowing.verdict;
  return fallbackDecision(question, fallback);
}

/** Asks one rule; never throws. */
export function ask(bound: BoundRule, question: Question, activation: Activation): Answer {
  if (!concerns(bound.rule, question)) return false;
  if (bound.fault !== undefined) return { failure: bound.fault };
  const { condition } = bound.rule;
  if (condition === undefined) return true;
  if (question.action === 'list' && !condition.holdsForWholeTool) return 'undecided';
  try {
    return condition.holds(activation);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'the condition failed' };
  }
}

/** Whether the rule is about this caller and method at all. A list asks what could be called, so its method is the call's. */
export function concerns(rule: CompiledRule, question: Question): boolean {
  if (rule.principals?.has(question.principal.id) === false) return false;
  return rule.methods?.has(question.action === 'list' ? 'tools/call' : question.method) !== false;
}

function failedDecision(bound: BoundRule, cause: string): Decision {
  const { rule = '', effect, revision } = bound.verdict;
  return {
    effect: 'deny',
    rule,
    reason: `Rule "${rule}" could not be evaluated for this call, so the call is denied.`,
    detail: `condition of ${effect} rule "${rule}": ${cause}`,
    revision,
  };
}

function fallbackDecision(question: Question, { effect, revision }: Fallback): Decision {
  if (effect === 'allow')
    return { effect, reason: 'No rule is against it, and the default is to allow.', revision };
  return {
    effect,
    reason: `No rule allows ${question.principal.id} to call ${question.target.exposedName}.`,
    revision,
  };
}
