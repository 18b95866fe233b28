import type { SessionAnswer } from '../app/policy-tools/assumed-session.js';
import type { Decision, Effect, Evaluation } from '../model/decision.js';
import type { TargetKind } from '../model/target.js';
import type { Explanation, RuleTrace } from '../policy/explain.js';
import { visibleText } from './visible-text.js';

export interface ExplainedCall {
  readonly kind: TargetKind;
  /** The name or URI as callers know it. */
  readonly target: string;
  readonly upstream: string;
  readonly principal: string;
}

/** What the policy says of a call, and what is wrong with its arguments beyond that. */
export interface ExplainedAnswer extends Explanation {
  readonly invalidArguments?: string;
  /** What is not known here and was taken to be so. */
  readonly assumed?: string;
  /** What the session that it is taken to be made in says of it. */
  readonly session?: SessionAnswer;
}

/** An explanation for people: the answer first, then every rule and what its condition saw. */
export function explanationLines(call: ExplainedCall, answer: ExplainedAnswer): string[] {
  const { decision, rules, wouldAllow = [], invalidArguments, assumed } = answer;
  const sentence = `${decision.effect.toUpperCase()} ${decidedBy(decision)}: ${decision.reason}`;
  const verb = call.kind === 'tool' ? 'calls' : 'uses';
  return [
    ...answerLines(sentence, decision.effect, invalidArguments),
    ...(decision.detail === undefined ? [] : [`  ${decision.detail}`]),
    `  ${call.principal} ${verb} ${call.target} of ${call.upstream}`,
    ...(assumed === undefined ? [] : [`  Assumed: ${assumed}`]),
    ...(answer.session === undefined ? [] : sessionLines(answer.session)),
    ...obligationLines(decision),
    '',
    ...rules.flatMap(ruleLines),
    ...(decision.evaluations ?? []).map(evaluationLine),
    ...(wouldAllow.length === 0
      ? []
      : ['', 'It would be allowed if:', ...wouldAllow.map((way) => `  ${way}`)]),
  ].map(visibleText);
}

function sessionLines({ scopes, needs, cost, budget, refused, detail = '' }: SessionAnswer): string[] {
  const money = cost === undefined ? [] : [`  It costs ${cost} USD of the session's budget of ${budget} USD`];
  return [
    `  In a session with ${scopes.join(', ')}; it needs ${needs.join(' or ')}`,
    ...money,
    ...(refused === undefined
      ? []
      : [`  REFUSED as ${refused}, whatever the rules say. ${detail}`.trimEnd()]),
  ];
}

/** The gateway looks at the arguments after the policy, and only where that lets the call pass. */
function answerLines(policyLine: string, effect: Effect, fault: string | undefined): string[] {
  if (fault === undefined) return [policyLine];
  if (effect !== 'allow' && effect !== 'ask')
    return [policyLine, `  The arguments do not fit either: ${fault}`];
  return [`REFUSED as invalid_arguments: ${fault}`, `  The policy alone answers ${policyLine}`];
}

function decidedBy({ rule, evaluator }: Decision): string {
  if (evaluator !== undefined) return `by evaluator "${evaluator}"`;
  return rule === undefined ? 'by default' : `by rule "${rule}"`;
}

function evaluationLine({ evaluator, effect, shadow, detail }: Evaluation): string {
  const head = shadow === true ? 'evaluator, on trial' : 'evaluator';
  const mark = effect === 'abstain' ? ' ' : '*';
  return `${mark} ${evaluator} (${head}): ${effect}${detail === undefined ? '' : `: ${detail}`}`;
}

function obligationLines({ obligations, shadow }: Decision): string[] {
  const limits = obligations?.limits.map(({ kind, id }) => `  Limit: ${kind} "${id}"`) ?? [];
  const approvals = obligations?.approvals?.map(({ rule }) => `  Approval: as rule "${rule}" says`) ?? [];
  const confirmations =
    obligations?.confirmations?.map(({ rule }) => `  Confirmation of the caller's user: by rule "${rule}"`) ??
    [];
  const trial = shadow === undefined ? [] : [`  With the rules on trial: ${shadow.effect}`];
  return [...limits, ...approvals, ...confirmations, ...trial];
}

function ruleLines({ id, effect, shadow, matched, why, schedules = [], condition }: RuleTrace): string[] {
  const head = shadow === true ? `${effect}, on trial` : effect;
  const lines = [
    `${matched ? '*' : ' '} ${id} (${head}): ${matched ? 'applies' : (why ?? 'does not apply')}`,
  ];
  for (const { text, open } of schedules) lines.push(`    during ${text} -> ${open ? 'open' : 'closed'}`);
  if (condition === undefined) return lines;
  lines.push(`    when ${condition.text} -> ${condition.error ?? String(condition.result)}`);
  for (const [path, value] of Object.entries(condition.values)) lines.push(`    ${path} = ${value}`);
  return lines;
}
