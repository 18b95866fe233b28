import type { Config } from '#contract';
import { formatPath } from './describe-value.js';
import type { Override } from './overrides.js';

export interface Written {
  readonly value: unknown;
  /** How people call the place where it is written. */
  readonly origin: 'file' | 'given';
}

/** Where each value of a configuration came from, by dotted path. */
export function findOrigins(
  config: Config,
  written: Written,
  overrides: readonly Override[],
): Record<string, string> {
  const overridden = new Map(overrides.map(({ path, origin }) => [formatPath(path), origin]));
  const entries = leafPaths(config).map((path) => {
    const name = formatPath(path);
    return [
      name,
      overridden.get(name) ?? (isWritten(written.value, path) ? written.origin : 'default'),
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** Paths of all values that have no parts of their own; empty lists and mappings are values. */
export function leafPaths(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [path];
  // What code puts into a configuration, such as a schema, is one value.
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return [path];
  const parts: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return parts.length === 0 ? [path] : parts.flatMap(([part, inner]) => leafPaths(inner, [...path, part]));
}

function isWritten(written: unknown, path: readonly PropertyKey[]): boolean {
  let value = written;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value !== undefined;
}
