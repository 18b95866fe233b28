import { nearest } from '../lib/nearest.js';
import type { Prompt, Resource, ResourceTemplate, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { BoundRule, TargetBinding } from './binding.js';
import { type CompiledRule, restricts } from './compiled-rule.js';
import type { NamePattern } from './name-pattern.js';
import { paymentTarget } from './payment-target.js';
import { conditionProblem, listNames, type PolicyProblem, problemWith } from './policy-problem.js';
import { RuleRealms, type UpstreamPresence } from './rule-realms.js';
import { exactNames, looseNames } from './target-names.js';

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

/**
 * Checks rules against the upstreams that are configured and what they offer now. No tenant's upstreams have a say in what
 * is wrong with the rules of others: neither can they make good what is, nor is anything of them told there.
 */
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
  readonly #realms: RuleRealms;
  readonly #matches = new Map<CompiledRule, Match[]>();
  #suggestions = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#realms = new RuleRealms(around.upstreams);
    const { tools, prompts = [], resources = [], templates = [] } = around.offer;
    this.#bind(tools, 'tools/call');
    this.#bind(prompts, 'prompts/get');
    this.#bind([...resources, ...templates], 'resources/read');
  }

  check(rule: CompiledRule): PolicyProblem[] {
    // The gateway's own, around what a tenant made.
    if (rule.spec.layer?.callers === 'others') return [];
    const matches = this.#matches.get(rule) ?? [];
    return [
      ...this.#upstreamProblems(rule),
      ...this.#nameProblems(rule, 'tools'),
      ...(this.#around.offer.prompts === undefined ? [] : this.#nameProblems(rule, 'prompts')),
      ...this.#schemaProblems(rule, matches),
      ...this.#absentProblems(rule, matches),
    ];
  }

  #bind(targets: readonly Target[], method: string): void {
    for (const target of targets) {
      const binding = this.#around.bindingOf(target, method);
      for (const bound of binding.onTrial ?? binding.rules) {
        if (!this.#realms.has(bound.rule, target.upstream)) continue;
        const matches = this.#matches.get(bound.rule) ?? [];
        matches.push({ target, binding, bound });
        this.#matches.set(bound.rule, matches);
      }
    }
  }

  #upstreamProblems(rule: CompiledRule): PolicyProblem[] {
    const present = this.#realms.of(rule);
    const ids = present.map(({ id }) => id);
    const told = () => ids.filter((id) => this.#realms.mayTell(rule, id));
    return (rule.upstreams?.patterns ?? [])
      .filter((pattern) => !ids.some((id) => pattern.matches(id)))
      .map(({ text }) => {
        const what = `match.upstreams "${text}" is no configured upstream${this.#choices(text, told)}`;
        return withMissed(rule, present, problem(rule, what, 'upstreams'));
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
    const told = targets.filter(({ upstream }) => this.#realms.mayTell(rule, upstream));
    const names = () => told.flatMap(exactNames);
    const reach = (missing: readonly NamePattern[]) => missing.flatMap((one) => this.#reachOf(one, rule));
    if (unmatched.length === patterns.length) {
      if (guardsWhatMayCome(rule, patterns)) return [];
      const found = listNames(unmatched.map(({ text }) => text));
      const choices = this.#choices(unmatched[0]?.text ?? '', names);
      const what = `can never match: no ${noun} is named ${found}${choices}`;
      return [withMissed(rule, reach(unmatched), problem(rule, what, member))];
    }
    return unmatched
      .filter(({ literal }) => literal !== undefined)
      .map((pattern) => {
        const choices = this.#choices(pattern.text, names);
        const what = `match.${member} "${pattern.text}" is the name of no ${noun}${choices}`;
        return withMissed(rule, reach([pattern]), problem(rule, what, member));
      });
  }

  #inReach(rule: CompiledRule, member: 'tools' | 'prompts'): readonly Target[] {
    const targets: readonly Target[] = this.#around.offer[member] ?? [];
    return targets.filter(
      ({ upstream }) => rule.upstreams?.has(upstream) !== false && this.#realms.has(rule, upstream),
    );
  }

  /** A name that nothing has is told apart from one that is not known yet: every upstream it can be of must be up. */
  #isSettled(pattern: NamePattern, rule: CompiledRule): boolean {
    return this.#reachOf(pattern, rule).every(({ up }) => up);
  }

  #reachOf(pattern: NamePattern, rule: CompiledRule): readonly UpstreamPresence[] {
    const upstreams = this.#realms.of(rule);
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

  /** Tools have schemas of their own; of what shares one, the first speaks for all. */
  #schemaProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
    const told = new Set<object>();
    return matches.flatMap(({ target, binding, bound }) => {
      const findings = bound.inspection?.findings ?? [];
      if (findings.length === 0 || told.has(binding.args)) return [];
      told.add(binding.args);
      const tenant = this.#realms.tenantOf(target.upstream);
      return findings.map((finding) => {
        const found = conditionProblem(rule.spec, finding, target);
        return tenant === undefined ? found : { tenant, ...found };
      });
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

/** What a rule that restricts was meant to stop may be running under another name, anywhere in its reach. */
function withMissed(
  rule: CompiledRule,
  reach: readonly UpstreamPresence[],
  found: PolicyProblem,
): PolicyProblem {
  const [first] = reach;
  const isOfTenant = first?.tenant !== undefined && reach.every(({ tenant }) => tenant !== undefined);
  const whose = isOfTenant && found.tenant === undefined ? { ...found, tenant: first.tenant } : found;
  if (!restricts(rule.spec)) return whose;
  return { ...whose, missed: [...new Set(reach.map(({ id }) => id))] };
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
