import { nearest } from '../lib/nearest.js';
import type { Tool } from '../model/tool.js';
import type { BoundRule, ToolBinding } from './binding.js';
import { type CompiledRule, namesOf } from './compiled-rule.js';
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
  readonly #toolsByName = new Map<string, Tool>();
  #suggestions = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    for (const tool of around.tools) {
      for (const name of namesOf(tool)) this.#toolsByName.set(name, tool);
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
      return [problem(rule, `can never match: no tool is named ${found}${choices}`)];
    }
    return unmatched
      .filter((glob) => glob.literal !== undefined)
      .map(({ text }) =>
        problem(rule, `match.tools "${text}" is the name of no tool${this.#choices(text, names)}`),
      );
  }

  #isMatched(glob: Glob, rule: CompiledRule, matches: readonly Match[]): boolean {
    if (glob.literal === undefined)
      return matches.some(({ tool }) => namesOf(tool).some((name) => glob.matches(name)));
    const tool = this.#toolsByName.get(glob.literal);
    return tool !== undefined && rule.upstreams?.has(tool.upstream) !== false;
  }

  /** A name that no tool has is told apart from a tool that is not known yet: every upstream it can be of must be up. */
  #isSettled(glob: Glob, rule: CompiledRule): boolean {
    const { upstreams } = this.#around;
    const named = upstreams.find(({ id }) => glob.text.startsWith(`${id}:`));
    const reach =
      named === undefined ? upstreams.filter(({ id }) => rule.upstreams?.has(id) !== false) : [named];
    return reach.every(({ up }) => up);
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
