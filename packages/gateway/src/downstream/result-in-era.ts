import { membersOf, writeObject } from '../lib/json/members.js';
import type { JsonObjectText } from '../model/json.js';
import type { Era } from './revisions.js';

const modernMembers = new Set(['resultType', 'ttlMs', 'cacheScope']);

/**
 * The text of a tool result as a client of the era expects it, unchanged wherever it already is.
 * Undefined for a result that is no end of the call (`input_required` and extensions we did not declare).
 */
export function resultInEra(result: JsonObjectText, era: Era): string | undefined {
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
