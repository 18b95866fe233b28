import { nearest } from '../lib/nearest.js';
import { CelEngine } from './cel-engine.js';
import type { CompiledRule } from './compiled-rule.js';
import { type Condition, ConditionFaults, compileCondition } from './condition.js';
import { compileGlob, createNameSet, GlobFault, type NameSet } from './glob.js';
import { conditionProblem, PolicyFaults, type PolicyProblem, placeOf } from './policy-problem.js';
import type { RuleMatch, RuleSpec } from './rule.js';

/** What rules govern. Lists follow from it: they show what the caller could call. */
const knownMethods = ['tools/call'];

/** Compiles every rule, or throws PolicyFaults with the problems of all of them. */
export function compileRules(specs: readonly RuleSpec[]): CompiledRule[] {
  const compiler = new RuleCompiler();
  const rules = specs.map((spec) => compiler.compile(spec));
  if (compiler.problems.length > 0) throw new PolicyFaults(compiler.problems);
  return rules;
}

class RuleCompiler {
  readonly problems: PolicyProblem[] = [];
  readonly #engine = new CelEngine();
  readonly #seen = new Map<string, RuleSpec>();
  /** By text: large policies repeat the same condition for many tools. */
  readonly #conditions = new Map<string, Condition | ConditionFaults>();

  compile(spec: RuleSpec): CompiledRule {
    const earlier = this.#seen.get(spec.id);
    if (earlier !== undefined)
      this.#report(spec, `has the id of ${placeOf(earlier)}; give each rule an id of its own`);
    this.#seen.set(spec.id, spec);
    const condition = spec.when === undefined ? undefined : this.#condition(spec, spec.when);
    return {
      spec,
      ...this.#names(spec, 'tools'),
      ...this.#names(spec, 'upstreams'),
      ...this.#names(spec, 'principals'),
      ...this.#names(spec, 'methods'),
      ...(condition === undefined ? {} : { condition }),
    };
  }

  #names(spec: RuleSpec, member: keyof RuleMatch): { [name in keyof RuleMatch]?: NameSet } {
    const texts = spec.match[member];
    if (texts === undefined) return {};
    if (texts.length === 0)
      this.#report(spec, `match.${member} is empty, so the rule can never match; name one or leave it out`);
    const globs = texts.flatMap((text, index) => {
      try {
        return [compileGlob(text)];
      } catch (error) {
        if (!(error instanceof GlobFault)) throw error;
        this.#report(spec, `match.${member}[${index}] "${text}" ${error.message}`);
        return [];
      }
    });
    const set = createNameSet(globs);
    if (member === 'methods') this.#checkMethods(spec, set);
    return { [member]: set };
  }

  #checkMethods(spec: RuleSpec, methods: NameSet): void {
    for (const glob of methods.globs) {
      if (knownMethods.some((method) => glob.matches(method))) continue;
      const near = nearest(glob.text, knownMethods) ?? knownMethods[0];
      this.#report(
        spec,
        `match.methods "${glob.text}" matches no method that is governed; did you mean "${near}"?`,
      );
    }
  }

  #condition(spec: RuleSpec, text: string): Condition | undefined {
    let outcome = this.#conditions.get(text);
    if (outcome === undefined) {
      outcome = this.#compileCondition(text);
      this.#conditions.set(text, outcome);
    }
    if (!(outcome instanceof ConditionFaults)) return outcome;
    for (const finding of outcome.findings) this.problems.push(conditionProblem(spec, finding));
    return undefined;
  }

  #compileCondition(text: string): Condition | ConditionFaults {
    try {
      return compileCondition(text, this.#engine);
    } catch (error) {
      if (error instanceof ConditionFaults) return error;
      throw error;
    }
  }

  #report(spec: RuleSpec, what: string): void {
    this.problems.push({ rule: spec.id, message: `${placeOf(spec)}: ${what}` });
  }
}
