import { isZone } from '../lib/calendar.js';
import { formatMicros } from '../lib/micros.js';
import type { Limit } from '../model/obligation.js';
import { CelEngine } from './cel-engine.js';
import { compileMatch, type Report } from './compile-match.js';
import type { CompiledRule } from './compiled-rule.js';
import { type Condition, ConditionFaults, compileCondition } from './condition.js';
import {
  conditionProblem,
  PolicyFaults,
  type PolicyProblem,
  placeOf,
  problemWith,
} from './policy-problem.js';
import { givesNoVerdict, type PolicySpec, type RuleSpec } from './rule.js';
import { parseSchedule, type Schedule, ScheduleFault } from './schedule.js';

/** Compiles every rule, or throws PolicyFaults with the problems of all of them. */
export function compileRules(spec: PolicySpec): CompiledRule[] {
  const compiler = new RuleCompiler(spec.relayedMethods ?? []);
  const rules = spec.rules.map((rule) => compiler.compile(rule));
  const { problems } = compiler;
  if (problems.length > 0) throw new PolicyFaults(problems);
  return rules;
}

class RuleCompiler {
  readonly problems: PolicyProblem[] = [];
  /** Made with the first condition: it takes a millisecond. */
  #engine: CelEngine | undefined;
  readonly #relayed: readonly string[];
  readonly #seen = new Map<string, RuleSpec>();
  readonly #limits = new Map<string, { content: string; rule: RuleSpec }>();
  /** By text: large policies repeat the same condition for many tools. */
  readonly #conditions = new Map<string, Condition | ConditionFaults>();

  constructor(relayed: readonly string[]) {
    this.#relayed = relayed;
  }

  compile(spec: RuleSpec): CompiledRule {
    const report: Report = (what, path) => this.problems.push(problemWith(spec, path, what));
    const earlier = this.#seen.get(spec.id);
    if (earlier !== undefined)
      report(`has the id of ${placeOf(earlier)}; give each rule an id of its own`, ['id']);
    this.#seen.set(spec.id, spec);
    this.#checkParts(spec, report);
    const match = compileMatch(spec, this.#relayed, (what, path) => report(what, ['match', ...path]));
    const condition = spec.when === undefined ? undefined : this.#condition(spec, spec.when);
    const schedules = spec.during === undefined ? undefined : compileSchedules(spec.during, report);
    return { spec, ...match, ...(condition && { condition }), ...(schedules && { schedules }) };
  }

  /** Parts that only some effects have, and limits that share counters without being the same. */
  #checkParts(spec: RuleSpec, report: Report): void {
    const { effect, limits = [], approval, shadow } = spec;
    if (shadow === true && givesNoVerdict(effect))
      report(`has the effect "${effect}", which is not tried out; leave out shadow`, ['shadow']);
    if (effect === 'limit' && limits.length === 0)
      report('has the effect "limit" and no limits; add some', ['effect']);
    if (limits.length > 0 && (effect === 'deny' || effect === 'hide'))
      report(`has limits, but lets nothing pass; use the effect "limit"`, ['limits']);
    if (approval !== undefined && effect !== 'ask')
      report(`says how a person is asked, but its effect is "${effect}"; use the effect "ask"`, ['approval']);
    for (const [index, limit] of limits.entries())
      this.#checkLimit(limit, spec, (what) => report(what, ['limits', index]));
  }

  #checkLimit(limit: Limit, rule: RuleSpec, report: (what: string) => void): void {
    if ('zone' in limit && limit.zone !== undefined && !isZone(limit.zone))
      report(`names "${limit.zone}", which is no time zone; write an IANA name such as "Europe/Berlin"`);
    const content = JSON.stringify(limit, (_name, value: unknown) =>
      typeof value === 'bigint' ? formatMicros(value) : value,
    );
    const key = `${limit.kind} ${limit.id}`;
    const same = this.#limits.get(key);
    if (same !== undefined && same.content !== content)
      report(
        `the limit "${limit.id}" is another in ${placeOf(same.rule)}; they would share a counter, so give it another id`,
      );
    this.#limits.set(key, { content, rule });
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
    this.#engine ??= new CelEngine();
    try {
      return compileCondition(text, this.#engine);
    } catch (error) {
      if (error instanceof ConditionFaults) return error;
      throw error;
    }
  }
}

function compileSchedules(texts: readonly string[], report: Report): Schedule[] {
  if (texts.length === 0)
    report('during is empty, so the rule never applies; name a schedule or leave it out', ['during']);
  return texts.flatMap((text, index) => {
    try {
      return [parseSchedule(text)];
    } catch (error) {
      if (!(error instanceof ScheduleFault)) throw error;
      report(`during[${index}] "${text}" ${error.message}`, ['during', index]);
      return [];
    }
  });
}
