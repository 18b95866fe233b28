import type { RuleConfig } from '#contract';
import type { Explanation } from '../../policy/explain.js';

/** How often a rule had its say. */
export interface CoveredRule {
  readonly id: string;
  readonly effect: RuleConfig['effect'];
  readonly shadow: boolean;
  /** Whether it has a condition or schedules. */
  readonly conditional: boolean;
  /** Calls that it matched, also where another rule decided. */
  readonly matched: number;
  /** Calls that it decided. */
  readonly decided: number;
  /** Calls that it was about and did not match: its condition or its schedules said no. */
  readonly spared: number;
}

/** Counts which rules of a policy took part in decisions. */
export class RuleCoverage {
  readonly #rules: readonly RuleConfig[];
  readonly #counts = new Map<string, { matched: number; decided: number; spared: number }>();

  constructor(rules: readonly RuleConfig[]) {
    this.#rules = rules;
    for (const { id } of rules) this.#counts.set(id, { matched: 0, decided: 0, spared: 0 });
  }

  note({ decision, rules }: Explanation): void {
    for (const { id, matched, condition, schedules } of rules) {
      const count = this.#counts.get(id);
      if (count === undefined) continue;
      const asked = condition !== undefined && condition.result !== 'not evaluated';
      if (matched) count.matched += 1;
      else if (asked || schedules !== undefined) count.spared += 1;
      if (decision.rule === id) count.decided += 1;
    }
  }

  rules(): CoveredRule[] {
    return this.#rules.map(({ id, effect, shadow = false, when, during }) => ({
      id,
      effect,
      shadow,
      conditional: when !== undefined || during !== undefined,
      ...(this.#counts.get(id) ?? { matched: 0, decided: 0, spared: 0 }),
    }));
  }

  /** Rules that matched no call, or failed for none. */
  missing(): CoveredRule[] {
    return this.rules().filter(({ matched, decided }) => matched + decided === 0);
  }

  /** How many of a hundred rules took part; 100 where there are none. */
  percent(): number {
    const all = this.#rules.length;
    return all === 0 ? 100 : Math.floor(((all - this.missing().length) / all) * 100);
  }
}
