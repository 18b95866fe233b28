import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';

/**
 * The definition of a tool for clients of revisions before 2026-07-28, which refuse a whole list for a schema that is not
 * an object: an output schema of any other root is left out, and properties that may be anything say so in their words.
 * The same text where nothing of it is new.
 */
export function legacyDefinition({ text, value }: JsonObjectText): string {
  const { inputSchema, outputSchema } = value;
  const isLater =
    outputSchema !== undefined && (!isJsonObject(outputSchema) || outputSchema.type !== 'object');
  if (!isLater && !hasTruths(inputSchema) && !hasTruths(outputSchema)) return text;
  return writeObject(
    membersOf(text).flatMap(([name, own]): [string, string][] => {
      if (name === 'outputSchema' && isLater) return [];
      const isSchema = name === 'inputSchema' || name === 'outputSchema';
      return [[name, isSchema ? withoutTruths(own) : own]];
    }),
  );
}

function hasTruths(schema: unknown): boolean {
  const properties = (schema as JsonObject | undefined)?.properties;
  return isJsonObject(properties) && Object.values(properties).some((inner) => typeof inner === 'boolean');
}

/** `true` and `false` mean what `{}` and `{"not":{}}` do. */
function withoutTruths(schemaText: string): string {
  return writeObject(
    membersOf(schemaText).map(([name, own]) => [name, name === 'properties' ? written(own) : own]),
  );
}

function written(propertiesText: string): string {
  return writeObject(membersOf(propertiesText).map(([name, own]) => [name, words[own] ?? own]));
}

const words: Readonly<Record<string, string>> = { true: '{}', false: '{"not":{}}' };
