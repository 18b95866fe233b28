import type { JsonObject, JsonValue } from '../model/json.js';

/**
 * What a JSON Schema says about a value, as far as conditions are checked and values are bound by it.
 * Whatever a schema says in a way that has no plain type (unions, combinators, recursion) is `any`.
 */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: ScalarKind; readonly allowed?: readonly JsonValue[] }
  | { readonly kind: 'list'; readonly item: Shape }
  | ObjectShape;

export type ScalarKind = 'string' | 'integer' | 'number' | 'boolean' | 'null';

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Shape>;
  /** The shape of members that are not named in `fields`; absent when there are none. */
  readonly rest?: Shape;
}

export const anyShape: Shape = { kind: 'any' };
export const openObject: ObjectShape = { kind: 'object', fields: new Map(), rest: anyShape };

/** Keywords that let other parts of a schema add members, so that silence about others does not mean there are none. */
const extending = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'not',
  'dependentSchemas',
  'patternProperties',
  'unevaluatedProperties',
];
type PlainType = ScalarKind | 'object' | 'array';
const plainTypes: ReadonlySet<string> = new Set<PlainType>([
  'string',
  'integer',
  'number',
  'boolean',
  'null',
  'object',
  'array',
]);
const annotations = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  '$comment',
  '$ref',
]);

/**
 * The shape of a tool's arguments. At the top level a schema that names properties and says nothing about others
 * counts as closed, as it does for the validation of arguments.
 */
export function shapeOfArguments(inputSchema: JsonObject): ObjectShape {
  const shape = new SchemaReader(inputSchema).read(inputSchema);
  if (shape.kind !== 'object') return openObject;
  const silent = !extending.some((keyword) => Object.hasOwn(inputSchema, keyword));
  const closes = shape.fields.size > 0 && silent && !Object.hasOwn(inputSchema, 'additionalProperties');
  return closes ? { kind: 'object', fields: shape.fields } : shape;
}

class SchemaReader {
  readonly #root: JsonObject;
  /** By reference, so that a schema whose definitions fan out is read once each; a reference under way reads as `any`. */
  readonly #references = new Map<string, Shape>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  read(schema: JsonValue | undefined): Shape {
    if (!isObject(schema)) return anyShape;
    if (Object.hasOwn(schema, '$ref')) return this.#follow(schema);
    if (['anyOf', 'oneOf', 'allOf', 'not', 'if'].some((keyword) => Object.hasOwn(schema, keyword))) {
      return member(schema, 'type') === 'object' ? this.#readObject(schema) : anyShape;
    }
    const allowed = allowedValues(schema);
    const type = typeOf(schema, allowed);
    if (type === 'object') return this.#readObject(schema);
    if (type === 'array') return { kind: 'list', item: this.#readItem(schema) };
    if (type === undefined) return anyShape;
    return allowed === undefined ? { kind: type } : { kind: type, allowed };
  }

  #readItem(schema: JsonObject): Shape {
    return Object.hasOwn(schema, 'prefixItems') ? anyShape : this.read(member(schema, 'items'));
  }

  #readObject(schema: JsonObject): ObjectShape {
    const properties = member(schema, 'properties');
    const named = isObject(properties) ? Object.entries(properties) : [];
    const fields = new Map(named.map(([name, inner]) => [name, this.read(inner)]));
    const additional = member(schema, 'additionalProperties');
    const patterned = Object.hasOwn(schema, 'patternProperties');
    if (additional === false && !patterned) return { kind: 'object', fields };
    return { kind: 'object', fields, rest: patterned ? anyShape : this.read(additional) };
  }

  #follow(schema: JsonObject): Shape {
    const reference = member(schema, '$ref');
    if (typeof reference !== 'string' || Object.keys(schema).some((name) => !annotations.has(name))) {
      return anyShape;
    }
    const known = this.#references.get(reference);
    if (known !== undefined) return known;
    this.#references.set(reference, anyShape);
    const shape = this.read(this.#resolve(reference));
    this.#references.set(reference, shape);
    return shape;
  }

  #resolve(reference: string): JsonValue | undefined {
    if (!reference.startsWith('#/')) return undefined;
    let place: JsonValue | undefined = this.#root;
    for (const step of reference.slice(2).split('/')) {
      if (!isObject(place)) return undefined;
      place = member(place, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    return place;
  }
}

function typeOf(schema: JsonObject, allowed: readonly JsonValue[] | undefined): PlainType | undefined {
  const stated = member(schema, 'type');
  const type = Array.isArray(stated) && stated.length === 1 ? stated[0] : stated;
  if (isPlainType(type)) return type;
  if (type !== undefined) return undefined;
  if (isObject(member(schema, 'properties'))) return 'object';
  return allowed === undefined ? undefined : commonKind(allowed);
}

function isPlainType(type: JsonValue | undefined): type is PlainType {
  return typeof type === 'string' && plainTypes.has(type);
}

function allowedValues(schema: JsonObject): readonly JsonValue[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const ?? null];
  const listed = member(schema, 'enum');
  return Array.isArray(listed) ? listed : undefined;
}

function commonKind(values: readonly JsonValue[]): ScalarKind | undefined {
  if (values.length === 0) return undefined;
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => typeof value === 'bigint' || Number.isInteger(value))) return 'integer';
  if (values.every((value) => typeof value === 'bigint' || typeof value === 'number')) return 'number';
  return undefined;
}

function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
