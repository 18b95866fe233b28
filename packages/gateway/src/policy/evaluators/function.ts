import type { CancelSignal } from '../../model/cancel-signal.js';
import type { Question } from '../../model/decision.js';
import type { OptionsSchema } from '../../model/options-schema.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator, EvaluatorFault } from '../evaluator-plugin.js';

/** A plain function of a configuration in TypeScript. */
export type Evaluate = (question: Question, signal: CancelSignal) => Verdict | Promise<Verdict>;

const options: OptionsSchema<Evaluate> = {
  safeParse: (value) =>
    typeof value === 'function'
      ? { success: true, data: value as Evaluate }
      : { success: false, error: { issues: [{ path: [], message: 'expected a function' }] } },
};

/** Answers what a function answers. Its options are the function. */
export const functionEvaluator = defineEvaluator({
  name: 'function',
  options,
  create(evaluate, { name }) {
    if (evaluate.length > 2) throw new EvaluatorFault([], 'takes a call and a signal, and nothing more');
    return { name, evaluate };
  },
});
