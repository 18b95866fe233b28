import type { Explanation, RuleTrace } from '../policy/explain.js';
import { visibleText } from './visible-text.js';

export interface ExplainedCall {
  readonly tool: string;
  readonly upstream: string;
  readonly principal: string;
}

/** An explanation for people: the answer first, then every rule and what its condition saw. */
export function explanationLines(
  call: ExplainedCall,
  { decision, rules, wouldAllow = [] }: Explanation,
): string[] {
  const decidedBy = decision.rule === undefined ? 'by default' : `by rule "${decision.rule}"`;
  return [
    `${decision.effect.toUpperCase()} ${decidedBy}: ${decision.reason}`,
    ...(decision.detail === undefined ? [] : [`  ${decision.detail}`]),
    `  ${call.principal} calls ${call.tool} of ${call.upstream}`,
    '',
    ...rules.flatMap(ruleLines),
    ...(wouldAllow.length === 0
      ? []
      : ['', 'It would be allowed if:', ...wouldAllow.map((way) => `  ${way}`)]),
  ].map(visibleText);
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
