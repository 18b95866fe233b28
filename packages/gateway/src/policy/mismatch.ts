import type { Question } from '../model/decision.js';
import { holdsScope, invalidSession } from '../model/session.js';
import { type CompiledRule, namesTargets } from './compiled-rule.js';
import { isQuestion, memberFor, methodAskedFor, targetMembers } from './governed-methods.js';
import type { PatternSet } from './name-pattern.js';

/** Why a rule is not about a call, in words; undefined when it is. `isBound`: whether it is about the target and method. */
export function mismatchOf(rule: CompiledRule, isBound: boolean, question: Question): string | undefined {
  return (isBound ? undefined : targetMismatch(rule, question)) ?? callerMismatch(rule, question);
}

function targetMismatch(rule: CompiledRule, question: Question): string {
  const { target } = question;
  const method = methodAskedFor(question);
  const { upstreams, methods } = rule;
  if (methods?.has(method) === false) return `method "${method}" is not among ${shown(methods)}`;
  if (methods === undefined && isQuestion(method)) return `it does not name the method "${method}"`;
  if (upstreams?.has(target.upstream) === false)
    return `upstream "${target.upstream}" is not among ${shown(upstreams)}`;
  const member = memberFor(target.kind);
  const names = member === undefined ? undefined : rule.targets[member];
  if (names !== undefined) return `${target.kind} "${target.exposedName}" is not among ${shown(names)}`;
  if (namesTargets(rule)) {
    const others = targetMembers.filter((other) => rule.targets[other] !== undefined).join(' and ');
    return `it is about ${others}, and this is a ${target.kind}`;
  }
  return `the annotations of ${target.kind} "${target.exposedName}" are others`;
}

function callerMismatch(
  { spec, principals, labels, sessionLabels }: CompiledRule,
  { principal }: Question,
): string | undefined {
  if (principals?.has(principal.id) === false)
    return `caller "${principal.id}" is not among ${shown(principals)}`;
  const { roles } = spec.match;
  if (roles !== undefined && !roles.some((role) => principal.roles.includes(role)))
    return `the caller has none of the roles ${roles.map((role) => `"${role}"`).join(', ')}`;
  const { scopes } = spec.match;
  const { session = invalidSession } = principal;
  if (scopes !== undefined && !holdsScope(session.scopes, scopes))
    return `the session of the caller has none of the scopes ${scopes.map((scope) => `"${scope}"`).join(', ')}`;
  return (
    labelMismatch('the caller', principal.labels, labels) ??
    labelMismatch('the session', session.labels, sessionLabels)
  );
}

function labelMismatch(
  who: string,
  has: Readonly<Record<string, string>>,
  wanted: CompiledRule['labels'],
): string | undefined {
  for (const [name, values] of wanted ?? []) {
    const value = Object.hasOwn(has, name) ? has[name] : undefined;
    if (value === undefined) return `${who} has no label "${name}"`;
    if (!values.has(value)) return `label "${name}" of ${who} is "${value}", not among ${shown(values)}`;
  }
  return undefined;
}

function shown(set: PatternSet | undefined): string {
  return (set?.patterns ?? []).map(({ text }) => `"${text}"`).join(', ');
}
