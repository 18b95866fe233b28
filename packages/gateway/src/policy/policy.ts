import type { Decision, Question } from '../model/decision.js';
import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { bindTool, type ToolBinding } from './binding.js';
import { checkRules, type UpstreamPresence } from './check-rules.js';
import { combine, type Fallback } from './combine.js';
import { compileRules } from './compile-rules.js';
import type { CompiledRule } from './compiled-rule.js';
import { type Explanation, explain } from './explain.js';
import type { PolicyProblem } from './policy-problem.js';
import { revisionOf } from './revision.js';
import type { PolicySpec } from './rule.js';
import { RuleIndex } from './rule-index.js';

/** A compiled policy. It never changes; a changed configuration makes another one. */
export class Policy {
  /** Content hash of the rules, whatever their order: `sha256:...`. */
  readonly revision: string;
  readonly #rules: readonly CompiledRule[];
  readonly #index: RuleIndex;
  readonly #fallback: Fallback;
  readonly #bindings = new WeakMap<Target, ToolBinding>();

  constructor(spec: PolicySpec, rules: readonly CompiledRule[]) {
    this.revision = revisionOf(spec);
    this.#rules = rules;
    this.#index = new RuleIndex(rules);
    this.#fallback = { effect: spec.default, revision: this.revision };
  }

  /**
   * Answers for a call, or for a list whether the target could ever be called. Never throws: what cannot be evaluated
   * is denied. The cost depends on the rules that can match the tool, not on how many there are.
   */
  decide(question: Question): Decision {
    return combine(this.#bindingOf(question.target), question, this.#fallback);
  }

  /** Every rule tried, what its condition saw, and what would have allowed the call. */
  explain(question: Question): Explanation {
    const binding = this.#bindingOf(question.target);
    return explain({ binding, question, rules: this.#rules, decision: this.decide(question) });
  }

  /**
   * What is wrong with the rules given the tools there are: conditions that do not fit a schema, rules that can never
   * match. Tools of upstreams that are down are checked when asked again; until then faulty rules deny for them.
   */
  check(tools: readonly Tool[], upstreams: readonly UpstreamPresence[]): PolicyProblem[] {
    return checkRules(this.#rules, { tools, upstreams, bindingOf: (tool) => this.#bindingOf(tool) });
  }

  #bindingOf(target: Target): ToolBinding {
    let binding = this.#bindings.get(target);
    if (binding === undefined) {
      binding = bindTool(target, this.#index, this.revision);
      this.#bindings.set(target, binding);
    }
    return binding;
  }
}

/** Throws PolicyFaults with every problem that shows without knowing any tool. */
export function compilePolicy(spec: PolicySpec): Policy {
  return new Policy(spec, compileRules(spec.rules));
}
