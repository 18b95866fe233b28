import { canonicalJson } from '../../lib/json/canonical-json.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../../model/json.js';

/** One member that two definitions do not have in common; absent where one of them has none. */
export interface MemberChange {
  readonly path: Path;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

type Path = readonly (string | number)[];

interface Pair {
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
}

/**
 * What tells one definition from another, member by member, down to single values. Without one before, everything is new.
 */
export function diffDefinitions(before: JsonValue | undefined, after: JsonValue): MemberChange[] {
  return changesIn([], { before, after });
}

function changesIn(path: Path, { before, after }: Pair): MemberChange[] {
  if (before === undefined) return leavesOf(path, after).map(([at, value]) => ({ path: at, after: value }));
  if (after === undefined) return leavesOf(path, before).map(([at, value]) => ({ path: at, before: value }));
  if (isJsonObject(before) && isJsonObject(after)) return objectChanges(path, before, after);
  if (Array.isArray(before) && Array.isArray(after)) return arrayChanges(path, before, after);
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, before, after }];
}

function objectChanges(path: Path, before: JsonObject, after: JsonObject): MemberChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) =>
    changesIn([...path, name], { before: own(before, name), after: own(after, name) }),
  );
}

/** Of lists of different lengths, what only one of them has; else place by place. */
function arrayChanges(path: Path, before: JsonValue[], after: JsonValue[]): MemberChange[] {
  if (before.length === after.length) {
    return before.flatMap((value, index) =>
      changesIn([...path, index], { before: value, after: after[index] }),
    );
  }
  const gone = without(before, after).flatMap(([index, value]) =>
    changesIn([...path, index], { before: value }),
  );
  const come = without(after, before).flatMap(([index, value]) =>
    changesIn([...path, index], { after: value }),
  );
  return [...gone, ...come];
}

/** The elements of a list that another does not have, as often as it has them more, with their places. */
function without(list: readonly JsonValue[], other: readonly JsonValue[]): [number, JsonValue][] {
  const counts = new Map<string, number>();
  for (const value of other) {
    const text = canonicalJson(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...list.entries()].filter(([, value]) => {
    const text = canonicalJson(value);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

/** Every single value with its place; empty objects and lists are values too. */
function leavesOf(path: Path, value: JsonValue | undefined): [Path, JsonValue][] {
  if (value === undefined) return [];
  const inner: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) return [[path, value]];
  return inner.flatMap(([name, member]) => leavesOf([...path, name], member));
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
