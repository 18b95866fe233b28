import type { Effect } from '../model/decision.js';
import type { Explanation, RuleTrace } from '../policy/explain.js';
import { visibleText } from './visible-text.js';

export interface ExplainedCall {
  readonly tool: string;
  readonly upstream: string;
  readonly principal: string;
}

/** What the policy says of a call, and what is wrong with its arguments beyond that. */
export interface ExplainedAnswer extends Explanation {
  readonly invalidArguments?: string;
}

/** An explanation for people: the answer first, then every rule and what its condition saw. */
export function explanationLines(
  call: ExplainedCall,
  { decision, rules, wouldAllow = [], invalidArguments }: ExplainedAnswer,
): string[] {
  const decidedBy = decision.rule === undefined ? 'by default' : `by rule "${decision.rule}"`;
  const answer = `${decision.effect.toUpperCase()} ${decidedBy}: ${decision.reason}`;
  return [
    ...answerLines(answer, decision.effect, invalidArguments),
    ...(decision.detail === undefined ? [] : [`  ${decision.detail}`]),
    `  ${call.principal} calls ${call.tool} of ${call.upstream}`,
    '',
    ...rules.flatMap(ruleLines),
    ...(wouldAllow.length === 0
      ? []
      : ['', 'It would be allowed if:', ...wouldAllow.map((way) => `  ${way}`)]),
  ].map(visibleText);
}

/** The gateway looks at the arguments after the policy, and only where that allows. */
function answerLines(policyLine: string, effect: Effect, fault: string | undefined): string[] {
  if (fault === undefined) return [policyLine];
  if (effect !== 'allow') return [policyLine, `  The arguments do not fit the tool either: ${fault}`];
  return [`REFUSED as invalid_arguments: ${fault}`, `  The policy alone answers ${policyLine}`];
}

function ruleLines({ id, effect, matched, why, condition }: RuleTrace): string[] {
  const lines = [
    `${matched ? '*' : ' '} ${id} (${effect}): ${matched ? 'applies' : (why ?? 'does not apply')}`,
  ];
  if (condition === undefined) return lines;
  lines.push(`    when ${condition.text} -> ${condition.error ?? String(condition.result)}`);
  for (const [path, value] of Object.entries(condition.values)) lines.push(`    ${path} = ${value}`);
  return lines;
}
