import type { TargetClaims } from '../model/hold.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Target } from '../model/target.js';

const longestTitle = 120;
const longestDescription = 2000;
const mostTitles = 200;
const deepest = 6;

/** What an upstream says of a target and its arguments: for people to see, never to decide on. */
export function claimsOf({ definition }: Target): TargetClaims | undefined {
  if (definition === undefined) return undefined;
  const { title, description, annotations, inputSchema } = definition.value;
  const hint = isObject(annotations) ? annotations.title : undefined;
  const titles: Record<string, string> = {};
  collectTitles(inputSchema, '', titles);
  return {
    title: cut(title, longestTitle) ?? cut(hint, longestTitle),
    description: cut(description, longestDescription),
    ...(Object.keys(titles).length === 0 ? {} : { titles }),
  };
}

/** References inside a schema are not followed: their values are shown without a title. */
function collectTitles(schema: JsonValue | undefined, path: string, titles: Record<string, string>): void {
  if (!isObject(schema) || path.split('.').length > deepest) return;
  const title = cut(schema.title, longestTitle);
  if (path !== '' && title !== undefined && Object.keys(titles).length < mostTitles) titles[path] = title;
  const { properties, items } = schema;
  for (const [name, inner] of isObject(properties) ? Object.entries(properties) : []) {
    collectTitles(inner, path === '' ? name : `${path}.${name}`, titles);
  }
  if (path !== '') collectTitles(items, `${path}.*`, titles);
}

function cut(text: JsonValue | undefined, most: number): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
