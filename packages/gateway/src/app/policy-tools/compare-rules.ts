import type { EffectiveConfig } from '../config/effective-config.js';

/** What is written otherwise in two policies: of a rule, of the default, or of an evaluator. */
export interface RuleChange {
  readonly what: 'default' | 'rule' | 'evaluator';
  /** The id of the rule, or the name of the evaluator; absent for the default. */
  readonly id?: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Members that differ, as JSON; a side without the member has none. */
  readonly members: readonly MemberChange[];
}

export interface MemberChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

interface Entry {
  readonly key: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Compares what is written; the order of rules means nothing. Functions are compared by their text. */
export function compareRules(before: EffectiveConfig, after: EffectiveConfig): RuleChange[] {
  const fallback = changesOf(
    [{ key: '', members: { default: before.policy.default } }],
    [{ key: '', members: { default: after.policy.default } }],
  ).map(({ members }): RuleChange => ({ what: 'default', change: 'changed', members }));
  const rules = changesOf(rulesOf(before), rulesOf(after)).map(
    (change): RuleChange => ({ what: 'rule', ...change }),
  );
  const evaluators = changesOf(evaluatorsOf(before), evaluatorsOf(after)).map(
    (change): RuleChange => ({ what: 'evaluator', ...change }),
  );
  return [...fallback, ...rules, ...evaluators];
}

function rulesOf({ policy }: EffectiveConfig): Entry[] {
  return policy.rules.map(({ id, ...members }) => ({ key: id, members }));
}

function evaluatorsOf({ evaluators }: EffectiveConfig): Entry[] {
  return evaluators.map(({ name, ...members }) => ({ key: name, members }));
}

function changesOf(before: readonly Entry[], after: readonly Entry[]) {
  const [old, fresh] = [byKey(before), byKey(after)];
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  return keys.flatMap((id) => {
    const [was, is] = [old.get(id), fresh.get(id)];
    const members = differences(was ?? {}, is ?? {});
    if (was !== undefined && is !== undefined && members.length === 0) return [];
    const change: RuleChange['change'] =
      was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ id, change, members }];
  });
}

function byKey(entries: readonly Entry[]): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(entries.map(({ key, members }) => [key, members]));
}

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): MemberChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [textOf(before[name]), textOf(after[name])];
    if (was === is) return [];
    return [{ name, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'function') return String(inner);
    return typeof inner === 'bigint' ? `${inner}` : inner;
  });
}
