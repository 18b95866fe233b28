import type { Question } from '../model/decision.js';
import type { Limit } from '../model/obligation.js';
import { Activation } from './activation.js';
import type { TargetBinding } from './binding.js';
import { ask } from './combine.js';

/** What rules bring for something, or which of them cannot say. */
export type FoundLimits =
  | { readonly limits: readonly Limit[] }
  | { readonly rule: string; readonly failure: string };

/** The limits of every rule that applies, whether it lets calls pass or not: for what is no call. */
export function limitsOn(binding: TargetBinding, question: Question): FoundLimits {
  const activation = new Activation(question, binding);
  const limits: Limit[] = [];
  for (const bound of binding.rules) {
    const { id, limits: own = [] } = bound.rule.spec;
    if (own.length === 0) continue;
    const answer = ask(bound, question, activation);
    if (typeof answer === 'object') return { rule: id, failure: answer.failure };
    if (answer === true) limits.push(...own);
  }
  return { limits };
}
