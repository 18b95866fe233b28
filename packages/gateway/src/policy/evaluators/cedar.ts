import { evaluatorOptions } from '#contract';
import { canonicalJson, digest } from '../../lib/json/canonical-json.js';
import type { Question } from '../../model/decision.js';
import type { JsonObject } from '../../model/json.js';
import { cedarRequest } from '../cedar/cedar-request.js';
import { type CedarPolicies, type CedarSources, loadCedar } from '../cedar/load-cedar.js';
import { readCedarFiles } from '../cedar/read-cedar-files.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator } from '../evaluator-plugin.js';

/** The domain byte of Cedar policies among the things that are hashed. */
const cedarDomain = 0x1a;

/** Decides by Cedar policies; a policy that cannot be evaluated for a call denies it, which Cedar itself would not. */
export const cedar = defineEvaluator({
  name: 'cedar',
  options: evaluatorOptions.cedar,
  async create(options, { name, baseDir }) {
    const sources = await readCedarFiles(options, baseDir);
    const revision = digest(cedarDomain, canonicalJson({ ...sources } as unknown as JsonObject));
    const policies = await loadCedar(sources, revision);
    return { name, revision, evaluate: (question) => verdictOf(question, policies, sources) };
  },
});

function verdictOf(question: Question, policies: CedarPolicies, { entities }: CedarSources): Verdict {
  const { decision, reasons } = policies.decide(cedarRequest(question, entities));
  const ids = reasons.map(({ id }) => id);
  const detail = ids.length === 0 ? {} : { detail: `by ${ids.join(', ')}`, findings: { policies: ids } };
  const sentence = reasons.flatMap(({ reason }) => reason ?? []).join(' ');
  const said = sentence === '' ? {} : { reason: sentence };
  if (decision === 'deny') {
    const usual = ids.length === 0 ? 'No Cedar policy permits it.' : 'A Cedar policy forbids it.';
    return { effect: 'deny', reason: usual, ...said, ...detail };
  }
  const asks = reasons.some(({ asks }) => asks);
  return { effect: asks ? 'ask' : 'allow', reason: 'A Cedar policy permits it.', ...said, ...detail };
}
