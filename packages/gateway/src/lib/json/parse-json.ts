import { isUtf8 } from 'node:buffer';
import type { JsonObject, JsonText, JsonValue } from '../../model/json.js';
import { JsonFault } from './json-fault.js';
import { JsonReader, type MemberSpan } from './json-reader.js';

export { JsonFault } from './json-fault.js';

export interface JsonLimits {
  /** Levels of arrays and objects; a scalar has none. */
  readonly maxDepth: number;
}

/** A parsed text that also knows where the members of its root stand, and the members of those. */
export interface JsonDocument extends JsonText {
  /** Exact text and value of `root[name]` or `root[name][inner]`; absent where there is no such own member. */
  member(name: string, inner?: string): JsonText | undefined;
}

const defaults: JsonLimits = { maxDepth: 64 };

/**
 * Reads strict JSON; throws JsonFault, and nothing else, for every text that two parsers could read differently
 * (duplicate names, `__proto__`, lone surrogates, numbers that do not survive) or that is too deep.
 */
export function parseJson(text: string, limits: JsonLimits = defaults): JsonText {
  return { text, value: new JsonReader(text, limits.maxDepth).readAll() };
}

/** The same pass, which also records where the members of the root, and their members, stand. */
export function parseDocument(text: string, limits: JsonLimits = defaults): JsonDocument {
  const spans: MemberSpan[] = [];
  const value = new JsonReader(text, limits.maxDepth).readAll(spans);
  return {
    text,
    value,
    member(name, inner) {
      const outer = find(spans, value, name);
      if (outer === undefined || inner === undefined) return outer && cut(text, outer);
      const found = find(outer.span.inner ?? [], outer.value, inner);
      return found && cut(text, found);
    },
  };
}

/** Decodes UTF-8; throws JsonFault for bytes that are not UTF-8 and for a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (!isUtf8(bytes))
    throw new JsonFault('invalid_utf8', firstInvalid(text, bytes), 'Found bytes that are not UTF-8');
  if (text.charCodeAt(0) === 0xfeff) {
    throw new JsonFault('byte_order_mark', 0, 'Found a byte order mark, expected JSON without one');
  }
  return text;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface FoundMember {
  readonly span: MemberSpan;
  readonly value: JsonValue;
}

function find(spans: readonly MemberSpan[], owner: JsonValue, name: string): FoundMember | undefined {
  if (!isJsonObject(owner) || !Object.hasOwn(owner, name)) return undefined;
  const span = spans.find((candidate) => candidate.name === name);
  const value = owner[name];
  return span === undefined || value === undefined ? undefined : { span, value };
}

function cut(text: string, { span, value }: FoundMember): JsonText {
  return { text: text.slice(span.start, span.end), value };
}

/** Decoding replaced each bad sequence by U+FFFD, so the first U+FFFD that the bytes do not spell is the place. */
function firstInvalid(decoded: string, bytes: Uint8Array): number {
  let byte = 0;
  let from = 0;
  for (let at = decoded.indexOf('\ufffd'); at >= 0; at = decoded.indexOf('\ufffd', from)) {
    byte += Buffer.byteLength(decoded.slice(from, at));
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return at;
    byte += 3;
    from = at + 1;
  }
  return decoded.length;
}
