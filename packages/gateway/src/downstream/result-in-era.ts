import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonObjectText, JsonText } from '../model/json.js';
import type { Era } from '../model/revisions.js';

/** The `_meta` member that carries what a program wants to know about a refusal of the gateway. */
export const refusalKey = 'io.github.sallyport/refusal';

/** The `_meta` member that says in which hold a call waits for a person. */
export const holdKey = 'io.github.sallyport/hold';

const modernMembers = new Set(['resultType', 'ttlMs', 'cacheScope']);

/** To be asked for again each time: what a caller may read can change with the policy, and differs between callers. */
const uncached = [
  ['ttlMs', '0'],
  ['cacheScope', '"private"'],
] as const;

export interface Destination {
  readonly era: Era;
  readonly method: string;
}

/**
 * The text of a result as a client of the era expects it, unchanged wherever it already is.
 * Undefined for a result that is no end of the call (`input_required` and extensions we did not declare).
 */
export function resultInEra(given: JsonObjectText, { era, method }: Destination): string | undefined {
  const own = method === 'tasks/get' ? withoutNestedRefusal(given) : given;
  const result = hasRefusal(own) ? withoutRefusal(own) : own;
  const caching = method === 'resources/read' ? uncached : [];
  if (!Object.hasOwn(result.value, 'resultType')) {
    return era === 'legacy' ? result.text : withMembers(result, [['resultType', '"complete"'], ...caching]);
  }
  // Only callers that know tasks come by one.
  if (result.value.resultType === 'task' && era === 'modern' && method === 'tools/call') return result.text;
  if (result.value.resultType !== 'complete') return undefined;
  if (era === 'modern') return caching.length === 0 ? result.text : forOneCaller(result);
  return writeObject(membersOf(result.text).filter(([name]) => !modernMembers.has(name)));
}

/** Spliced in behind the opening brace: the rest of the text, which may be large, stays as it is. */
function withMembers(
  { text, value }: JsonObjectText,
  members: readonly (readonly [name: string, text: string])[],
): string {
  const missing = members.filter(([name]) => !Object.hasOwn(value, name));
  if (missing.length === 0) return text;
  const added = missing.map(([name, member]) => `"${name}":${member}`).join(',');
  const comma = Object.keys(value).length === 0 ? '' : ',';
  return `{${added}${comma}${text.slice(text.indexOf('{') + 1)}`;
}

/** How long a result stays good is for its server to say; who may share it is not. */
function forOneCaller(result: JsonObjectText): string {
  const { cacheScope } = result.value;
  if (cacheScope === undefined || cacheScope === 'private') return withMembers(result, uncached);
  const members = membersOf(result.text).map(
    ([name, text]) => [name, name === 'cacheScope' ? '"private"' : text] as const,
  );
  return withMembers({ text: writeObject(members), value: result.value }, uncached);
}

function hasRefusal({ value: { _meta } }: JsonObjectText): boolean {
  return isJsonObject(_meta) && hasOurs(_meta);
}

function hasOurs(meta: JsonObject): boolean {
  return Object.hasOwn(meta, refusalKey) || Object.hasOwn(meta, holdKey);
}

/** Only the gateway says that the gateway refused, or holds a call. */
function withoutRefusal({ text }: JsonObjectText): JsonObjectText {
  const members = membersOf(text).map(([name, member]): [string, string] => {
    if (name !== '_meta') return [name, member];
    return [
      name,
      writeObject(membersOf(member).filter(([inner]) => inner !== refusalKey && inner !== holdKey)),
    ];
  });
  return parseJson(writeObject(members)) as JsonObjectText;
}

/** The state of a task holds the result of its tool. */
function withoutNestedRefusal(given: JsonObjectText): JsonObjectText {
  const { result } = given.value;
  if (!isJsonObject(result) || !isJsonObject(result._meta) || !hasOurs(result._meta)) {
    return given;
  }
  const members = membersOf(given.text).map(([name, text]): [string, string] => {
    return [name, name === 'result' ? withoutRefusal({ text, value: result }).text : text];
  });
  return parseJson(writeObject(members)) as JsonObjectText;
}

/** The text of an error's data, from which nobody can take the error for a refusal of the gateway, or a held call. */
export function withoutRefusalIn({ text, value }: JsonText): string {
  if (!isJsonObject(value) || !hasOurs(value)) return text;
  return writeObject(membersOf(text).filter(([name]) => name !== refusalKey && name !== holdKey));
}
