import type { Target } from '../model/target.js';
import { type CompiledRule, namesOf } from './compiled-rule.js';
import type { Glob } from './glob.js';

/**
 * Finds the rules that can match a tool without trying them all: rules that name tools are found by name, each distinct
 * pattern is tried once however many rules share it, and the rest are found by upstream.
 */
export class RuleIndex {
  readonly #byName = new NameIndex();
  /** Rules that deny or hide also mean a tool by its upstream's own name (see namesFor). */
  readonly #restrictingByName = new NameIndex();
  readonly #byUpstream = new NameIndex();
  readonly #everywhere: CompiledRule[] = [];

  constructor(rules: readonly CompiledRule[]) {
    for (const rule of rules) {
      if (rule.tools !== undefined) {
        this.#byName.add(rule.tools.globs, rule);
        if (rule.spec.effect !== 'allow') this.#restrictingByName.add(rule.tools.globs, rule);
      } else if (rule.upstreams !== undefined) this.#byUpstream.add(rule.upstreams.globs, rule);
      else this.#everywhere.push(rule);
    }
  }

  /** The rules whose `tools` and `upstreams` match; principals, methods and conditions are for the call to tell. */
  rulesFor(target: Target): ReadonlySet<CompiledRule> {
    const found = new Set(this.#everywhere);
    for (const name of namesOf(target)) this.#byName.collect(name, found);
    this.#restrictingByName.collect(target.name, found);
    this.#byUpstream.collect(target.upstream, found);
    for (const rule of found) if (rule.upstreams?.has(target.upstream) === false) found.delete(rule);
    return found;
  }
}

class NameIndex {
  readonly #literals = new Map<string, CompiledRule[]>();
  readonly #patterns = new Map<string, { glob: Glob; rules: CompiledRule[] }>();

  add(globs: readonly Glob[], rule: CompiledRule): void {
    for (const glob of globs) {
      if (glob.literal === undefined) {
        const entry = this.#patterns.get(glob.text) ?? { glob, rules: [] };
        entry.rules.push(rule);
        this.#patterns.set(glob.text, entry);
      } else {
        const rules = this.#literals.get(glob.literal) ?? [];
        rules.push(rule);
        this.#literals.set(glob.literal, rules);
      }
    }
  }

  collect(name: string, found: Set<CompiledRule>): void {
    for (const rule of this.#literals.get(name) ?? []) found.add(rule);
    for (const { glob, rules } of this.#patterns.values()) {
      if (glob.matches(name)) for (const rule of rules) found.add(rule);
    }
  }
}
