import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import { elementsOf, membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonObjectText, JsonText, JsonValue } from '../model/json.js';

/** What upstreams list. */
export type ListedKind = 'tool' | 'prompt' | 'resource' | 'template';

/** Something that is left out, and why. */
export interface Rejected {
  readonly what: ListedKind;
  /** The name, or for resources the URI, as the upstream wrote it, when it wrote one. */
  readonly name: string;
  readonly reason: string;
}

/** What passed import, and what did not. */
export interface Imported<Item> {
  readonly items: readonly Item[];
  readonly rejected: readonly Rejected[];
}

/** How definitions of one kind are taken over. */
export interface ImportRule<Item> {
  readonly what: ListedKind;
  /** The member that an item is known by. */
  readonly naming: 'name' | 'uri' | 'uriTemplate';
  /** Throws, with a sentence for operators, for a definition that is not safe to show, compare or use. */
  readonly read: (definition: JsonObjectText) => Item;
}

/** One list of an upstream as it came. */
export interface RawList {
  /** An array of definitions for each page. */
  readonly pages: readonly JsonText[];
  /** Takes known secrets out of each definition first, because a server may repeat what it was given. */
  readonly redact: (text: string) => string;
}

/** First bytes of what digests are made of, so that a digest of one kind never is one of another. */
const digestDomains: Readonly<Record<ListedKind, number>> = {
  tool: 0x12,
  prompt: 0x14,
  resource: 0x15,
  template: 0x16,
};
const longestDefinition = 256 * 1024;
const deepestDefinition = 40;
const longestToldName = 128;

/** Takes over the definitions that are safe; one bad definition never costs the others. */
export function importDefinitions<Item>(
  { pages, redact }: RawList,
  { what, naming, read }: ImportRule<Item>,
): Imported<Item> {
  const items: Item[] = [];
  const rejected: Rejected[] = [];
  for (const page of pages) {
    const texts = elementsOf(page.text);
    (page.value as JsonValue[]).forEach((value, index) => {
      try {
        items.push(read(checked(redacted({ text: texts[index] ?? '', value }, redact))));
      } catch (cause) {
        const name = redact(nameIn(value, naming)).slice(0, longestToldName);
        rejected.push({ what, name, reason: cause instanceof Error ? cause.message : String(cause) });
      }
    });
  }
  return { items, rejected };
}

/** The digest of a whole definition, as far as definitionText keeps it. */
export function definitionDigest(what: ListedKind, definition: JsonObject): string {
  return digest(digestDomains[what], definitionText(definition));
}

/** What a digest is of, in RFC 8785 form; of `_meta` only what says which UI a host shows (MCP Apps). */
export function definitionText({ _meta, ...definition }: JsonObject): string {
  const ui = isJsonObject(_meta) ? Object.entries(_meta).filter(([name]) => /^ui(\/|$)/.test(name)) : [];
  return canonicalJson(ui.length === 0 ? definition : { ...definition, _meta: Object.fromEntries(ui) });
}

function redacted(definition: JsonText, redact: (text: string) => string): JsonText {
  const text = redact(definition.text);
  return text === definition.text ? definition : parseJson(text);
}

function checked({ text, value }: JsonText): JsonObjectText {
  if (!isJsonObject(value)) throw new Error('the definition is not an object');
  if (text.length > longestDefinition) {
    throw new Error(
      `the definition has ${text.length} characters, at most ${longestDefinition} are accepted`,
    );
  }
  if (depthOf(value) > deepestDefinition) {
    throw new Error(`the definition is nested deeper than ${deepestDefinition} levels`);
  }
  return withoutNulls({ text, value });
}

/** A member that is null says nothing, and strict clients refuse the whole merged list for one. */
function withoutNulls(definition: JsonObjectText): JsonObjectText {
  if (!Object.values(definition.value).includes(null)) return definition;
  return {
    text: writeObject(membersOf(definition.text).filter(([, text]) => text !== 'null')),
    value: Object.fromEntries(Object.entries(definition.value).filter(([, inner]) => inner !== null)),
  };
}

function depthOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, depthOf(inner)), 0);
}

function nameIn(value: JsonValue, naming: string): string {
  const name = isJsonObject(value) ? value[naming] : undefined;
  return typeof name === 'string' ? name : `(without ${naming})`;
}
