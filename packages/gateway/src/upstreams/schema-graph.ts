import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { walkSchema } from './schema-walk.js';

/** A way from a value to a value within it, as schemas tell them apart: a member or an element, named or any other. */
export type Step = `.${string}` | `[${number}]` | 'other member' | 'other element' | 'member name';

/** How the schemas of one document lead to each other. */
export interface SchemaGraph {
  readonly schemas: ReadonlySet<JsonObject>;
  /** Without references schemas are a tree. */
  readonly hasReferences: boolean;
  /** Schemas that speak about the same value, each as often as it does. */
  readonly here: (schema: JsonObject) => readonly JsonObject[];
  /** Schemas that speak about values within it. */
  readonly within: (schema: JsonObject) => readonly JsonObject[];
  /** Those of them that speak about the value at one step. */
  readonly at: (schema: JsonObject, step: Step) => readonly JsonObject[];
  /** The steps that the schema tells apart. */
  readonly steps: (schema: JsonObject) => readonly Step[];
}

/** Reads the schemas of a document; references that lead nowhere lead nowhere. */
export function createSchemaGraph(root: JsonObject): SchemaGraph {
  const anchors = new Map<string, JsonObject>();
  const schemas = new Set<JsonObject>();
  let hasReferences = false;
  walkSchema(root, (schema) => {
    schemas.add(schema);
    hasReferences ||= references.some((keyword) => Object.hasOwn(schema, keyword));
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = schema[keyword];
      if (typeof name === 'string') anchors.set(name, schema);
    }
  });
  const targetOf = (reference: JsonValue | undefined): JsonObject[] => {
    if (typeof reference !== 'string') return [];
    const fragment = decoded(reference.slice(1));
    const target =
      fragment === '' || fragment.startsWith('/') ? pointed(root, fragment) : anchors.get(fragment);
    return isJsonObject(target) ? [target] : [];
  };
  return {
    schemas,
    hasReferences,
    here: remembered((schema) => [
      ...references.flatMap((keyword) => targetOf(schema[keyword])),
      ...sameValue.flatMap((keyword) => schemasIn(schema[keyword])),
      ...['dependentSchemas', 'dependencies'].flatMap((keyword) => schemasOf(schema[keyword])),
    ]),
    within: remembered((schema) => [
      ...innerValues.flatMap((keyword) => schemasIn(schema[keyword])),
      ...['properties', 'patternProperties'].flatMap((keyword) => schemasOf(schema[keyword])),
    ]),
    at: childrenAt,
    steps: stepsOf,
  };
}

type Edges = (schema: JsonObject) => readonly JsonObject[];

function remembered(find: Edges): Edges {
  const found = new Map<JsonObject, readonly JsonObject[]>();
  return (schema) => {
    const known = found.get(schema) ?? find(schema);
    found.set(schema, known);
    return known;
  };
}

const references = ['$ref', '$dynamicRef', '$recursiveRef'];
const sameValue = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];
const otherMembers = ['additionalProperties', 'unevaluatedProperties'];
const otherElements = ['additionalItems', 'unevaluatedItems'];
const innerValues = [
  ...otherMembers,
  ...otherElements,
  'items',
  'prefixItems',
  'contains',
  'propertyNames',
  'contentSchema',
];

function childrenAt(schema: JsonObject, step: Step): JsonObject[] {
  if (step === 'member name') return schemasIn(schema.propertyNames);
  if (step.startsWith('.') || step === 'other member') {
    const named = memberOf(schema.properties, step.slice(1));
    const own = step !== 'other member' && named !== undefined;
    return [
      ...(own ? schemasIn(named) : otherMembers.flatMap((keyword) => schemasIn(schema[keyword]))),
      ...schemasOf(schema.patternProperties),
    ];
  }
  const first = firstElements(schema)[Number(step.slice(1, -1))];
  return [...(first === undefined ? restElements(schema) : schemasIn(first)), ...schemasIn(schema.contains)];
}

function stepsOf(schema: JsonObject): Step[] {
  const names = isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
  return [
    ...names.map((name): Step => `.${name}`),
    ...firstElements(schema).map((_, index): Step => `[${index}]`),
  ];
}

function firstElements({ prefixItems, items }: JsonObject): readonly JsonValue[] {
  if (Array.isArray(prefixItems)) return prefixItems;
  return Array.isArray(items) ? items : [];
}

function restElements(schema: JsonObject): JsonObject[] {
  const others = otherElements.flatMap((keyword) => schemasIn(schema[keyword]));
  return Array.isArray(schema.items) ? others : [...schemasIn(schema.items), ...others];
}

/** A schema, or those of a list of schemas. */
function schemasIn(value: JsonValue | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

/** The schemas of a map of schemas. */
function schemasOf(value: JsonValue | undefined): JsonObject[] {
  return isJsonObject(value) ? Object.values(value).filter(isJsonObject) : [];
}

function pointed(root: JsonObject, pointer: string): JsonValue | undefined {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<JsonValue | undefined>(memberOf, root);
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d{1,9}$/.test(name) ? value[Number(name)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
