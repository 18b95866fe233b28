import type { Matcher, Scalar, WhenMissing } from './matcher.js';

/** What the builders take as keys: a text with dots, or a list of names. */
type Key = string | readonly string[];

interface Otherwise {
  readonly whenMissing?: WhenMissing;
}

/** Every one of the matchers matches. */
export function matchAll(...matchers: Matcher[]): { all: Matcher[] } {
  return { all: matchers };
}

/** One of the matchers matches. */
export function matchAny(...matchers: Matcher[]): { any: Matcher[] } {
  return { any: matchers };
}

/** The matcher does not match; what it cannot tell stays untold. */
export function matchNot(matcher: Matcher): { not: Matcher } {
  return { not: matcher };
}

/** One of the names, which may have wildcards. */
export function matchSystem(...system: string[]): { system: string[] } {
  return { system };
}

export function matchAction(...action: string[]): { action: string[] } {
  return { action };
}

/** Every place that the call goes to is one of these; where only some are, a person has to look. */
export function matchDestination(...destination: string[]): { destination: string[] } {
  return { destination };
}

/** The name of the caller. */
export function matchActor(...actor: string[]): { actor: string[] } {
  return { actor };
}

export function matchTool(...tool: string[]): { tool: string[] } {
  return { tool };
}

/** Strictly greater. */
export function matchContextGt(key: Key, value: number, otherwise: Otherwise = {}) {
  return { contextGt: { key, value, ...otherwise } };
}

export function matchContextGte(key: Key, value: number, otherwise: Otherwise = {}) {
  return { contextGte: { key, value, ...otherwise } };
}

export function matchContextLt(key: Key, value: number, otherwise: Otherwise = {}) {
  return { contextLt: { key, value, ...otherwise } };
}

export function matchContextLte(key: Key, value: number, otherwise: Otherwise = {}) {
  return { contextLte: { key, value, ...otherwise } };
}

/** Equal and of the same type. */
export function matchContextEq(key: Key, value: Scalar, otherwise: Otherwise = {}) {
  return { contextEq: { key, value, ...otherwise } };
}

export function matchContextIn(key: Key, values: Scalar[], otherwise: Otherwise = {}) {
  return { contextIn: { key, values, ...otherwise } };
}

/** The regular expression (RE2) is found in the text. */
export function matchContextRegex(key: Key, pattern: string, otherwise: Otherwise = {}) {
  return { contextRegex: { key, pattern, ...otherwise } };
}

/** The argument is there, whatever its value. */
export function matchContextExists(key: Key): { contextExists: Key } {
  return { contextExists: key };
}
