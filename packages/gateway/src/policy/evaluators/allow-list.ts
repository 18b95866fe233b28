import { evaluatorOptions } from '#contract';
import { GlobFault } from '../../lib/glob.js';
import type { Question } from '../../model/decision.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator, EvaluatorFault } from '../evaluator-plugin.js';
import { compileName, createPatternSet, type NamePattern } from '../name-pattern.js';
import { toolAskedFor } from '../tool-question.js';

/** Allows the tools of a list and denies all others; has nothing to say of prompts, resources and questions. */
export const allowList = defineEvaluator({
  name: 'allow-list',
  options: evaluatorOptions['allow-list'],
  create({ tools, reason = 'The tool is not on the list of allowed tools.' }, { name }) {
    const allowed = createPatternSet(tools.map(patternOf));
    const evaluate = (question: Question): Verdict => {
      const tool = toolAskedFor(question);
      if (tool === undefined) return { effect: 'abstain' };
      // The upstream's own name alone would also allow a tool of the same name elsewhere.
      const names = [tool.exposedName, `${tool.upstream}:${tool.name}`];
      return names.some((one) => allowed.has(one))
        ? { effect: 'allow', reason: 'The tool is on the list of allowed tools.' }
        : { effect: 'deny', reason };
    };
    return { name, evaluate, list: evaluate };
  },
});

function patternOf(text: string, index: number): NamePattern {
  try {
    return compileName(text);
  } catch (cause) {
    if (cause instanceof GlobFault) throw new EvaluatorFault(['tools', index], cause.message);
    throw cause;
  }
}
