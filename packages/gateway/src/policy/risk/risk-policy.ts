import { type CompiledMatcher, compileMatcher, MatcherFault, readsArguments } from './compile-matcher.js';
import type { Matcher } from './matcher.js';
import type { RiskAction } from './risk-action.js';
import { type Bands, mostScore, type Outcome, type Outcomes, type WaveNumber, waveOf } from './wave.js';

/** Adds to the score of calls that match; `minWave` is a floor that no score undercuts. */
export interface RiskRule {
  readonly name: string;
  readonly match: Matcher;
  readonly score: number;
  readonly minWave?: WaveNumber | undefined;
  readonly reason?: string | undefined;
}

export interface RiskSpec {
  readonly base: number;
  readonly rules: readonly RiskRule[];
  readonly bands: Bands;
  readonly outcomes: Outcomes;
}

/** One rule's part in an assessment. `untold`: it could not be told whether it matches, and what follows from that. */
export interface Contribution {
  readonly rule: string;
  readonly score: number;
  readonly minWave?: WaveNumber;
  readonly untold?: 'review' | 'block';
}

export interface Assessment {
  readonly wave: WaveNumber;
  readonly outcome: Outcome;
  /** 0 to 100. */
  readonly score: number;
  /** In the order of the rules. */
  readonly contributions: readonly Contribution[];
  readonly reasons: readonly string[];
}

interface CompiledRule {
  readonly rule: RiskRule;
  readonly matches: CompiledMatcher;
  readonly readsArguments: boolean;
}

const severity = { auto: 0, review: 1, block: 2 } as const;

/** Compiled risk rules. Assessing is pure and total, and does not depend on the order of the rules. */
export class RiskPolicy {
  readonly #spec: RiskSpec;
  readonly #rules: readonly CompiledRule[];

  /** Throws MatcherFault, whose path begins with the index of the rule. */
  constructor(spec: RiskSpec) {
    this.#spec = spec;
    this.#rules = spec.rules.map((rule, index) => ({
      rule,
      matches: compileMatcher(rule.match, [index, 'match']),
      readsArguments: readsArguments(rule.match),
    }));
    const names = new Set<string>();
    for (const [index, { name }] of spec.rules.entries()) {
      if (names.has(name)) throw new MatcherFault([index, 'name'], 'is the name of another rule, too');
      names.add(name);
    }
  }

  /** The whole assessment of a call. */
  assess(action: RiskAction): Assessment {
    const matched = this.#rules.flatMap(({ rule, matches }) => contributionOf(rule, matches(action)));
    return this.#conclude(matched);
  }

  /** What no arguments can undercut: floors of rules that do not look at them. */
  leastOutcome(action: RiskAction): Outcome {
    const certain = this.#rules.filter((compiled) => !compiled.readsArguments);
    const floors = certain.filter(({ matches }) => matches(action) === true).map(({ rule }) => rule);
    return this.#outcomeOf(highest(floors));
  }

  #conclude(matched: readonly Matched[]): Assessment {
    const contributions = matched.map(({ contribution }) => contribution);
    const told = contributions.filter(({ untold }) => untold === undefined);
    const score = clamp(told.reduce((sum, one) => sum + one.score, this.#spec.base));
    const untold = contributions.flatMap(({ untold: outcome }) => outcome ?? []);
    const wave = highest([
      ...told,
      { minWave: waveOf(score, this.#spec.bands) },
      ...untold.map((outcome) => ({ minWave: this.#firstWave(outcome) })),
    ]);
    const outcome = [this.#outcomeOf(wave), ...untold].reduce((worst, next) =>
      severity[next] > severity[worst] ? next : worst,
    );
    const reasons = matched.flatMap(({ reason }) => reason ?? []);
    return { wave, outcome, score, contributions, reasons };
  }

  #outcomeOf(wave: WaveNumber): Outcome {
    return this.#spec.outcomes[wave - 1] ?? 'block';
  }

  /** The lowest wave that is at least so bad; the highest where none is. */
  #firstWave(outcome: Outcome): WaveNumber {
    const index = this.#spec.outcomes.findIndex((one) => severity[one] >= severity[outcome]);
    return (index < 0 ? 5 : index + 1) as WaveNumber;
  }
}

interface Matched {
  readonly contribution: Contribution;
  readonly reason: string | undefined;
}

function contributionOf(
  { name, score, minWave, reason }: RiskRule,
  match: ReturnType<CompiledMatcher>,
): Matched[] {
  if (match === false) return [];
  if (match !== true) {
    const why = `Rule "${name}" cannot tell whether it applies.`;
    return [{ contribution: { rule: name, score: 0, untold: match }, reason: why }];
  }
  return [{ contribution: { rule: name, score, ...(minWave !== undefined && { minWave }) }, reason }];
}

function highest(floors: readonly { readonly minWave?: WaveNumber | undefined }[]): WaveNumber {
  return floors.reduce<WaveNumber>((most, { minWave = 1 }) => (minWave > most ? minWave : most), 1);
}

function clamp(score: number): number {
  return Math.min(mostScore, Math.max(0, score));
}
