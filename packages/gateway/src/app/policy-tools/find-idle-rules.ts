import type { CompiledRule } from '../../policy/compiled-rule.js';
import { type PolicyProblem, placeOf, problemWith } from '../../policy/policy-problem.js';
import { givesNoVerdict, type RuleSpec } from '../../policy/rule.js';
import type { BoundRules, Use, UsedRule } from './bound-rules.js';

/** Something about a rule that works, and does not do what somebody may think it does. */
export interface IdleRule extends PolicyProblem {
  /** `idle`: about nothing there is; `stopped`: others stop all it lets pass; `redundant`: another says the same. */
  readonly code: 'idle' | 'stopped' | 'redundant';
}

/** Rules without effect on what servers offer now, one finding for each at most; rules on trial are not looked at. */
export function findIdleRules(rules: readonly CompiledRule[], bound: BoundRules): IdleRule[] {
  return rules
    .filter(({ spec }) => spec.shadow !== true)
    .flatMap((rule): IdleRule[] => {
      const uses = bound.usesOf(rule);
      if (uses.size === 0) {
        const what =
          'is about nothing that the servers offer now; it waits for what may come, or is misspelt';
        return [{ ...problemWith(rule.spec, ['match'], what), code: 'idle' }];
      }
      return stopped(rule, bound) ?? redundant(rule, { rules, bound }) ?? [];
    });
}

/** Every single use that the rule lets pass is stopped for the same callers, if not by one rule, then by several. */
function stopped(rule: CompiledRule, bound: BoundRules): IdleRule[] | undefined {
  const { effect } = rule.spec;
  if (effect !== 'allow') return undefined;
  const stoppers = new Set<CompiledRule>();
  for (const use of bound.usesOf(rule).keys()) {
    const stopper = bound
      .rulesOf(use)
      .find((other) => stops(other.rule.spec) && coversAlways(other, rule, false));
    if (stopper === undefined) return undefined;
    stoppers.add(stopper.rule);
  }
  const places = [...stoppers].slice(0, 4).map(({ spec }) => placeOf(spec));
  const what = `lets nothing pass: ${places.join(', ')} stop every target it is about; narrow them, or remove this one`;
  return [{ ...problemWith(rule.spec, [], what), code: 'stopped' }];
}

interface Among {
  readonly rules: readonly CompiledRule[];
  readonly bound: BoundRules;
}

/** Another rule says the same of everything that this one is about, and this one asks for nothing more. */
function redundant(rule: CompiledRule, { rules, bound }: Among): IdleRule[] | undefined {
  const { effect, limits, approval } = rule.spec;
  if (givesNoVerdict(effect) || limits !== undefined || approval !== undefined) return undefined;
  const uses = bound.usesOf(rule);
  const [first] = uses.keys();
  if (first === undefined) return undefined;
  const wider = bound.rulesOf(first).find(({ rule: other }) => {
    if (other === rule || !saysTheSame(other.spec, rule.spec)) return false;
    const theirs = bound.usesOf(other);
    if (![...uses].every(([use, one]) => covers(theirs.get(use), one))) return false;
    // Of two rules that are the same, the later one is too many.
    const isMutual =
      [...theirs.keys()].every((use: Use) => uses.has(use)) && sameTerms(rule.spec, other.spec);
    return !isMutual || rules.indexOf(other) < rules.indexOf(rule);
  });
  if (wider === undefined) return undefined;
  const what = `adds nothing: ${placeOf(wider.rule.spec)} answers the same for everything it is about now; remove one of them`;
  return [{ ...problemWith(rule.spec, [], what), code: 'redundant' }];

  function covers(wide: UsedRule | undefined, narrow: UsedRule): boolean {
    return wide !== undefined && coversAlways(wide, narrow.rule, narrow.partly);
  }
}

/** Whether a rule applies to a use whenever the other could: without a condition and schedule, or with the same. */
function coversAlways(wide: UsedRule, { spec: narrow }: CompiledRule, isPart: boolean): boolean {
  const { when, during, match, layer } = wide.rule.spec;
  if (
    layer !== undefined &&
    (layer.tenant !== narrow.layer?.tenant || layer.callers !== narrow.layer.callers)
  )
    return false;
  if (wide.partly && !isPart) return false;
  if (when !== undefined && when !== narrow.when) return false;
  if (during !== undefined && String(during) !== String(narrow.during)) return false;
  const callers = ['principals', 'labels', 'roles'] as const;
  return callers.every(
    (member) =>
      match[member] === undefined || JSON.stringify(match[member]) === JSON.stringify(narrow.match[member]),
  );
}

function sameTerms(one: RuleSpec, other: RuleSpec): boolean {
  const { principals, labels, roles } = one.match;
  const theirs = other.match;
  const mine = [one.effect, one.when, one.during, principals, labels, roles];
  return (
    JSON.stringify(mine) ===
    JSON.stringify([other.effect, other.when, other.during, theirs.principals, theirs.labels, theirs.roles])
  );
}

function stops({ effect }: RuleSpec): boolean {
  return effect === 'deny' || effect === 'hide';
}

function saysTheSame(wide: RuleSpec, narrow: RuleSpec): boolean {
  return wide.effect === narrow.effect || (wide.effect === 'hide' && narrow.effect === 'deny');
}
