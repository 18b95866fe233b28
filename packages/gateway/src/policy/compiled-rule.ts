import type { Question } from '../model/decision.js';
import { holdsScope, invalidSession } from '../model/session.js';
import type { Target } from '../model/target.js';
import type { Condition } from './condition.js';
import { isQuestion, memberFor, type TargetMember, targetMembers } from './governed-methods.js';
import type { PatternSet } from './name-pattern.js';
import type { AnnotationMatch, RuleSpec } from './rule.js';
import type { Schedule } from './schedule.js';
import { type Fit, fitOf, type TargetNames } from './target-names.js';
import { hintsOf } from './tool-hints.js';

/** A rule ready to be bound to targets. A member that is absent matches everything. */
export interface CompiledRule {
  readonly spec: RuleSpec;
  readonly targets: { readonly [member in TargetMember]?: PatternSet };
  readonly methods?: PatternSet;
  readonly upstreams?: PatternSet;
  readonly principals?: PatternSet;
  readonly labels?: readonly (readonly [name: string, values: PatternSet])[];
  readonly sessionLabels?: CompiledRule['labels'];
  readonly condition?: Condition;
  readonly schedules?: readonly Schedule[];
}

/** Whether it is there to stop or slow down calls, so that in doubt it means more of them; else, to let them pass. */
export function restricts({ effect }: RuleSpec): boolean {
  return effect !== 'allow';
}

export function namesTargets({ targets }: CompiledRule): boolean {
  return targetMembers.some((member) => targets[member] !== undefined);
}

/** How surely a rule is about a target asked for with a method, whoever calls; see RuleMatch. */
export function fitOfRule(
  rule: CompiledRule,
  target: Target,
  asked: { names: TargetNames; method: string },
): Fit {
  const { methods, upstreams } = rule;
  const { annotations } = rule.spec.match;
  if (methods === undefined ? isQuestion(asked.method) : !methods.has(asked.method)) return 'no';
  if (upstreams?.has(target.upstream) === false) return 'no';
  if (annotations !== undefined && !fitsAnnotations(annotations, target)) return 'no';
  if (!namesTargets(rule)) return 'wholly';
  const member = memberFor(target.kind);
  const names = member === undefined ? undefined : rule.targets[member];
  return names === undefined ? 'no' : fitOf(names, asked.names, restricts(rule.spec));
}

/** Whether the rule is about this caller. */
export function concerns(rule: CompiledRule, { principal }: Question): boolean {
  const { layer, match } = rule.spec;
  if (layer !== undefined && (layer.tenant === principal.tenant) !== (layer.callers === 'own')) return false;
  if (rule.principals?.has(principal.id) === false) return false;
  const { roles, scopes } = match;
  if (roles !== undefined && !roles.some((role) => principal.roles.includes(role))) return false;
  const { session = invalidSession } = principal;
  if (scopes !== undefined && !holdsScope(session.scopes, scopes)) return false;
  return hasLabels(principal.labels, rule.labels) && hasLabels(session.labels, rule.sessionLabels);
}

function fitsAnnotations(match: AnnotationMatch, target: Target): boolean {
  if (target.kind !== 'tool') return false;
  const hints = hintsOf(target);
  const wanted = Object.entries(match) as [keyof AnnotationMatch, boolean | undefined][];
  return wanted.every(([name, value]) => value === undefined || hints[name] === value);
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: CompiledRule['labels']): boolean {
  return wanted?.every(([name, values]) => hasLabel(labels, name, values)) ?? true;
}

function hasLabel(labels: Readonly<Record<string, string>>, name: string, values: PatternSet): boolean {
  const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return value !== undefined && values.has(value);
}
