import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { Era } from '../model/revisions.js';

/** The `_meta` member that carries what a program wants to know about a refusal of the gateway. */
export const refusalKey = 'io.github.sallyport/refusal';

const modernMembers = new Set(['resultType', 'ttlMs', 'cacheScope']);

/**
 * The text of a tool result as a client of the era expects it, unchanged wherever it already is.
 * Undefined for a result that is no end of the call (`input_required` and extensions we did not declare).
 */
export function resultInEra(given: JsonObjectText, era: Era): string | undefined {
  const result = hasRefusal(given) ? withoutRefusal(given) : given;
  if (!Object.hasOwn(result.value, 'resultType')) {
    return era === 'legacy' ? result.text : withResultType(result);
  }
  if (result.value.resultType !== 'complete') return undefined;
  if (era === 'modern') return result.text;
  return writeObject(membersOf(result.text).filter(([name]) => !modernMembers.has(name)));
}

/** Spliced in behind the opening brace: the rest of the text, which may be large, stays as it is. */
function withResultType({ text, value }: JsonObjectText): string {
  const inside = text.slice(text.indexOf('{') + 1);
  const comma = Object.keys(value).length === 0 ? '' : ',';
  return `{"resultType":"complete"${comma}${inside}`;
}

function hasRefusal({ value: { _meta } }: JsonObjectText): boolean {
  return isJsonObject(_meta) && Object.hasOwn(_meta, refusalKey);
}

/** Only the gateway says that the gateway refused. */
function withoutRefusal({ text }: JsonObjectText): JsonObjectText {
  const members = membersOf(text).map(([name, member]): [string, string] => {
    if (name !== '_meta') return [name, member];
    return [name, writeObject(membersOf(member).filter(([inner]) => inner !== refusalKey))];
  });
  return parseJson(writeObject(members)) as JsonObjectText;
}
