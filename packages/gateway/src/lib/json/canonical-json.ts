/// <reference lib="es2024.string" />
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonValue } from '../../model/json.js';

/**
 * RFC 8785 form; throws for what has none (lone surrogates, NaN). A `bigint` n is written as `{"$int":"n"}`; so that
 * no two values share a form, an object whose only member is named `$int` (or `$$int`, ...) gets one more `$`.
 */
export function canonicalJson(value: JsonValue): string {
  if (isInOrder(value)) return JSON.stringify(value);
  const canonical = canonicalize(needsTags(value) ? tagged(value) : value);
  if (canonical === undefined) throw new TypeError('not a JSON value');
  return canonical;
}

/** `sha256:` and the base64url SHA-256 of one domain byte (below 0x80) and the UTF-8 of a canonical text. */
export function digest(domain: number, canonical: string): string {
  if (!Number.isInteger(domain) || domain < 0 || domain > 0x7f) {
    throw new RangeError('a domain is one byte below 0x80');
  }
  return `sha256:${hash('sha256', String.fromCharCode(domain) + canonical, 'base64url')}`;
}

/** RFC 8785 is JSON.stringify with sorted names: what is sorted already needs no more, and takes a third of the time. */
function isInOrder(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  return hasSortedNames(value) && Object.values(value).every(isInOrder);
}

function hasSortedNames(object: object): boolean {
  const names = Object.keys(object);
  if (isTagLike(names)) return false;
  return names.every(
    (name, index) => (index === 0 || (names[index - 1] ?? '') < name) && name.isWellFormed(),
  );
}

function needsTags(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(needsTags);
  return isTagLike(Object.keys(value)) || Object.values(value).some(needsTags);
}

function tagged(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tagged);
  const dollar = isTagLike(Object.keys(value)) ? '$' : '';
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [dollar + name, tagged(inner)]));
}

function isTagLike(names: readonly string[]): boolean {
  return names.length === 1 && /^\$+int$/.test(names[0] ?? '');
}
