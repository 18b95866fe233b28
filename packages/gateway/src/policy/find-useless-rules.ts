import { type CompiledRule, namesTargets } from './compiled-rule.js';
import {
  governedMethods,
  isQuestion,
  methodsFor,
  type TargetMember,
  targetMembers,
} from './governed-methods.js';
import type { NamePattern, PatternSet } from './name-pattern.js';
import { outlineOf } from './outline.js';
import { type PolicyProblem, placeOf, problemWith } from './policy-problem.js';
import type { RuleSpec } from './rule.js';

/** Comparing every rule with every other takes too long for large policies; what is left out then is not reported. */
const mostComparisons = 250_000;

const strength = { limit: 0, confirm: 0, allow: 1, ask: 2, deny: 3, hide: 3 } as const;

/**
 * Rules that let calls pass and can never decide one, as another rule without a condition, or with the same, stops
 * everything that they are about.
 */
export function findUselessRules(rules: readonly CompiledRule[]): PolicyProblem[] {
  const stoppers = new StopperIndex(rules);
  let left = mostComparisons;
  return rules.flatMap((rule): PolicyProblem[] => {
    const { effect, shadow } = rule.spec;
    if (shadow === true || (effect !== 'allow' && effect !== 'ask')) return [];
    const candidates = stoppers.candidatesFor(rule);
    left -= candidates.length;
    const stopper = left < 0 ? undefined : candidates.find((other) => stops(other, rule));
    if (stopper === undefined) return [];
    const how = `${placeOf(stopper.spec)} ${verb(stopper)} everything it is about${like(stopper, rule)}`;
    const what = `can never decide a call: ${how}; narrow one of them or remove this one`;
    return [problemWith(rule.spec, [], what)];
  });
}

function verb({ spec: { effect } }: CompiledRule): string {
  return effect === 'ask' ? 'asks for' : effect === 'hide' ? 'hides' : 'denies';
}

function like(stopper: CompiledRule, rule: CompiledRule): string {
  return stopper.spec.when !== undefined && stopper.spec.when === rule.spec.when
    ? ' under the same condition'
    : '';
}

/** Rules that stop calls, found by the names they can have in common with another. */
class StopperIndex {
  readonly #byLiteral = new Map<string, CompiledRule[]>();
  readonly #others: CompiledRule[] = [];

  constructor(rules: readonly CompiledRule[]) {
    for (const rule of rules) {
      if (rule.spec.shadow === true || strength[rule.spec.effect] < strength.ask) continue;
      const patterns = targetMembers.flatMap((member) => rule.targets[member]?.patterns ?? []);
      if (patterns.length === 0 || patterns.some(({ literal }) => literal === undefined))
        this.#others.push(rule);
      else
        for (const { literal = '' } of patterns)
          this.#byLiteral.set(literal, [...(this.#byLiteral.get(literal) ?? []), rule]);
    }
  }

  /** A rule whose names are all written out can only stop one that has its first name among them. */
  candidatesFor(rule: CompiledRule): readonly CompiledRule[] {
    const first = targetMembers.flatMap((member) => rule.targets[member]?.patterns ?? [])[0]?.literal;
    if (first === undefined) return this.#others;
    return [
      ...(this.#byLiteral.get(first) ?? []),
      ...(this.#byLiteral.get(ownName(first) ?? '') ?? []),
      ...this.#others,
    ];
  }
}

function stops(stopper: CompiledRule, rule: CompiledRule): boolean {
  if (stopper === rule || strength[stopper.spec.effect] <= strength[rule.spec.effect]) return false;
  if (!haveOneAuthor(stopper.spec, rule.spec)) return false;
  const { when, during } = stopper.spec;
  if (when !== undefined && when !== rule.spec.when) return false;
  if (during !== undefined && String(during) !== String(rule.spec.during)) return false;
  return coversTargets(stopper, rule) && coversCallers(stopper, rule) && coversMethods(stopper, rule);
}

/** What one author lets pass another may stop, whoever was first: that is what layers are for. */
function haveOneAuthor(one: RuleSpec, other: RuleSpec): boolean {
  return one.layer?.tenant === other.layer?.tenant && one.layer?.policy === other.layer?.policy;
}

function coversCallers(wide: CompiledRule, narrow: CompiledRule): boolean {
  if (!coversSet(wide.upstreams, narrow.upstreams) || !coversSet(wide.principals, narrow.principals))
    return false;
  const { roles, scopes, annotations = {} } = wide.spec.match;
  const others = narrow.spec.match;
  if (roles !== undefined && others.roles?.every((role) => roles.includes(role)) !== true) return false;
  // The scope "admin" of a session is all of them, so that more sessions may fit than are named.
  if (scopes !== undefined && others.scopes?.every((scope) => scopes.includes(scope)) !== true) return false;
  const said = Object.entries(annotations).filter(([, value]) => value !== undefined);
  if (
    said.some(([name, value]) =>
      Object.entries(others.annotations ?? {}).every(([n, v]) => n !== name || v !== value),
    )
  )
    return false;
  return coversLabels(wide.labels, narrow.labels) && coversLabels(wide.sessionLabels, narrow.sessionLabels);
}

function coversLabels(wide: CompiledRule['labels'] = [], narrow: CompiledRule['labels'] = []): boolean {
  return wide.every(([name, values]) =>
    narrow.some(([other, found]) => other === name && coversSet(values, found)),
  );
}

function coversMethods({ methods }: CompiledRule, narrow: CompiledRule): boolean {
  const named = targetMembers.filter((member) => narrow.targets[member] !== undefined);
  const possible = named.length === 0 ? governedMethods : named.flatMap((member) => methodsFor[member]);
  if (methods === undefined)
    return !possible.some((method) => isQuestion(method) && narrow.methods?.has(method));
  if (narrow.methods !== undefined) return coversSet(methods, narrow.methods);
  return named.length > 0 && possible.every((method) => isQuestion(method) || methods.has(method));
}

function coversTargets(wide: CompiledRule, narrow: CompiledRule): boolean {
  if (!namesTargets(wide)) return true;
  if (!namesTargets(narrow)) return false;
  return targetMembers.every((member) => {
    const [mine, theirs] = [wide.targets[member], narrow.targets[member]];
    if (theirs === undefined) return true;
    return mine !== undefined && theirs.patterns.every((pattern) => coversName(mine, pattern, member));
  });
}

/** Rules that stop also mean tools and prompts by the upstream's own name. */
function coversName(wide: PatternSet, pattern: NamePattern, member: TargetMember): boolean {
  const own = member === 'resources' ? undefined : ownName(pattern.literal ?? '');
  if (own !== undefined && wide.patterns.some((other) => other.covers(outlineOf(own)))) return true;
  return coversPattern(wide, pattern);
}

function coversSet(wide: PatternSet | undefined, narrow: PatternSet | undefined): boolean {
  if (wide === undefined) return true;
  return narrow?.patterns.every((pattern) => coversPattern(wide, pattern)) ?? false;
}

function coversPattern(wide: PatternSet, { text, outlines }: NamePattern): boolean {
  if (outlines === undefined) return wide.patterns.some((other) => other.text === text || other.text === '*');
  return outlines.every((outline) => wide.patterns.some((other) => other.covers(outline)));
}

/** The upstream's own name in `fs:read_file`, by which rules that stop also mean the tool. */
function ownName(name: string): string | undefined {
  return /^[a-z0-9][a-z0-9-]{0,31}:(.+)$/.exec(name)?.[1];
}
