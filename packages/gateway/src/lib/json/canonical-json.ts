/// <reference lib="es2024.string" />
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject, JsonValue } from '../../model/json.js';

/**
 * RFC 8785 form; throws for what has none (lone surrogates, NaN). A `bigint` n is written as `{"$int":"n"}`; so that
 * no two values share a form, an object whose only member is named `$int` (or `$$int`, ...) gets one more `$`.
 */
export function canonicalJson(value: JsonValue): string {
  const usual = inOrder(value);
  if (usual !== undefined) return JSON.stringify(usual);
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

/**
 * The value, or a copy, with all names in order: RFC 8785 is what JSON.stringify makes of it. Nothing for values that
 * need more: integers beyond 2^53, names that are moved to the front or have a meaning, whatever has no form at all.
 */
function inOrder(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return typeof value === 'boolean' ? value : undefined;
  if (value === null) return value;
  return Array.isArray(value) ? arrayInOrder(value) : objectInOrder(value);
}

function arrayInOrder(array: JsonValue[]): JsonValue[] | undefined {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index];
    const ordered = element === undefined ? undefined : inOrder(element);
    if (ordered === undefined) return undefined;
    if (ordered === element) continue;
    copy ??= [...array];
    copy[index] = ordered;
  }
  return copy ?? array;
}

function objectInOrder(object: JsonObject): JsonObject | undefined {
  const names = Object.keys(object);
  if (!areUsual(names)) return undefined;
  let copy: JsonObject | undefined = areSorted(names) ? undefined : sortedCopy(object, names.sort());
  for (const name of names) {
    const element = object[name];
    const ordered = element === undefined ? undefined : inOrder(element);
    if (ordered === undefined) return undefined;
    if (ordered === element) continue;
    copy ??= { ...object };
    copy[name] = ordered;
  }
  return copy ?? object;
}

function sortedCopy(object: JsonObject, names: readonly string[]): JsonObject {
  const copy: JsonObject = {};
  for (const name of names) copy[name] = object[name] ?? null;
  return copy;
}

/** Names that begin with a digit may be array indices, which objects put first; other names have a meaning. */
function areUsual(names: readonly string[]): boolean {
  for (const name of names) {
    const first = name.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || name === '__proto__' || !name.isWellFormed()) return false;
  }
  return !isTagLike(names);
}

function areSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return false;
  }
  return true;
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
