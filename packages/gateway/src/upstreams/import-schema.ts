import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { createSchemaGraph, type SchemaGraph, type Step } from './schema-graph.js';
import { componentsOf } from './strong-components.js';

const mostSchemas = 5000;
const mostValues = 5000;
const mostAlternatives = 256;
const mostAtOnePlace = 2000;
const mostWrittenOut = 250_000;
const mostSteps = 1_000_000;

/**
 * Throws for a schema that is small to send and large to use: by the number of its parts, written out without
 * references, or by the work that a deeply nested value makes. Compiling and checking the others takes time that grows
 * with schema times value.
 */
export function refuseBombs(root: JsonObject): void {
  const graph = createSchemaGraph(root);
  if (graph.schemas.size > mostSchemas) throw new Error(tooMany('schemas', graph.schemas.size, mostSchemas));
  for (const schema of graph.schemas) refuseLongLists(schema, schema === root);
  if (!graph.hasReferences) return;
  try {
    refuseWorkAtOnePlace(graph, root);
    refuseGrowth(graph, root);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Error('its schemas refer to each other in too long a chain');
  }
}

function refuseLongLists(schema: JsonObject, isRoot: boolean): void {
  if (Array.isArray(schema.enum) && schema.enum.length > mostValues) {
    throw new Error(tooMany('values in one enum', schema.enum.length, mostValues));
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[keyword];
    if (Array.isArray(list) && list.length > mostAlternatives) {
      throw new Error(tooMany(`schemas in one ${keyword}`, list.length, mostAlternatives));
    }
  }
  // References would count from there, and nothing in a definition of a tool needs that.
  if (!isRoot && typeof schema.$id === 'string' && !schema.$id.startsWith('#')) {
    throw new Error('a schema within the schema has an "$id" of its own');
  }
}

/** References that come back without going into the value never end. */
function refuseWorkAtOnePlace(graph: SchemaGraph, root: JsonObject): void {
  const all = (schema: JsonObject) => [...graph.here(schema), ...graph.within(schema)];
  const sizes = new Map<JsonObject, number>();
  const reachable = componentsOf([root], all).flat();
  for (const component of componentsOf(reachable, graph.here)) {
    const [schema] = component;
    if (schema === undefined) continue;
    if (component.length > 1 || graph.here(schema).includes(schema)) {
      throw new Error('its schemas refer to each other in a circle');
    }
    const size = graph.here(schema).reduce((sum, inner) => sum + (sizes.get(inner) ?? 1), 1);
    if (size > mostAtOnePlace) throw new Error(`more than ${mostAtOnePlace} of its schemas fit one value`);
    sizes.set(schema, size);
  }
}

/** Components come with those first that others lead to. */
function refuseGrowth(graph: SchemaGraph, root: JsonObject): void {
  const all = (schema: JsonObject) => [...graph.here(schema), ...graph.within(schema)];
  const sizes = new Map<JsonObject, number>();
  for (const component of componentsOf([root], all)) {
    const members = new Set(component);
    let size = 0;
    for (const schema of component) {
      const outer = all(schema).filter((inner) => !members.has(inner));
      size += outer.reduce((sum, inner) => sum + (sizes.get(inner) ?? 1), 1);
    }
    if (size > mostWrittenOut) {
      throw new Error(`it is more than ${mostWrittenOut} schemas when its references are written out`);
    }
    for (const schema of component) sizes.set(schema, size);
    const comesBack = component.some((schema) => all(schema).some((inner) => members.has(inner)));
    if (comesBack) refuseBranching(graph, members);
  }
}

/** Two ways back to the same circle at one step mean twice the work with each level of nesting. */
function refuseBranching(graph: SchemaGraph, circle: ReadonlySet<JsonObject>): void {
  const named = new Set([...circle].flatMap((schema) => graph.steps(schema)));
  const steps: Step[] = [...named, 'other member', 'other element', 'member name'];
  if (circle.size * steps.length > mostSteps) throw new Error('too many of its schemas refer to each other');
  const told = new Map([...circle].map((schema) => [schema, exclusiveOf(schema, graph, circle)]));
  for (const step of steps) {
    const waysBack = new Map<JsonObject, number>();
    for (const schema of circle) {
      if (countWays(schema, step) <= 1) continue;
      throw new Error('checking deeply nested arguments against it takes exponential time');
    }
    function countWays(schema: JsonObject, at: Step): number {
      const known = waysBack.get(schema);
      if (known !== undefined) return known;
      const alternatives = told.get(schema) ?? new Set();
      let ways = graph.at(schema, at).filter((inner) => circle.has(inner)).length;
      let most = 0;
      for (const inner of graph.here(schema)) {
        if (!circle.has(inner)) continue;
        const more = countWays(inner, at);
        if (alternatives.has(inner)) most = Math.max(most, more);
        else ways += more;
      }
      waysBack.set(schema, ways + most);
      return ways + most;
    }
  }
}

/**
 * The alternatives of which at most one looks further into any value: each requires another constant under the same
 * name, which is the first that is compared.
 */
function exclusiveOf(
  schema: JsonObject,
  graph: SchemaGraph,
  circle: ReadonlySet<JsonObject>,
): ReadonlySet<JsonObject> {
  const list = Array.isArray(schema.oneOf) ? schema.oneOf : schema.anyOf;
  if (!Array.isArray(list)) return new Set();
  const alternatives = list.filter(isJsonObject);
  const constants = alternatives.map((one) => constantOf(followed(one, graph), graph, circle));
  const areTold =
    constants.length === list.length &&
    constants.every((one) => one !== undefined && one.name === constants[0]?.name) &&
    new Set(constants.map((one) => one?.value)).size === constants.length;
  return new Set(areTold ? alternatives : []);
}

const saysNothing = new Set(['$ref', '$comment', 'title', 'description', 'deprecated']);

function followed(schema: JsonObject, graph: SchemaGraph): JsonObject {
  const isReference =
    Object.hasOwn(schema, '$ref') && Object.keys(schema).every((word) => saysNothing.has(word));
  return (isReference ? graph.here(schema)[0] : undefined) ?? schema;
}

function constantOf(
  schema: JsonObject,
  graph: SchemaGraph,
  circle: ReadonlySet<JsonObject>,
): { name: string; value: JsonValue } | undefined {
  if (!isJsonObject(schema.properties) || graph.here(schema).some((inner) => circle.has(inner)))
    return undefined;
  const [name, property] = Object.entries(schema.properties)[0] ?? [];
  const required = Array.isArray(schema.required) && name !== undefined && schema.required.includes(name);
  if (name === undefined || !required || !isJsonObject(property)) return undefined;
  const only = Array.isArray(property.enum) && property.enum.length === 1 ? property.enum[0] : undefined;
  const value = property.const ?? only;
  return typeof value === 'string' || typeof value === 'number' ? { name, value } : undefined;
}

function tooMany(what: string, found: number, most: number): string {
  return `it has ${found} ${what}, at most ${most} are accepted`;
}
