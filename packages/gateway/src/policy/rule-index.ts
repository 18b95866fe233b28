import type { Target } from '../model/target.js';
import { type CompiledRule, fitOfRule, namesTargets } from './compiled-rule.js';
import { memberFor, type TargetMember, targetMembers } from './governed-methods.js';
import type { NamePattern } from './name-pattern.js';
import { type Fit, type TargetNames, targetNamesOf } from './target-names.js';

/** A rule that is about a target, and how surely. */
export interface FittingRule {
  readonly rule: CompiledRule;
  readonly fit: Exclude<Fit, 'no'>;
}

/**
 * Finds the rules that can be about a target without trying them all: rules that name targets are found by name, each
 * distinct pattern is tried once however many rules share it, and the rest are found by upstream.
 */
export class RuleIndex {
  readonly #byName: Readonly<Record<TargetMember, NameIndex>>;
  readonly #byUpstream = new NameIndex();
  readonly #everywhere: CompiledRule[] = [];

  constructor(rules: readonly CompiledRule[]) {
    this.#byName = { tools: new NameIndex(), prompts: new NameIndex(), resources: new NameIndex() };
    for (const rule of rules) {
      for (const member of targetMembers)
        this.#byName[member].add(rule.targets[member]?.patterns ?? [], rule);
      if (namesTargets(rule)) continue;
      if (rule.upstreams === undefined) this.#everywhere.push(rule);
      else this.#byUpstream.add(rule.upstreams.patterns, rule);
    }
  }

  /** The rules about a target asked for with a method; callers and conditions are for the call to tell. */
  rulesFor(target: Target, method: string): FittingRule[] {
    const names = targetNamesOf(target);
    const found = new Set(this.#everywhere);
    this.#byUpstream.collect([target.upstream], found);
    const member = memberFor(target.kind);
    if (member !== undefined) this.#collectByName(this.#byName[member], names, found);
    return [...found].flatMap((rule): FittingRule[] => {
      const fit = fitOfRule(rule, target, { names, method });
      return fit === 'no' ? [] : [{ rule, fit }];
    });
  }

  /** Names that nobody can read for certain, and all that a template stands for, are compared with every rule. */
  #collectByName(index: NameIndex, names: TargetNames, found: Set<CompiledRule>): void {
    if (names.outline !== undefined || names.uri?.unreadable === true) index.collectAll(found);
    else index.collect(new Set([...names.exact, ...names.loose]), found);
  }
}

class NameIndex {
  readonly #literals = new Map<string, CompiledRule[]>();
  readonly #patterns = new Map<string, { pattern: NamePattern; rules: CompiledRule[] }>();

  add(patterns: readonly NamePattern[], rule: CompiledRule): void {
    for (const pattern of patterns) {
      if (pattern.literal === undefined) {
        const entry = this.#patterns.get(pattern.text) ?? { pattern, rules: [] };
        entry.rules.push(rule);
        this.#patterns.set(pattern.text, entry);
      } else {
        const rules = this.#literals.get(pattern.literal) ?? [];
        rules.push(rule);
        this.#literals.set(pattern.literal, rules);
      }
    }
  }

  collect(names: Iterable<string>, found: Set<CompiledRule>): void {
    const all = [...names];
    for (const name of all) for (const rule of this.#literals.get(name) ?? []) found.add(rule);
    for (const { pattern, rules } of this.#patterns.values()) {
      if (all.some((name) => pattern.matches(name))) for (const rule of rules) found.add(rule);
    }
  }

  collectAll(found: Set<CompiledRule>): void {
    for (const rules of this.#literals.values()) for (const rule of rules) found.add(rule);
    for (const { rules } of this.#patterns.values()) for (const rule of rules) found.add(rule);
  }
}
