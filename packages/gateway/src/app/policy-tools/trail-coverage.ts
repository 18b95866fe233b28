import type { RuleConfig } from '#contract';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonValue } from '../../model/json.js';
import type { AuditRecord } from '../../model/record.js';

/** How often a rule, an evaluator or the default decided, by the trail. */
export interface Decided {
  readonly id: string;
  /** What the rule answers by the configuration; absent for what is in the trail only. */
  readonly effect?: RuleConfig['effect'];
  readonly shadow?: true;
  /** Decisions by effect: `{ allow: 12 }`. */
  readonly decisions: Readonly<Record<string, number>>;
  /** For a rule on trial: how often it had something to say. */
  readonly spoke: number;
  /** RFC 3339; absent where it never had its say. */
  readonly last?: string;
}

export interface TrailReport {
  readonly records: number;
  /** Records of other revisions of the policy, of which rules of the same name may have said something else. */
  readonly otherRevisions: number;
  /** Rules of the configuration, in its order. */
  readonly rules: readonly Decided[];
  /** Rules that decided and are in the configuration no more. */
  readonly former: readonly Decided[];
  readonly evaluators: readonly Decided[];
  readonly byDefault: Decided;
}

interface Count {
  decisions: Record<string, number>;
  spoke: number;
  last: string | undefined;
}

/** Counts decisions of calls and of what servers asked, one record after another, in any order. */
export class TrailCoverage {
  readonly #revision: string;
  readonly #rules = new Map<string, Count>();
  readonly #evaluators = new Map<string, Count>();
  readonly #default: Count = { decisions: {}, spoke: 0, last: undefined };
  #records = 0;
  #others = 0;

  constructor(revision: string) {
    this.#revision = revision;
  }

  note({ at, effect, policy, shadow }: AuditRecord): void {
    if (typeof effect !== 'string' || !isJsonObject(policy)) return;
    this.#records += 1;
    if (policy.rev !== this.#revision) this.#others += 1;
    const { rule, evaluator } = policy;
    if (typeof rule === 'string') decided(countOf(this.#rules, rule), effect, at);
    else if (typeof evaluator === 'string') decided(countOf(this.#evaluators, evaluator), effect, at);
    else decided(this.#default, effect, at);
    for (const by of speakersIn(shadow)) {
      const count = countOf(this.#rules, by);
      count.spoke += 1;
      count.last = later(count.last, at);
    }
  }

  report(rules: readonly RuleConfig[]): TrailReport {
    const known = new Set(rules.map(({ id }) => id));
    const former = [...this.#rules].filter(([id]) => !known.has(id));
    return {
      records: this.#records,
      otherRevisions: this.#others,
      rules: rules.map(({ id, effect, shadow }) => ({
        ...toldOf(id, this.#rules.get(id)),
        effect,
        ...(shadow === true && { shadow }),
      })),
      former: former.map(([id, count]) => toldOf(id, count)),
      evaluators: [...this.#evaluators].map(([id, count]) => toldOf(id, count)),
      byDefault: toldOf('default', this.#default),
    };
  }
}

/** Ids come from the trail, which only the gateway writes; it has as many as there were rules. */
function countOf(counts: Map<string, Count>, id: string): Count {
  const known = counts.get(id) ?? { decisions: {}, spoke: 0, last: undefined };
  counts.set(id, known);
  return known;
}

function decided(count: Count, effect: string, at: string): void {
  count.decisions[effect] = (count.decisions[effect] ?? 0) + 1;
  count.last = later(count.last, at);
}

function later(one: string | undefined, other: string): string {
  return one === undefined || other > one ? other : one;
}

function toldOf(id: string, count?: Count): Decided {
  const { decisions = {}, spoke = 0, last } = count ?? {};
  return { id, decisions, spoke, ...(last !== undefined && { last }) };
}

function speakersIn(shadow: JsonValue | undefined): string[] {
  const verdicts = isJsonObject(shadow) ? shadow.verdicts : undefined;
  if (!Array.isArray(verdicts)) return [];
  return verdicts.flatMap((one) => (isJsonObject(one) && typeof one.by === 'string' ? [one.by] : []));
}
