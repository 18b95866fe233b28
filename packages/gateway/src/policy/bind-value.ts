import type { JsonValue } from '../model/json.js';
import type { Shape } from './shape.js';

/**
 * A JSON value as CEL sees it: integers are `bigint`, other numbers doubles, objects `Map`s (so that no member name,
 * `constructor` included, means anything to the evaluator).
 */
export type CelValue = null | boolean | number | bigint | string | CelValue[] | Map<string, CelValue>;

/** How much a bound value weighs for loops: elements of lists and objects, and characters of strings. */
export interface Weight {
  elements: number;
  characters: number;
}

/** A value that is not what its schema says, or that CEL cannot hold. The message names the place, never the value. */
export class BindingFault extends Error {}

export interface Place {
  readonly path: string;
  readonly weight: Weight;
}

const smallestInt = -(2n ** 63n);
const largestInt = 2n ** 63n - 1n;

/**
 * Gives a value the type its shape states and no other: what does not fit exactly is a BindingFault, so a string never
 * passes for a number, and a number never loses digits. Where the shape is `any`, a whole number becomes an int.
 */
export function bindValue(shape: Shape, value: JsonValue, place: Place): CelValue {
  switch (shape.kind) {
    case 'any':
      return bindAny(value, place);
    case 'string':
      if (typeof value !== 'string') throw misfit(place, 'a string');
      place.weight.characters += value.length;
      return value;
    case 'integer':
      return bindInteger(value, place);
    case 'number':
      return bindNumber(value, place);
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(place, 'a boolean');
      return value;
    case 'null':
      if (value !== null) throw misfit(place, 'null');
      return value;
    case 'list':
      if (!Array.isArray(value)) throw misfit(place, 'a list');
      return bindList(shape.item, value, place);
    case 'object':
      return bindObject(shape, value, place);
  }
}

function bindAny(value: JsonValue, place: Place): CelValue {
  if (Array.isArray(value)) return bindList({ kind: 'any' }, value, place);
  if (typeof value === 'object' && value !== null) {
    return bindObject({ kind: 'object', fields: new Map(), rest: { kind: 'any' } }, value, place);
  }
  if (typeof value === 'bigint') return bindInteger(value, place);
  if (typeof value === 'number' && Number.isInteger(value) && isInt(BigInt(value))) return BigInt(value);
  if (typeof value === 'string') place.weight.characters += value.length;
  return value;
}

function bindInteger(value: JsonValue, place: Place): bigint {
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!whole) throw misfit(place, 'an integer');
  const integer = BigInt(value);
  if (!isInt(integer)) throw new BindingFault(`${place.path} is outside the range of a 64-bit integer`);
  return integer;
}

function bindNumber(value: JsonValue, place: Place): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'bigint') throw misfit(place, 'a number');
  const double = Number(value);
  if (!Number.isFinite(double) || BigInt(double) !== value) {
    throw new BindingFault(`${place.path} has more digits than a double can hold`);
  }
  return double;
}

function bindList(item: Shape, values: readonly JsonValue[], place: Place): CelValue[] {
  place.weight.elements += values.length;
  const inner = { path: `${place.path}[]`, weight: place.weight };
  return values.map((value) => bindValue(item, value, inner));
}

function bindObject(
  shape: Shape & { kind: 'object' },
  value: JsonValue,
  place: Place,
): Map<string, CelValue> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit(place, 'an object');
  const bound = new Map<string, CelValue>();
  for (const [name, inner] of Object.entries(value)) {
    const innerShape = shape.fields.get(name) ?? shape.rest;
    const path = `${place.path}.${name}`;
    if (innerShape === undefined) throw new BindingFault(`${path} is not a member the schema allows`);
    bound.set(name, bindValue(innerShape, inner, { path, weight: place.weight }));
  }
  place.weight.elements += bound.size;
  return bound;
}

function isInt(value: bigint): boolean {
  return value >= smallestInt && value <= largestInt;
}

function misfit(place: Place, expected: string): BindingFault {
  return new BindingFault(`${place.path} is not ${expected}, which its schema says it is`);
}
