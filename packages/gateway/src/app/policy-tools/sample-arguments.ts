import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../../model/json.js';

/** Values that conditions of a policy compare with, on which its answers may turn. */
export interface Turning {
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

const deepest = 6;

/**
 * Arguments for a tool made from its schema alone, the plainest first; then the same with one value after another put on
 * or next to a turning point. At most `most`; they are samples, and prove nothing about other arguments.
 */
export function sampleArguments(schema: JsonObject, turning: Turning, most: number): JsonObject[] {
  const plain = sampleOf(schema, 0);
  const base = isJsonObject(plain) ? plain : {};
  const samples = [base];
  const seen = new Set([keyOf(base)]);
  for (const path of leavesOf(base, [])) {
    for (const value of alternativesFor(valueAt(base, path), turning)) {
      if (samples.length >= most) return samples;
      const sample = withValue(base, path, value) as JsonObject;
      const key = keyOf(sample);
      if (seen.has(key)) continue;
      seen.add(key);
      samples.push(sample);
    }
  }
  return samples;
}

/** The literals in conditions: numbers with their neighbours, and texts. Patterns and schedules among them do no harm. */
export function turningPoints(conditions: readonly string[]): Turning {
  const numbers = new Set<number>();
  const texts = new Set<string>();
  for (const condition of conditions) {
    const quoted = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
    for (const [, double, single] of condition.matchAll(quoted)) texts.add(double ?? single ?? '');
    for (const [text] of condition.replace(quoted, '""').matchAll(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g)) {
      const value = Number(text);
      if (Number.isSafeInteger(value)) for (const one of [value, value + 1, value - 1]) numbers.add(one);
      else if (Number.isFinite(value)) numbers.add(value);
    }
  }
  return { numbers: [...numbers], texts: [...texts] };
}

function sampleOf(schema: JsonValue | undefined, depth: number): JsonValue {
  if (!isJsonObject(schema) || depth > deepest) return 'x';
  const { examples, enum: choices, anyOf, oneOf } = schema;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  for (const list of [examples, choices])
    if (Array.isArray(list) && list[0] !== undefined && list[0] !== null) return list[0];
  for (const list of [anyOf, oneOf]) if (Array.isArray(list)) return sampleOf(list[0], depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return [sampleOf(schema.items, depth + 1)];
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return schema.properties === undefined ? textOf(schema) : objectOf(schema, depth);
  }
}

function objectOf({ properties, required }: JsonObject, depth: number): JsonObject {
  if (!isJsonObject(properties)) return {};
  const needed = Array.isArray(required) ? required : [];
  const isWanted = (name: string) => depth === 0 || needed.includes(name);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => isWanted(name))
      .map(([name, inner]) => [name, sampleOf(inner, depth + 1)]),
  );
}

function numberOf({ minimum, exclusiveMinimum, maximum }: JsonObject): JsonValue {
  if (typeof minimum === 'number') return minimum;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1;
  return typeof maximum === 'number' ? Math.min(1, maximum) : 1;
}

function textOf({ minLength }: JsonObject): string {
  return 'x'.repeat(typeof minLength === 'number' ? Math.min(Math.max(minLength, 1), 1000) : 1);
}

type Path = readonly (string | number)[];

function* leavesOf(value: JsonValue, path: Path): Generator<Path> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* leavesOf(inner, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) yield* leavesOf(inner, [...path, name]);
  } else yield path;
}

function valueAt(value: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((found, part) => {
    if (Array.isArray(found)) return found[Number(part)];
    return isJsonObject(found) ? found[part] : undefined;
  }, value);
}

function withValue(value: JsonValue, [first, ...rest]: Path, leaf: JsonValue): JsonValue {
  if (first === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((inner, index) => (index === first ? withValue(inner, rest, leaf) : inner));
  if (!isJsonObject(value)) return value;
  const inner = value[first] ?? null;
  return { ...value, [first]: withValue(inner, rest, leaf) };
}

function alternativesFor(value: JsonValue | undefined, { numbers, texts }: Turning): readonly JsonValue[] {
  if (typeof value === 'number') return numbers;
  if (typeof value === 'boolean') return [!value];
  return typeof value === 'string' ? texts.flatMap((text) => [text, `${text}/x`, `x${text}`]) : [];
}

function keyOf(value: JsonValue): string {
  return JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}
