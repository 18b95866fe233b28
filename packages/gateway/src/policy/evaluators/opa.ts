import { evaluatorOptions } from '#contract';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonValue } from '../../model/json.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator } from '../evaluator-plugin.js';
import { jsonOf, mostAnswerBytes, verdictOf } from '../outside-answer.js';
import { jsonText, outsideInput } from '../outside-input.js';

/** Asks an OPA server for a document under `/v1/data`; an undefined document is a fault, not a yes. */
export const opa = defineEvaluator({
  name: 'opa',
  options: evaluatorOptions.opa,
  create({ url, path, ...destination }, { name, timeoutMs, connect }) {
    const base = url.replace(/\/+$/, '');
    const endpoint = connect({ ...destination, url: `${base}/v1/data/${path}` });
    const limits = { timeoutMs, maxBytes: mostAnswerBytes };
    return {
      name,
      async evaluate(question): Promise<Verdict> {
        const reply = await endpoint.post(`{"input":${jsonText(outsideInput(question))}}`, limits);
        const answer = jsonOf(reply);
        const result = isJsonObject(answer) ? answer.result : undefined;
        if (result === undefined) throw new Error(`has no document ${path}: OPA answered without a result`);
        return opaVerdict(result);
      },
    };
  },
});

/** Policies often decide with a plain true or false. */
export function opaVerdict(result: JsonValue): Verdict {
  if (typeof result === 'boolean') return { effect: result ? 'allow' : 'deny' };
  return verdictOf(result);
}
