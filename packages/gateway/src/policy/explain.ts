import type { Decision, Effect, Question } from '../model/decision.js';
import { Activation } from './activation.js';
import type { CelValue } from './bind-value.js';
import type { BoundRule, ToolBinding } from './binding.js';
import { type Answer, ask, concerns } from './combine.js';
import { type CompiledRule, namesFor } from './compiled-rule.js';
import type { Condition } from './condition.js';
import type { NameSet } from './glob.js';

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
  readonly effect: Effect;
  readonly matched: boolean;
  /** Why it did not match. */
  readonly why?: string;
  readonly condition?: ConditionTrace;
}

export interface ConditionTrace {
  readonly text: string;
  readonly result: boolean | 'error' | 'not evaluated';
  /** The values it read, by path, as JSON or in words. */
  readonly values: Readonly<Record<string, string>>;
  readonly error?: string;
}

export interface Trial {
  readonly binding: ToolBinding;
  readonly question: Question;
  readonly rules: readonly CompiledRule[];
  readonly decision: Decision;
}

export function explain(trial: Trial): Explanation {
  const bound = new Map(trial.binding.rules.map((entry) => [entry.rule, entry]));
  const rules = trial.rules.map((rule) => trace(rule, bound.get(rule), trial));
  const { decision } = trial;
  if (decision.effect === 'allow') return { decision, rules };
  return { decision, rules, wouldAllow: remedies(trial, rules) };
}

function trace(rule: CompiledRule, bound: BoundRule | undefined, trial: Trial): RuleTrace {
  const { id, effect, when } = rule.spec;
  const mismatch = mismatchOf(rule, trial.question);
  if (bound === undefined || mismatch !== undefined) {
    const condition: ConditionTrace | undefined =
      when === undefined ? undefined : { text: when, result: 'not evaluated', values: {} };
    return {
      id,
      effect,
      matched: false,
      why: mismatch ?? 'does not match the tool',
      ...(condition && { condition }),
    };
  }
  const answer = ask(bound, trial.question, new Activation(trial.question, trial.binding));
  const why = whyNot(answer);
  const condition = rule.condition && traceCondition(rule.condition, answer, trial);
  return {
    id,
    effect,
    matched: answer === true,
    ...(why !== undefined && { why }),
    ...(condition && { condition }),
  };
}

function mismatchOf(rule: CompiledRule, question: Question): string | undefined {
  const { target, principal, method } = question;
  if (misses(rule.upstreams, target.upstream))
    return `upstream "${target.upstream}" is not among ${shown(rule.upstreams)}`;
  if (rule.tools !== undefined && !namesFor(rule, target).some((name) => rule.tools?.has(name))) {
    return `tool "${target.exposedName}" is not among ${shown(rule.tools)}`;
  }
  if (misses(rule.principals, principal.id))
    return `caller "${principal.id}" is not among ${shown(rule.principals)}`;
  if (misses(rule.methods, method)) return `method "${method}" is not among ${shown(rule.methods)}`;
  return undefined;
}

function whyNot(answer: Answer): string | undefined {
  if (answer === true) return undefined;
  if (answer === false) return 'its condition is false';
  if (answer === 'undecided') return 'its condition depends on the call';
  return `its condition could not be evaluated: ${answer.failure}`;
}

function traceCondition(condition: Condition, answer: Answer, trial: Trial): ConditionTrace {
  const values = Object.fromEntries([...condition.reads.paths].map((path) => [path, valueAt(path, trial)]));
  const { text } = condition;
  if (typeof answer === 'object') return { text, result: 'error', values, error: answer.failure };
  return { text, result: answer === 'undecided' ? 'not evaluated' : answer, values };
}

/** Arguments as the caller sent them. A name with a dot in it reads as absent here; the condition is not affected. */
function valueAt(path: string, { question, binding }: Trial): string {
  const [root = '', ...steps] = path.split('.');
  const activation = new Activation(question, binding);
  const roots: Record<string, unknown> = {
    args: question.args,
    principal: activation.principal,
    tool: activation.tool,
    call: activation.call,
    now: activation.now,
  };
  let value = roots[root];
  for (const step of steps) value = memberOf(value, step);
  return value === undefined ? 'absent' : show(value);
}

function memberOf(value: unknown, name: string): unknown {
  if (value instanceof Map) return value.get(name);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function show(value: unknown): string {
  const plain = (inner: unknown): unknown => {
    if (typeof inner === 'bigint') return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner);
    if (inner instanceof Map) return Object.fromEntries(inner as Map<string, CelValue>);
    return inner;
  };
  const text = JSON.stringify(value, (_name, inner: unknown) => plain(inner)) ?? 'absent';
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}

function remedies(trial: Trial, rules: readonly RuleTrace[]): string[] {
  const { decision } = trial;
  const decided = rules.find((rule) => rule.id === decision.rule);
  if (decided !== undefined) {
    const { id, effect, condition } = decided;
    if (effect === 'allow') return [`Rule "${id}" would have to be evaluable: ${decided.why ?? ''}.`];
    const until =
      condition === undefined ? 'it applies to every call it matches' : `its condition is ${condition.text}`;
    return [`Rule "${id}" (${effect}) would have to stop matching; ${until}.`];
  }
  return trial.rules.flatMap((rule, index) => {
    const tried = rules[index];
    const bound = trial.binding.rules.some((entry) => entry.rule === rule);
    if (rule.spec.effect !== 'allow' || !bound || tried === undefined) return [];
    if (!concerns(rule, trial.question))
      return [`Rule "${rule.spec.id}" allows it for others: ${tried.why ?? ''}.`];
    return [`Rule "${rule.spec.id}" allows it when ${rule.spec.when ?? 'called'}.`];
  });
}

function misses(set: NameSet | undefined, name: string): boolean {
  return set !== undefined && !set.has(name);
}

function shown(set: NameSet | undefined): string {
  return (set?.globs ?? []).map((glob) => `"${glob.text}"`).join(', ');
}
