/// <reference lib="es2024.string" />
import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { Decision, Effect, Evaluation, ListQuestion, Question } from '../model/decision.js';
import { mostShadowVerdicts } from '../model/decision.js';
import type { RulesVerdict } from './combine.js';
import { unionOf } from './combine.js';
import type { AttachedEvaluator, Verdict } from './evaluator.js';
import type { Explanation } from './explain.js';
import type { Policy } from './policy.js';

/** The domain byte of revisions of rules together with evaluators. */
const panelDomain = 0x18;

/** Reasons and details of evaluators come from elsewhere. */
const longestSentence = 1_024;

const strength = { abstain: 0, allow: 1, ask: 2, deny: 3, hide: 4 } as const;

/** An evaluator's answer, or why there is none. */
interface Statement {
  readonly attached: AttachedEvaluator;
  readonly verdict?: Verdict;
  readonly fault?: string;
}

/** The rules and the evaluators beside them, of which none can loosen what another says. */
export class EvaluatorPanel {
  /** Content hash of the rules and of how the evaluators are configured. */
  readonly revision: string;
  readonly #policy: Policy;
  readonly #evaluators: readonly AttachedEvaluator[];
  readonly #clock: Clock;

  constructor(policy: Policy, evaluators: readonly AttachedEvaluator[], clock: Clock) {
    this.#policy = policy;
    this.#evaluators = evaluators;
    this.#clock = clock;
    this.revision = revisionOf(policy.revision, evaluators);
  }

  /** Whether there are only the rules. */
  get isAlone(): boolean {
    return this.#evaluators.length === 0;
  }

  /** A promise only where an evaluator gives one; for lists never. Never throws or rejects. */
  decide(question: ListQuestion): Decision;
  decide(question: Question): Decision | Promise<Decision>;
  decide(question: Question): Decision | Promise<Decision> {
    const rules = this.#policy.judge(question);
    if (rules.decision?.effect === 'deny' || rules.decision?.effect === 'hide')
      return this.#byRules(rules, question);
    const answers = this.#evaluators.map((attached) => this.#ask(attached, question));
    const known = answers.filter((answer): answer is Statement => !(answer instanceof Promise));
    if (known.length === answers.length) return this.#conclude(rules, known, question);
    const waited = answers.map((answer) => Promise.resolve(answer));
    return Promise.all(waited).then((statements) => this.#conclude(rules, statements, question));
  }

  /** Holds a decision that took time against what the rules say by now. */
  decideAgain(question: Question, decision: Decision): Decision {
    const rules = this.#policy.judge(question);
    const now = this.#byRules(rules, question);
    // What no evaluator decided was decided by the rules, whose default counts where none of them speaks any more.
    const counts = rules.decision !== undefined || decision.evaluator === undefined;
    return counts && strength[now.effect] > strength[decision.effect] ? now : decision;
  }

  /** Every rule tried, and what the evaluators say. */
  async explain(question: Question): Promise<Explanation> {
    const explained = this.#policy.explain(question);
    const decision = await this.decide(question);
    const { wouldAllow = [], rules } = explained;
    if (decision.effect === 'allow') return { rules, decision };
    if (decision.evaluator === undefined) return { ...explained, decision };
    const { evaluator } = decision;
    return {
      rules,
      decision,
      wouldAllow: [...wouldAllow, `Evaluator "${evaluator}" would have to allow it.`],
    };
  }

  #byRules(rules: RulesVerdict, question: Question): Decision {
    return { ...this.#policy.conclude(rules, question), revision: this.revision };
  }

  #ask(attached: AttachedEvaluator, question: Question): Statement | Promise<Statement> {
    const { evaluator, timeoutMs } = attached;
    const cancel = new Cancellation();
    try {
      if (question.action === 'list') return stated(attached, evaluator.list?.(question) ?? couldAllow);
      const askedAt = this.#clock.now();
      const answer: unknown = evaluator.evaluate(question, cancel);
      if (this.#clock.now() - askedAt > timeoutMs) throw new Error(`did not answer within ${timeoutMs} ms`);
      if (!(answer instanceof Promise)) return stated(attached, answer);
      return this.#within(timeoutMs, answer, cancel).then(
        (verdict) => stated(attached, verdict),
        (cause: unknown) => faulty(attached, cause),
      );
    } catch (cause) {
      return faulty(attached, cause);
    }
  }

  #within(ms: number, answer: Promise<unknown>, cancel: Cancellation): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(ms, () => {
        reject(new Error(`did not answer within ${ms} ms`));
        cancel.abort();
      });
      answer.then(resolve, reject).finally(stop);
    });
  }

  #conclude(rules: RulesVerdict, statements: readonly Statement[], question: Question): Decision {
    const enforced = statements.filter(({ attached }) => attached.shadow !== true);
    const strongest = enforced.reduce<Statement | undefined>(
      (best, next) =>
        strength[effectOf(next)] > (best === undefined ? 0 : strength[effectOf(best)]) ? next : best,
      undefined,
    );
    const byRules = strength[rules.decision?.effect ?? 'abstain'];
    const decides =
      strongest !== undefined && strength[effectOf(strongest)] > byRules ? strongest : undefined;
    const decision =
      decides === undefined ? this.#byRules(rules, question) : decisionOf(decides, this.revision);
    return {
      ...withObligations(decision, rules, enforced),
      evaluations: statements.map(evaluationOf),
      ...this.#shadowOf(rules, statements, decision),
    };
  }

  /** What the decision would be with everything on trial in force. */
  #shadowOf(
    { decision: ruled, trial }: RulesVerdict,
    statements: readonly Statement[],
    decision: Decision,
  ): Pick<Decision, 'shadow'> {
    const speaking = statements.filter((one) => one.attached.shadow === true && effectOf(one) !== 'abstain');
    if (speaking.length === 0 && trial === undefined) return {};
    const effects = [trial?.effect ?? ruled?.effect ?? 'abstain', ...statements.map(effectOf)];
    const most = effects.reduce((best, next) => (strength[next] > strength[best] ? next : best));
    const verdicts = [
      ...(trial?.verdicts ?? []),
      ...speaking.map((one) => ({
        by: one.attached.evaluator.name,
        effect: one.fault === undefined ? enforceable(effectOf(one)) : ('fault' as const),
      })),
    ];
    return {
      shadow: {
        effect: most === 'abstain' ? decision.effect : most,
        verdicts: verdicts.slice(0, mostShadowVerdicts),
      },
    };
  }
}

/** What an evaluator that cannot answer for lists could say of some call. */
const couldAllow: Verdict = { effect: 'allow' };

function stated(attached: AttachedEvaluator, verdict: unknown): Statement {
  return isVerdict(verdict)
    ? { attached, verdict }
    : { attached, fault: 'gave an answer that is no verdict' };
}

function faulty(attached: AttachedEvaluator, cause: unknown): Statement {
  return { attached, fault: cause instanceof Error ? cause.message : 'failed' };
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false;
  const { effect, reason, detail, obligations } = value as Partial<Record<keyof Verdict, unknown>>;
  if (typeof effect !== 'string' || !Object.hasOwn(strength, effect)) return false;
  const texts = [reason, detail].every((text) => text === undefined || typeof text === 'string');
  const limits = (obligations as Verdict['obligations'])?.limits;
  return texts && (obligations === undefined || Array.isArray(limits));
}

function effectOf({ attached, verdict }: Statement): Verdict['effect'] {
  return verdict?.effect ?? attached.onFault ?? 'deny';
}

function enforceable(effect: Verdict['effect']): Effect {
  return effect === 'abstain' ? 'deny' : effect;
}

function decisionOf({ attached, verdict, fault }: Statement, revision: string): Decision {
  const { name } = attached.evaluator;
  if (verdict === undefined) {
    const reason = 'A part of the policy could not be evaluated for this call, so the call is denied.';
    return {
      effect: 'deny',
      evaluator: name,
      reason,
      detail: clip(`evaluator "${name}" ${fault ?? 'failed'}`),
      revision,
    };
  }
  const reason = verdict.reason === undefined ? `Decided by "${name}".` : clip(verdict.reason);
  const detail = verdict.detail === undefined ? {} : { detail: clip(verdict.detail) };
  return { effect: enforceable(verdict.effect), evaluator: name, reason, revision, ...detail };
}

function withObligations(decision: Decision, rules: RulesVerdict, enforced: readonly Statement[]): Decision {
  const { obligations: _own, ...bare } = decision;
  if (decision.effect !== 'allow' && decision.effect !== 'ask') return bare;
  const all = [
    rules.decision?.obligations ?? rules.obligations,
    ...enforced.map(({ verdict }) => verdict?.obligations),
  ];
  const asked = all.filter((one) => one !== undefined);
  return asked.length === 0 ? bare : { ...bare, obligations: unionOf(asked) };
}

function evaluationOf({ attached, verdict, fault }: Statement): Evaluation {
  const { evaluator, shadow } = attached;
  const detail = fault ?? verdict?.detail;
  return {
    evaluator: evaluator.name,
    effect: fault === undefined ? (verdict?.effect ?? 'abstain') : 'fault',
    ...(shadow === true && { shadow }),
    ...(detail !== undefined && { detail: clip(detail) }),
    ...(verdict?.findings && { findings: verdict.findings }),
  };
}

/** The same rules with other evaluators are another policy. */
function revisionOf(rules: string, evaluators: readonly AttachedEvaluator[]): string {
  if (evaluators.length === 0) return rules;
  const parts = evaluators.map(({ evaluator, revision, timeoutMs, shadow = false, onFault = 'deny' }) => ({
    name: evaluator.name,
    configured: revision ?? '',
    decidesBy: evaluator.revision ?? '',
    timeoutMs,
    shadow,
    onFault,
  }));
  return digest(panelDomain, canonicalJson({ rules, evaluators: parts }));
}

function clip(text: string): string {
  return text.slice(0, longestSentence).toWellFormed();
}
