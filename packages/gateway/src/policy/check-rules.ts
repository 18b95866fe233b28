import { nearest } from '../lib/nearest.js';
import type { Prompt, Resource, ResourceTemplate, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { BoundRule, TargetBinding } from './binding.js';
import { type CompiledRule, restricts } from './compiled-rule.js';
import type { NamePattern } from './name-pattern.js';
import { paymentTarget } from './payment-target.js';
import { conditionProblem, listNames, type PolicyProblem, problemWith } from './policy-problem.js';
import { exactNames, looseNames } from './target-names.js';

/** A configured upstream, and whether its tools are known. */
export interface UpstreamPresence {
  readonly id: string;
  readonly up: boolean;
}

/** What upstreams offer now. Lists that are absent are not looked at. */
export interface Offer {
  readonly tools: readonly Tool[];
  readonly prompts?: readonly Prompt[];
  readonly resources?: readonly Resource[];
  readonly templates?: readonly ResourceTemplate[];
}

export interface Surroundings {
  readonly offer: Offer;
  readonly upstreams: readonly UpstreamPresence[];
  bindingOf(target: Target, method: string): TargetBinding;
}

/** Looking for the nearest of many names is slow; whoever has more problems than this has another problem. */
const mostSuggestions = 50;

/** Checks rules against the upstreams that are configured and what they offer now. */
export function checkRules(rules: readonly CompiledRule[], around: Surroundings): PolicyProblem[] {
  const checker = new RuleChecker(around);
  return rules.flatMap((rule) => checker.check(rule));
}

interface Match {
  readonly target: Target;
  readonly binding: TargetBinding;
  readonly bound: BoundRule;
}

class RuleChecker {
  readonly #around: Surroundings;
  readonly #matches = new Map<CompiledRule, Match[]>();
  #suggestions = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    const { tools, prompts = [], resources = [], templates = [] } = around.offer;
    this.#bind(tools, 'tools/call');
    this.#bind(prompts, 'prompts/get');
    this.#bind([...resources, ...templates], 'resources/read');
  }

  check(rule: CompiledRule): PolicyProblem[] {
    const matches = this.#matches.get(rule) ?? [];
    return [
      ...this.#upstreamProblems(rule),
      ...this.#nameProblems(rule, 'tools'),
      ...(this.#around.offer.prompts === undefined ? [] : this.#nameProblems(rule, 'prompts')),
      ...schemaProblems(rule, matches),
      ...this.#absentProblems(rule, matches),
    ];
  }

  #bind(targets: readonly Target[], method: string): void {
    for (const target of targets) {
      const binding = this.#around.bindingOf(target, method);
      for (const bound of binding.onTrial ?? binding.rules) {
        const matches = this.#matches.get(bound.rule) ?? [];
        matches.push({ target, binding, bound });
        this.#matches.set(bound.rule, matches);
      }
    }
  }

  #upstreamProblems(rule: CompiledRule): PolicyProblem[] {
    const ids = this.#around.upstreams.map(({ id }) => id);
    return (rule.upstreams?.patterns ?? [])
      .filter((pattern) => !ids.some((id) => pattern.matches(id)))
      .map(({ text }) => {
        const what = `match.upstreams "${text}" is no configured upstream${this.#choices(text, () => ids)}`;
        return problem(rule, what, 'upstreams');
      });
  }

  /** Names of tools or prompts that there are none of, told apart from those of upstreams that are down. */
  #nameProblems(rule: CompiledRule, member: 'tools' | 'prompts'): PolicyProblem[] {
    const patterns = rule.targets[member]?.patterns ?? [];
    const targets = this.#inReach(rule, member);
    // Of payments, which are no upstream's to offer, limits may speak alone.
    const isOfPayments = member === 'tools' && (rule.spec.limits ?? []).length > 0;
    const named = isOfPayments ? [...targets, paymentTarget] : targets;
    const isMatched = (pattern: NamePattern) =>
      named.some((target) => namesFor(rule, target).some((name) => pattern.matches(name)));
    const unmatched = patterns.filter((pattern) => !isMatched(pattern) && this.#isSettled(pattern, rule));
    if (unmatched.length === 0) return [];
    const noun = member === 'tools' ? 'tool' : 'prompt';
    const names = () => targets.flatMap(exactNames);
    if (unmatched.length === patterns.length) {
      if (guardsWhatMayCome(rule, patterns)) return [];
      const found = listNames(unmatched.map(({ text }) => text));
      const choices = this.#choices(unmatched[0]?.text ?? '', names);
      const what = `can never match: no ${noun} is named ${found}${choices}`;
      return [this.#withMissed(rule, unmatched, problem(rule, what, member))];
    }
    return unmatched
      .filter(({ literal }) => literal !== undefined)
      .map((pattern) => {
        const choices = this.#choices(pattern.text, names);
        const what = `match.${member} "${pattern.text}" is the name of no ${noun}${choices}`;
        return this.#withMissed(rule, [pattern], problem(rule, what, member));
      });
  }

  #inReach({ upstreams }: CompiledRule, member: 'tools' | 'prompts'): readonly Target[] {
    const targets: readonly Target[] = this.#around.offer[member] ?? [];
    return targets.filter((target) => upstreams?.has(target.upstream) !== false);
  }

  /** What a rule that restricts was meant to stop may be running under another name. */
  #withMissed(rule: CompiledRule, patterns: readonly NamePattern[], found: PolicyProblem): PolicyProblem {
    if (!restricts(rule.spec)) return found;
    const missed = new Set(patterns.flatMap((pattern) => this.#reachOf(pattern, rule).map(({ id }) => id)));
    return { ...found, missed: [...missed] };
  }

  /** A name that nothing has is told apart from one that is not known yet: every upstream it can be of must be up. */
  #isSettled(pattern: NamePattern, rule: CompiledRule): boolean {
    return this.#reachOf(pattern, rule).every(({ up }) => up);
  }

  #reachOf(pattern: NamePattern, rule: CompiledRule): readonly UpstreamPresence[] {
    const { upstreams } = this.#around;
    const named = upstreams.find(({ id }) => pattern.text.startsWith(`${id}:`));
    return named === undefined ? upstreams.filter(({ id }) => rule.upstreams?.has(id) !== false) : [named];
  }

  /** Members that are asked for with `has` must exist in one target at least. */
  #absentProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
    const [first] = matches;
    const everywhere = (path: string) =>
      matches.every(({ bound }) => bound.inspection?.absent.includes(path));
    return (first?.bound.inspection?.absent ?? []).filter(everywhere).map((path) => {
      const known = () => matches.flatMap(({ binding }) => [...binding.args.fields.keys()]);
      const choices = this.#choices(path.slice(path.lastIndexOf('.') + 1), known);
      const message = `"${path}" exists in no tool the rule matches${choices}`;
      return conditionProblem(rule.spec, { message }, first?.target);
    });
  }

  #choices(word: string, candidates: () => readonly string[]): string {
    if (this.#suggestions++ >= mostSuggestions) return '';
    const names = new Set(candidates());
    if (names.size === 0) return '; there are none';
    const near = nearest(word, names);
    return `; there are ${listNames(names)}${near === undefined ? '' : `; did you mean "${near}"?`}`;
  }
}

/** Tools have schemas of their own; of what shares one, the first speaks for all. */
function schemaProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
  const told = new Set<object>();
  return matches.flatMap(({ target, binding, bound }) => {
    const findings = bound.inspection?.findings ?? [];
    if (findings.length === 0 || told.has(binding.args)) return [];
    told.add(binding.args);
    return findings.map((finding) => conditionProblem(rule.spec, finding, target));
  });
}

function problem(rule: CompiledRule, what: string, member: string): PolicyProblem {
  return problemWith(rule.spec, ['match', member], what);
}

function namesFor({ spec }: CompiledRule, target: Target): readonly string[] {
  return restricts(spec) ? looseNames(target) : exactNames(target);
}

/** A rule that restricts, with wildcards alone, is there for what an upstream may offer one day, too. */
function guardsWhatMayCome(rule: CompiledRule, patterns: readonly NamePattern[]): boolean {
  return restricts(rule.spec) && patterns.every(({ literal }) => literal === undefined);
}
