import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import { elementsOf } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonText, JsonValue } from '../model/json.js';
import type { Tool, ToolAnnotations } from '../model/tool.js';
import { headerParams } from './mcp-param.js';
import { walkSchema } from './schema-walk.js';

/** A tool that passed import, before it has a name to be called by. */
export type ImportedTool = Omit<Tool, 'exposedName' | 'upstream'>;

export interface RejectedTool {
  /** As the upstream wrote it, when it wrote one. */
  readonly tool: string;
  readonly reason: string;
}

export interface ToolImport {
  readonly tools: readonly ImportedTool[];
  readonly rejected: readonly RejectedTool[];
}

const digestDomain = 0x12;
const longestDefinition = 256 * 1024;
const deepestDefinition = 40;
const longestName = 128;

/**
 * Takes over the definitions that are safe to show, compare and call; one bad definition never costs the others.
 * `redact` takes known secrets out of each of them first, because a server may repeat what it was given.
 */
export function importTools(toolsArrays: readonly JsonText[], redact: (text: string) => string): ToolImport {
  const tools: ImportedTool[] = [];
  const rejected: RejectedTool[] = [];
  for (const array of toolsArrays) {
    const texts = elementsOf(array.text);
    const values = array.value as JsonValue[];
    values.forEach((value, index) => {
      try {
        tools.push(importTool(redacted({ text: texts[index] ?? '', value }, redact)));
      } catch (cause) {
        rejected.push({
          tool: redact(nameOf(value)).slice(0, longestName),
          reason: cause instanceof Error ? cause.message : String(cause),
        });
      }
    });
  }
  return withoutTwins(tools, rejected);
}

function redacted(definition: JsonText, redact: (text: string) => string): JsonText {
  const text = redact(definition.text);
  return text === definition.text ? definition : parseJson(text);
}

function importTool({ text, value }: JsonText): ImportedTool {
  if (!isJsonObject(value)) throw new Error('the definition is not an object');
  const { name, inputSchema, outputSchema } = value;
  if (typeof name !== 'string' || !/^[A-Za-z0-9_.-]{1,128}$/.test(name)) {
    throw new Error('the name is not 1 to 128 characters of A-Z, a-z, 0-9, "_", "." and "-"');
  }
  if (text.length > longestDefinition) {
    throw new Error(
      `the definition has ${text.length} characters, at most ${longestDefinition} are accepted`,
    );
  }
  if (depthOf(value) > deepestDefinition) {
    throw new Error(`the definition is nested deeper than ${deepestDefinition} levels`);
  }
  if (!isJsonObject(inputSchema)) throw new Error('inputSchema is missing or not an object');
  if (inputSchema.type !== 'object') throw new Error('inputSchema is not of type "object"');
  refuseExternalReferences(inputSchema);
  if (isJsonObject(outputSchema)) refuseExternalReferences(outputSchema);
  headerParams(inputSchema);
  return {
    kind: 'tool',
    name,
    definition: { text, value },
    inputSchema,
    annotations: readAnnotations(value.annotations),
    digest: digest(digestDomain, canonicalJson(withoutMeta(value))),
  };
}

/** Two names that differ only in case are a trap for rules and people, and neither of them can be the right one. */
function withoutTwins(tools: readonly ImportedTool[], rejected: readonly RejectedTool[]): ToolImport {
  const counts = new Map<string, number>();
  for (const { name } of tools) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  const isTwin = ({ name }: ImportedTool) => (counts.get(name.toLowerCase()) ?? 0) > 1;
  return {
    tools: tools.filter((tool) => !isTwin(tool)),
    rejected: [
      ...rejected,
      ...tools.filter(isTwin).map(({ name }) => ({
        tool: name,
        reason: 'the upstream offers this name twice, or twice with only the case of letters different',
      })),
    ],
  };
}

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

function withoutMeta(definition: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => name !== '_meta'));
}

function depthOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, depthOf(inner)), 0);
}

function nameOf(value: JsonValue): string {
  const name = isJsonObject(value) ? value.name : undefined;
  return typeof name === 'string' ? name : '(without a name)';
}
