import type { Decision, Question } from '../model/decision.js';
import { Activation } from './activation.js';
import type { BoundRule, TargetBinding } from './binding.js';
import { type Answer, ask } from './combine.js';
import { type CompiledRule, concerns } from './compiled-rule.js';
import { mismatchOf } from './mismatch.js';
import type { RuleEffect } from './rule.js';
import { valuesRead } from './values-read.js';

/** A decision with everything that went into it, for operators. */
export interface Explanation {
  readonly decision: Decision;
  /** Every rule, in the order of the configuration. */
  readonly rules: readonly RuleTrace[];
  /** For a no: what would have to be otherwise, a sentence per rule. */
  readonly wouldAllow?: readonly string[];
}

export interface RuleTrace {
  readonly id: string;
  readonly effect: RuleEffect;
  readonly matched: boolean;
  /** On trial: what it says is recorded and does not count. */
  readonly shadow?: true;
  /** Why it did not match. */
  readonly why?: string;
  readonly schedules?: readonly ScheduleTrace[];
  readonly condition?: ConditionTrace;
}

export interface ScheduleTrace {
  readonly text: string;
  readonly open: boolean;
}

export interface ConditionTrace {
  readonly text: string;
  readonly result: boolean | 'error' | 'not evaluated';
  /** The values it read and what its functions answered, by their text, as JSON or in words. */
  readonly values: Readonly<Record<string, string>>;
  readonly error?: string;
}

export interface Trial {
  readonly binding: TargetBinding;
  readonly question: Question;
  readonly rules: readonly CompiledRule[];
  readonly decision: Decision;
}

export function explain(trial: Trial): Explanation {
  const { rules: inForce, onTrial } = trial.binding;
  const bound = new Map((onTrial ?? inForce).map((entry) => [entry.rule, entry]));
  const rules = trial.rules.map((rule) => trace(rule, bound.get(rule), trial));
  const { decision } = trial;
  if (decision.effect === 'allow') return { decision, rules };
  return { decision, rules, wouldAllow: remedies(trial, rules) };
}

function trace(rule: CompiledRule, bound: BoundRule | undefined, trial: Trial): RuleTrace {
  const { id, effect, shadow, when } = rule.spec;
  const { question, binding } = trial;
  const mismatch = mismatchOf(rule, bound !== undefined, question);
  const head = { id, effect, ...(shadow === true && { shadow }) };
  if (bound === undefined || mismatch !== undefined) {
    const why = mismatch ?? 'does not match';
    if (when === undefined) return { ...head, matched: false, why };
    return { ...head, matched: false, why, condition: { text: when, result: 'not evaluated', values: {} } };
  }
  const activation = new Activation(question, binding);
  const answer = ask(bound, question, activation);
  const schedules = rule.schedules?.map((schedule) => ({
    text: schedule.text,
    open: schedule.includes(question.at),
  }));
  const closed = question.action === 'call' && schedules?.every(({ open }) => !open) === true;
  const why = closed ? 'none of its schedules is open' : whyNot(answer);
  const condition = when === undefined ? undefined : traceCondition(rule, closed ? 'closed' : answer, trial);
  return {
    ...head,
    matched: answer === true,
    ...(why !== undefined && { why }),
    ...(schedules && { schedules }),
    ...(condition && { condition }),
  };
}

function whyNot(answer: Answer): string | undefined {
  if (answer === true) return undefined;
  if (answer === false) return 'its condition is false';
  if (answer === 'undecided') return 'it depends on the call';
  return `its condition could not be evaluated: ${answer.failure}`;
}

function traceCondition(
  rule: CompiledRule,
  answer: Answer | 'closed',
  trial: Trial,
): ConditionTrace | undefined {
  const { condition } = rule;
  if (condition === undefined) return undefined;
  const { text } = condition;
  const values = valuesRead(condition, trial.question, trial.binding);
  if (typeof answer === 'object') return { text, result: 'error', values, error: answer.failure };
  return { text, result: typeof answer === 'boolean' ? answer : 'not evaluated', values };
}

function remedies(trial: Trial, rules: readonly RuleTrace[]): string[] {
  const { decision } = trial;
  const decided = rules.find((rule) => rule.id === decision.rule);
  if (decision.effect === 'ask') return ['A person would have to approve it.'];
  if (decided !== undefined) {
    const { id, effect, condition, why } = decided;
    if (condition?.result === 'error' || (effect !== 'deny' && effect !== 'hide'))
      return [`Rule "${id}" would have to be evaluable: ${why ?? ''}.`];
    const until =
      condition === undefined ? 'it applies to every call it matches' : `its condition is ${condition.text}`;
    return [`Rule "${id}" (${effect}) would have to stop matching; ${until}.`];
  }
  const { onTrial, rules: inForce } = trial.binding;
  return trial.rules.flatMap((rule, index) => {
    const tried = rules[index];
    const { id, effect, shadow, when, during } = rule.spec;
    const isAbout = (onTrial ?? inForce).some((entry) => entry.rule === rule);
    if ((effect !== 'allow' && effect !== 'ask') || shadow === true || !isAbout || tried === undefined)
      return [];
    if (!concerns(rule, trial.question)) return [`Rule "${id}" allows it for others: ${tried.why ?? ''}.`];
    const times = during === undefined ? '' : ` during ${during.join(' or ')}`;
    const done = effect === 'ask' ? 'lets a person approve it' : 'allows it';
    return [`Rule "${id}" ${done}${times} when ${when ?? 'called'}.`];
  });
}
