import type { Target } from '../../model/target.js';
import { bindTarget } from '../../policy/binding.js';
import type { Offer } from '../../policy/check-rules.js';
import type { CompiledRule } from '../../policy/compiled-rule.js';
import { governedMethods, memberFor, methodsFor } from '../../policy/governed-methods.js';
import { RuleIndex } from '../../policy/rule-index.js';

/** A target together with a method that can be about it. */
export interface Use {
  readonly target: Target;
  readonly method: string;
}

/** A rule as it is about one use. */
export interface UsedRule {
  readonly rule: CompiledRule;
  /** Whether it is about some of what a template stands for only. */
  readonly partly: boolean;
}

/** Which rules are about what, among all that servers offer; rules on trial are left out. */
export class BoundRules {
  readonly #usesOf = new Map<CompiledRule, Map<Use, UsedRule>>();
  readonly #rulesOf = new Map<Use, readonly UsedRule[]>();

  constructor(rules: readonly CompiledRule[], offer: Offer) {
    const context = { index: new RuleIndex(rules), revision: '', inspections: new WeakMap() };
    const { tools, prompts = [], resources = [], templates = [] } = offer;
    for (const target of [...tools, ...prompts, ...resources, ...templates]) {
      const member = memberFor(target.kind);
      for (const method of member === undefined ? governedMethods : methodsFor[member]) {
        const bound = bindTarget(target, method, context).rules;
        this.#note({ target, method }, bound);
      }
    }
  }

  /** What a rule is about; empty where that is nothing. */
  usesOf(rule: CompiledRule): ReadonlyMap<Use, UsedRule> {
    return this.#usesOf.get(rule) ?? new Map<Use, UsedRule>();
  }

  /** Every rule that is about a use. */
  rulesOf(use: Use): readonly UsedRule[] {
    return this.#rulesOf.get(use) ?? [];
  }

  /** Every use of a tool by calling it. */
  toolCalls(): Use[] {
    return [...this.#rulesOf.keys()].filter(
      ({ target, method }) => target.kind === 'tool' && method === 'tools/call',
    );
  }

  #note(use: Use, bound: readonly UsedRule[]): void {
    this.#rulesOf.set(use, bound);
    for (const one of bound) {
      const uses = this.#usesOf.get(one.rule) ?? new Map<Use, UsedRule>();
      uses.set(use, one);
      this.#usesOf.set(one.rule, uses);
    }
  }
}
