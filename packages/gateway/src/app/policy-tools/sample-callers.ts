import type { RuleConfig } from '#contract';
import type { Principal } from '../../model/principal.js';
import type { EffectiveConfig } from '../config/effective-config.js';

/** Beyond this a comparison takes long and nobody reads it. */
const mostCallers = 48;

/**
 * Callers by which policies may differ: those that tokens and rules name, one for each role and label that a rule asks
 * for, and one whom nobody knows. Of a pattern of names one that it may match stands for all.
 */
export function sampleCallers(configs: readonly EffectiveConfig[], named: readonly string[]): Principal[] {
  const callers = new Map<string, Principal>();
  const add = (id: string, more: Partial<Principal> = {}) => {
    const principal = {
      id,
      credential: 'local',
      tenant: 'default',
      roles: ['agent' as const],
      labels: {},
      ...more,
    };
    const key = JSON.stringify([id, principal.roles, principal.labels]);
    if (callers.size < mostCallers && !callers.has(key)) callers.set(key, principal);
  };
  add('somebody');
  for (const { auth } of configs)
    for (const { principal, roles, labels = {} } of auth.tokens) add(principal, { roles, labels });
  for (const id of named) if (![...callers.values()].some((one) => one.id === id)) add(id);
  for (const rule of configs.flatMap(({ policy }) => policy.rules)) addOf(rule, add);
  return [...callers.values()];
}

function addOf({ match }: RuleConfig, add: (id: string, more?: Partial<Principal>) => void): void {
  const ids = (match.principals ?? []).flatMap(exampleOf);
  const labels = Object.fromEntries(
    Object.entries(match.labels ?? {}).map(([name, values]) => [name, exampleOf(values[0] ?? '')[0] ?? 'x']),
  );
  const roles = match.roles === undefined ? [['agent' as const]] : match.roles.map((role) => [role]);
  const isPlain = match.labels === undefined && match.roles === undefined;
  if (isPlain) for (const id of ids) add(id);
  else
    for (const id of ids.length === 0 ? ['somebody'] : ids)
      for (const one of roles) add(id, { roles: one, labels });
}

/** A name that the pattern matches; nothing for regular expressions. */
function exampleOf(pattern: string): string[] {
  if (pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/')) return [];
  return [
    pattern
      .replace(/\{([^{},]*)[^{}]*\}/g, '$1')
      .replaceAll('*', 'x')
      .replaceAll('?', 'x'),
  ];
}
