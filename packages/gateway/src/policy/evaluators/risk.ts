import { evaluatorOptions } from '#contract';
import type { Effect, Question } from '../../model/decision.js';
import type { JsonObject } from '../../model/json.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator, EvaluatorFault } from '../evaluator-plugin.js';
import { MatcherFault } from '../risk/compile-matcher.js';
import { createActionReader } from '../risk/risk-action.js';
import { type Assessment, type Contribution, RiskPolicy, type RiskSpec } from '../risk/risk-policy.js';
import { labelOf, type Outcomes, outcomeProfiles, waveNumberOf } from '../risk/wave.js';
import { toolAskedFor } from '../tool-question.js';

const severity = { auto: 0, review: 1, block: 2 } as const;

/** Findings stand in the record of each call. */
const mostTold = 12;

/** Scores calls of tools: what needs no look is allowed, what does asks a person, the worst is denied. */
export const risk = defineEvaluator({
  name: 'risk',
  options: evaluatorOptions.risk,
  create({ base, rules, bands, profile, outcomes, whenAuto, mapping }, { name }) {
    const policy = riskPolicyOf({
      base,
      bands,
      rules: rules.map(({ minWave, ...rule }) => ({
        ...rule,
        ...(minWave !== undefined && { minWave: waveNumberOf(minWave) }),
      })),
      outcomes: outcomesOf(outcomeProfiles[profile], outcomes),
    });
    const actionOf = createActionReader(mapping);
    const effects = { auto: whenAuto, review: 'ask', block: 'deny' } as const;
    return {
      name,
      evaluate(question: Question): Verdict {
        const tool = toolAskedFor(question);
        if (tool === undefined) return { effect: 'abstain' };
        const assessment = policy.assess(actionOf(question, tool));
        return verdictOf(assessment, effects[assessment.outcome], name);
      },
      list(question: Question): Verdict {
        const tool = toolAskedFor(question);
        if (tool === undefined) return { effect: 'abstain' };
        const least = policy.leastOutcome(actionOf(question, tool));
        return { effect: least === 'block' ? 'deny' : effects[least] };
      },
    };
  },
});

function riskPolicyOf(spec: RiskSpec): RiskPolicy {
  try {
    return new RiskPolicy(spec);
  } catch (cause) {
    if (cause instanceof MatcherFault) throw new EvaluatorFault(['rules', ...cause.path], cause.message);
    throw cause;
  }
}

/** A worse wave must not have a better outcome: a floor would then let pass what it is to hold. */
function outcomesOf(usual: Outcomes, own: Readonly<Partial<Record<number, Outcomes[number]>>>): Outcomes {
  const all = usual.map((outcome, index) => own[index + 1] ?? outcome);
  const at = all.findIndex(
    (outcome, index) => index > 0 && severity[outcome] < severity[all[index - 1] ?? 'auto'],
  );
  if (at < 0) return all as unknown as Outcomes;
  throw new EvaluatorFault(
    ['outcomes'],
    `wave ${at + 1} is ${all[at]} and wave ${at} is ${all[at - 1]}; a higher wave must not have a milder outcome`,
  );
}

function verdictOf(assessment: Assessment, effect: Effect | 'abstain', name: string): Verdict {
  const { wave, score, contributions, reasons } = assessment;
  const parts = contributions.slice(0, mostTold).map(inWords);
  const usual = `Risk: wave ${wave} (${labelOf(wave)}).`;
  const reason = reasons.length === 0 ? usual : reasons.join(' ');
  return {
    effect,
    reason,
    detail: [`wave ${wave}, score ${score}`, ...parts].join('; '),
    findings: findingsOf(assessment),
    ...(effect === 'ask' && { obligations: { limits: [], approvals: [{ rule: name, reason }] } }),
  };
}

function inWords({ rule, score, minWave, untold }: Contribution): string {
  if (untold !== undefined) return `${rule} cannot be told: ${untold}`;
  return `${rule} ${score < 0 ? score : `+${score}`}${minWave === undefined ? '' : ` (at least wave ${minWave})`}`;
}

function findingsOf({ wave, outcome, score, contributions }: Assessment): JsonObject {
  return {
    wave,
    label: labelOf(wave),
    outcome,
    score,
    contributions: contributions.slice(0, mostTold).map((one) => ({ ...one })),
    ...(contributions.length > mostTold && { more: contributions.length - mostTold }),
  };
}
