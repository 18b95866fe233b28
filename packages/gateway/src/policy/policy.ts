import { LRUCache } from 'lru-cache';
import { type Decision, mostShadowVerdicts, type Question } from '../model/decision.js';
import type { Resource, Target } from '../model/target.js';
import { type BindingContext, bindTarget, type TargetBinding } from './binding.js';
import { checkRules, type Offer } from './check-rules.js';
import { combine, type RulesVerdict } from './combine.js';
import { compileRules } from './compile-rules.js';
import type { CompiledRule } from './compiled-rule.js';
import { type Explanation, explain } from './explain.js';
import { findUselessRules } from './find-useless-rules.js';
import { governedMethods, methodAskedFor } from './governed-methods.js';
import { type FoundLimits, limitsOn } from './limits-on.js';
import type { PolicyProblem } from './policy-problem.js';
import { revisionOf } from './revision.js';
import type { PolicySpec } from './rule.js';
import { RuleIndex } from './rule-index.js';
import type { UpstreamPresence } from './rule-realms.js';

const mostUnlisted = 1_000;

/** A compiled policy. It never changes; a changed configuration makes another one. */
export class Policy {
  /** Content hash of the rules, whatever their order: `sha256:...`. */
  readonly revision: string;
  /** Whether a condition asks what callers did before, so that somebody has to keep it. */
  readonly readsHistory: boolean;
  /** Whether a condition asks where data came from, for which results must be looked at, too. */
  readonly followsData: boolean;
  readonly #default: 'allow' | 'deny';
  readonly #rules: readonly CompiledRule[];
  readonly #context: BindingContext;
  readonly #bindings: ReadonlyMap<string, WeakMap<Target, TargetBinding>>;
  /** Of resources that no list names, which are made anew for each call, by method and URI. */
  readonly #unlisted = new LRUCache<string, TargetBinding>({ max: mostUnlisted });
  #useless: readonly PolicyProblem[] | undefined;

  constructor(spec: PolicySpec, rules: readonly CompiledRule[]) {
    this.revision = revisionOf(spec);
    this.readsHistory = rules.some(({ condition }) => condition?.readsHistory);
    this.followsData = rules.some(({ condition }) => condition?.followsData);
    this.#default = spec.default;
    this.#rules = rules;
    this.#context = { index: new RuleIndex(rules), revision: this.revision, inspections: new WeakMap() };
    const methods = [...governedMethods, ...(spec.relayedMethods ?? [])];
    this.#bindings = new Map(methods.map((method) => [method, new WeakMap()]));
  }

  /**
   * Answers for a call, or for a list whether the target could ever be called. Never throws: what cannot be evaluated
   * is denied. The cost depends on the rules that can be about the target, not on how many there are.
   */
  decide(question: Question): Decision {
    return this.conclude(this.judge(question), question);
  }

  /** What the rules say, before the default and other evaluators are heard. */
  judge(question: Question): RulesVerdict {
    return combine(this.#bindingOf(question.target, methodAskedFor(question)), question);
  }

  /** The limits that go with something that is no call, and that no rule lets pass or stops. Never throws. */
  limitsOn(question: Question): FoundLimits {
    return limitsOn(this.#bindingOf(question.target, methodAskedFor(question)), question);
  }

  /** The decision when nobody but the rules and the default speaks. */
  conclude({ decision, obligations, trial }: RulesVerdict, question: Question): Decision {
    const concluded = decision ?? this.#fallback(question, obligations);
    if (trial === undefined) return concluded;
    const { verdicts } = trial;
    const effect = trial.effect === 'abstain' ? this.#default : trial.effect;
    return { ...concluded, shadow: { effect, verdicts: verdicts.slice(0, mostShadowVerdicts) } };
  }

  /** Every rule tried, what its condition saw, and what would have allowed the call. */
  explain(question: Question): Explanation {
    const binding = this.#bindingOf(question.target, methodAskedFor(question));
    return explain({ binding, question, rules: this.#rules, decision: this.decide(question) });
  }

  /**
   * What is wrong with the rules given what there is: conditions that do not fit a schema, rules that can never match or
   * decide. Tools of upstreams that are down are checked when asked again; until then faulty rules deny for them.
   */
  check(offer: Offer, upstreams: readonly UpstreamPresence[]): PolicyProblem[] {
    this.#useless ??= findUselessRules(this.#rules);
    const bindingOf = (target: Target, method: string) => this.#bindingOf(target, method);
    return [...this.#useless, ...checkRules(this.#rules, { offer, upstreams, bindingOf })];
  }

  #fallback({ principal, target }: Question, obligations: RulesVerdict['obligations']): Decision {
    const { revision } = this;
    if (this.#default === 'allow') {
      const reason = 'No rule is against it, and the default is to allow.';
      return { effect: 'allow', reason, revision, ...(obligations && { obligations }) };
    }
    const verb = target.kind === 'tool' ? 'call' : 'use';
    return {
      effect: 'deny',
      reason: `No rule allows ${principal.id} to ${verb} ${target.exposedName}.`,
      revision,
    };
  }

  #bindingOf(target: Target, method: string): TargetBinding {
    if (target.kind === 'resource' && target.definition === undefined)
      return this.#unlistedBinding(target, method);
    const known = this.#bindings.get(method);
    let binding = known?.get(target);
    if (binding === undefined) {
      binding = bindTarget(target, method, this.#context);
      known?.set(target, binding);
    }
    return binding;
  }

  #unlistedBinding(target: Resource, method: string): TargetBinding {
    const key = JSON.stringify([method, target.upstream, target.exposedName, target.name]);
    let binding = this.#unlisted.get(key);
    if (binding === undefined) {
      binding = bindTarget(target, method, this.#context);
      this.#unlisted.set(key, binding);
    }
    return binding;
  }
}

/** Throws PolicyFaults with every problem that shows without knowing any tool. */
export function compilePolicy(spec: PolicySpec): Policy {
  return new Policy(spec, compileRules(spec));
}
