import { parseJson } from '../lib/json/parse-json.js';
import type { JsonValue } from '../model/json.js';

/** One value of some arguments and where it stands. */
export interface Leaf {
  readonly path: string;
  /** Where a title of the schema may be found: `lines.*.sum`. */
  readonly titlePath: string;
  readonly type: 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object';
  /** A text as it is, everything else as JSON. */
  readonly text: string;
}

/** A table that nobody can read to its end hides what is in it: beyond this a member, or the whole, is one JSON text. */
const mostOfMember = 60;
const mostInAll = 300;
/** A name of the schema; every other one is put between quotes in a path. */
const simpleName = /^[A-Za-z_][\w-]*$/;

/** Every value in the canonical text of some arguments, in its order. */
export function leavesOf(canonical: string): Leaf[] {
  const value = readArguments(canonical);
  if (value === undefined) return [whole(canonical, 'text')];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [leaf('', '', value)];
  const members = Object.entries(value);
  const leaves = members.flatMap(([name, member]) => {
    const [path, titlePath] = [memberPath('', name), name];
    const found = collect(path, titlePath, member);
    return found.length > mostOfMember ? [leaf(path, titlePath, member)] : found;
  });
  return leaves.length > mostInAll ? [whole(canonical, 'object')] : leaves;
}

function whole(text: string, type: 'text' | 'object'): Leaf {
  return { path: '', titlePath: '', type, text };
}

/** Nothing for text that is no JSON any more, for a secret was taken out of it. */
function readArguments(canonical: string): JsonValue | undefined {
  try {
    return untagged(parseJson(canonical).value);
  } catch {
    return undefined;
  }
}

function collect(path: string, titlePath: string, value: JsonValue): Leaf[] {
  if (typeof value !== 'object' || value === null) return [leaf(path, titlePath, value)];
  const entries = Array.isArray(value)
    ? value.map((one, index) => [`${path}[${index}]`, `${titlePath}.*`, one] as const)
    : Object.entries(value).map(
        ([name, one]) => [memberPath(path, name), `${titlePath}.${name}`, one] as const,
      );
  if (entries.length === 0) return [leaf(path, titlePath, value)];
  return entries.flatMap(([inner, title, one]) => collect(inner, title, one));
}

function memberPath(path: string, name: string): string {
  if (!simpleName.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function leaf(path: string, titlePath: string, value: JsonValue): Leaf {
  return { path, titlePath, type: typeOf(value), text: typeof value === 'string' ? value : jsonOf(value) };
}

function typeOf(value: JsonValue): Leaf['type'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' ? 'object' : 'number';
}

/** As the caller could have written it: integers beyond 2^53 in digits. */
function jsonOf(value: JsonValue): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${jsonOf(one)}`);
  return `{${members.join(',')}}`;
}

/** Takes back what the canonical form does with integers beyond 2^53. */
function untagged(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && /^\$+int$/.test(only[0])) {
    const [name, inner] = only;
    if (name !== '$int') return { [name.slice(1)]: untagged(inner) };
    if (typeof inner === 'string' && /^-?\d+$/.test(inner)) return BigInt(inner);
  }
  return Object.fromEntries(entries.map(([name, one]) => [name, untagged(one)]));
}
