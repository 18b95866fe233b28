import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonObjectText, JsonValue } from '../model/json.js';
import type { Tool, ToolAnnotations } from '../model/tool.js';
import { definitionDigest, type Imported, importDefinitions, type RawList } from './import-definitions.js';
import { refuseBombs } from './import-schema.js';
import {
  commonShape,
  objectOf,
  oneOf,
  refuseWrongTypes,
  type Shape,
  schema,
  text,
  truth,
} from './import-shapes.js';
import { headerParams } from './mcp-param.js';
import { withoutTwins } from './name-twins.js';
import { walkSchema } from './schema-walk.js';

/** A tool that passed import, before it has a name to be called by. */
export type ImportedTool = Omit<Tool, 'exposedName' | 'upstream'>;

const nameForm = /^[A-Za-z0-9_.-]{1,128}$/;

/** Takes over the tools that are safe to show, compare and call. */
export function importTools(list: RawList): Imported<ImportedTool> {
  return withoutTwins(importDefinitions(list, { what: 'tool', naming: 'name', read: readTool }), 'tool');
}

function readTool(definition: JsonObjectText): ImportedTool {
  const { value } = definition;
  const { name, inputSchema, outputSchema } = value;
  if (typeof name !== 'string' || !nameForm.test(name)) {
    throw new Error('the name is not 1 to 128 characters of A-Z, a-z, 0-9, "_", "." and "-"');
  }
  refuseWrongTypes(value, toolShape);
  if (!isJsonObject(inputSchema)) throw new Error('inputSchema is missing or not an object');
  if (inputSchema.type !== 'object') throw new Error('inputSchema is not of type "object"');
  for (const schema of [inputSchema, outputSchema]) {
    if (!isJsonObject(schema)) continue;
    refuseExternalReferences(schema);
    refuseBombs(schema);
  }
  headerParams(inputSchema);
  return {
    kind: 'tool',
    name,
    definition,
    inputSchema,
    annotations: readAnnotations(value.annotations),
    digest: definitionDigest('tool', value),
  };
}

const toolShape: Shape = {
  ...commonShape,
  inputSchema: schema,
  outputSchema: schema,
  execution: objectOf({ taskSupport: oneOf('required', 'optional', 'forbidden') }),
  annotations: objectOf({
    title: text,
    readOnlyHint: truth,
    destructiveHint: truth,
    idempotentHint: truth,
    openWorldHint: truth,
  }),
};

function refuseExternalReferences(schema: JsonObject): void {
  walkSchema(schema, (inner) => {
    for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const target = inner[keyword];
      if (typeof target === 'string' && !target.startsWith('#')) {
        throw new Error(`a schema refers to another document (${keyword} does not begin with "#")`);
      }
    }
  });
}

function readAnnotations(value: JsonValue | undefined): ToolAnnotations {
  if (!isJsonObject(value)) return {};
  const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
  const known = hints.filter((hint) => typeof value[hint] === 'boolean').map((hint) => [hint, value[hint]]);
  const title = typeof value.title === 'string' ? { title: value.title } : {};
  return { ...title, ...Object.fromEntries(known) };
}
