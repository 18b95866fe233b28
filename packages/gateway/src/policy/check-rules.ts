import { nearest } from '../lib/nearest.js';
import type { Tool } from '../model/tool.js';
import type { BoundRule, ToolBinding } from './binding.js';
import { type CompiledRule, namesFor, namesOf } from './compiled-rule.js';
import type { Glob } from './glob.js';
import { conditionProblem, listNames, type PolicyProblem, placeOf } from './policy-problem.js';

/** A configured upstream, and whether its tools are known. */
export interface UpstreamPresence {
  readonly id: string;
  readonly up: boolean;
}

export interface Surroundings {
  readonly tools: readonly Tool[];
  readonly upstreams: readonly UpstreamPresence[];
  bindingOf(tool: Tool): ToolBinding;
}

/** Looking for the nearest of many names is slow; whoever has more problems than this has another problem. */
const mostSuggestions = 50;

/** Checks rules against the upstreams that are configured and the tools they offer now. */
export function checkRules(rules: readonly CompiledRule[], around: Surroundings): PolicyProblem[] {
  const checker = new RuleChecker(around);
  return rules.flatMap((rule) => checker.check(rule));
}

interface Match {
  readonly tool: Tool;
  readonly binding: ToolBinding;
  readonly bound: BoundRule;
}

class RuleChecker {
  readonly #around: Surroundings;
  readonly #matches = new Map<CompiledRule, Match[]>();
  #suggestions = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    for (const tool of around.tools) {
      const binding = around.bindingOf(tool);
      for (const bound of binding.rules) {
        const matches = this.#matches.get(bound.rule) ?? [];
        matches.push({ tool, binding, bound });
        this.#matches.set(bound.rule, matches);
      }
    }
  }

  check(rule: CompiledRule): PolicyProblem[] {
    const matches = this.#matches.get(rule) ?? [];
    return [
      ...this.#upstreamProblems(rule),
      ...this.#toolProblems(rule, matches),
      ...schemaProblems(rule, matches),
      ...this.#absentProblems(rule, matches),
    ];
  }

  #upstreamProblems(rule: CompiledRule): PolicyProblem[] {
    const ids = this.#around.upstreams.map(({ id }) => id);
    return (rule.upstreams?.globs ?? [])
      .filter((glob) => !ids.some((id) => glob.matches(id)))
      .map(({ text }) =>
        problem(rule, `match.upstreams "${text}" is no configured upstream${this.#choices(text, () => ids)}`),
      );
  }

  #toolProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
    const globs = rule.tools?.globs ?? [];
    const unmatched = globs.filter(
      (glob) => !this.#isMatched(glob, rule, matches) && this.#isSettled(glob, rule),
    );
    if (unmatched.length === 0) return [];
    const names = () =>
      this.#around.tools.filter((tool) => rule.upstreams?.has(tool.upstream) !== false).flatMap(namesOf);
    if (matches.length === 0 && unmatched.length === globs.length) {
      if (guardsWhatMayCome(rule, globs)) return [];
      const found = listNames(unmatched.map((glob) => glob.text));
      const choices = this.#choices(unmatched[0]?.text ?? '', names);
      return [this.#missing(rule, unmatched, `can never match: no tool is named ${found}${choices}`)];
    }
    return unmatched
      .filter((glob) => glob.literal !== undefined)
      .map((glob) => {
        const choices = this.#choices(glob.text, names);
        return this.#missing(rule, [glob], `match.tools "${glob.text}" is the name of no tool${choices}`);
      });
  }

  /** What a rule that restricts was meant to stop may be running under another name. */
  #missing(rule: CompiledRule, globs: readonly Glob[], what: string): PolicyProblem {
    if (rule.spec.effect === 'allow') return problem(rule, what);
    const missed = new Set(globs.flatMap((glob) => this.#reachOf(glob, rule).map(({ id }) => id)));
    return { ...problem(rule, what), missed: [...missed] };
  }

  #isMatched(glob: Glob, rule: CompiledRule, matches: readonly Match[]): boolean {
    return matches.some(({ tool }) => namesFor(rule, tool).some((name) => glob.matches(name)));
  }

  /** A name that no tool has is told apart from a tool that is not known yet: every upstream it can be of must be up. */
  #isSettled(glob: Glob, rule: CompiledRule): boolean {
    return this.#reachOf(glob, rule).every(({ up }) => up);
  }

  #reachOf(glob: Glob, rule: CompiledRule): readonly UpstreamPresence[] {
    const { upstreams } = this.#around;
    const named = upstreams.find(({ id }) => glob.text.startsWith(`${id}:`));
    return named === undefined ? upstreams.filter(({ id }) => rule.upstreams?.has(id) !== false) : [named];
  }

  /** Members that are asked for with `has` must exist in one tool at least. */
  #absentProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
    const [first] = matches;
    const everywhere = (path: string) =>
      matches.every(({ bound }) => bound.inspection?.absent.includes(path));
    return (first?.bound.inspection?.absent ?? []).filter(everywhere).map((path) => {
      const known = () => matches.flatMap(({ binding }) => [...binding.args.fields.keys()]);
      const choices = this.#choices(path.slice(path.lastIndexOf('.') + 1), known);
      const message = `"${path}" exists in no tool the rule matches${choices}`;
      return conditionProblem(rule.spec, { message }, first?.tool.exposedName);
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

function schemaProblems(rule: CompiledRule, matches: readonly Match[]): PolicyProblem[] {
  return matches.flatMap(({ tool, bound }) =>
    (bound.inspection?.findings ?? []).map((finding) =>
      conditionProblem(rule.spec, finding, tool.exposedName),
    ),
  );
}

function problem(rule: CompiledRule, what: string): PolicyProblem {
  return { rule: rule.spec.id, message: `${placeOf(rule.spec)}: ${what}` };
}

/** A deny or hide with wildcards alone is there for tools that an upstream may offer one day, too. */
function guardsWhatMayCome(rule: CompiledRule, globs: readonly Glob[]): boolean {
  return rule.spec.effect !== 'allow' && globs.every((glob) => glob.literal === undefined);
}
