import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';

const mapsOfSchemas = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
const data = new Set(['default', 'const', 'enum', 'examples', 'example', 'required', 'x-mcp-header']);

/** Where a schema stands: the names that lead to it from the root through `properties` alone, if such a way exists. */
export type PropertyPath = readonly string[] | undefined;

/** Calls `visit` for the schema and for every schema within it; values that are data and not schemas are left out. */
export function walkSchema(
  schema: JsonObject,
  visit: (schema: JsonObject, path: PropertyPath) => void,
  path: PropertyPath = [],
): void {
  visit(schema, path);
  for (const [keyword, value] of Object.entries(schema)) {
    if (data.has(keyword)) continue;
    if (mapsOfSchemas.has(keyword) && isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const below = keyword === 'properties' && path !== undefined ? [...path, name] : undefined;
        walkAny(inner, visit, below);
      }
    } else {
      walkAny(value, visit, undefined);
    }
  }
}

function walkAny(
  value: JsonValue,
  visit: (schema: JsonObject, path: PropertyPath) => void,
  path: PropertyPath,
): void {
  if (Array.isArray(value)) for (const item of value) walkAny(item, visit, undefined);
  else if (isJsonObject(value)) walkSchema(value, visit, path);
}
