import { evaluatorOptions } from '#contract';
import { defineEvaluator } from '../evaluator-plugin.js';
import { jsonOf, mostAnswerBytes, verdictOf } from '../outside-answer.js';
import { jsonText, outsideInput } from '../outside-input.js';

/** Asks a service of the operator's own; each request is signed, each answer strictly checked. */
export const webhook = defineEvaluator({
  name: 'webhook',
  options: evaluatorOptions.webhook,
  create({ secret, ...destination }, { name, timeoutMs, connect }) {
    const endpoint = connect({ ...destination, signWith: secret });
    const limits = { timeoutMs, maxBytes: mostAnswerBytes };
    return {
      name,
      evaluate: async (question) =>
        verdictOf(jsonOf(await endpoint.post(jsonText(outsideInput(question)), limits))),
    };
  },
});
