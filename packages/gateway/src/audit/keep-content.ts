/// <reference lib="es2024.string" />
import { commitTo, newSalt } from '../lib/commitment.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { RecordPayload } from '../model/record.js';

/** How much of arguments and results the trail keeps. */
export interface ContentPolicy {
  readonly args: 'full' | 'digest' | 'none';
  readonly result: 'full' | 'digest' | 'none';
  /** Longer texts are kept as a digest only. */
  readonly maxBytes: number;
}

export interface Content {
  /** JSON text. */
  readonly text: string;
  /** What the text means, where that is known: reading it again costs milliseconds for each megabyte. */
  readonly value?: JsonValue;
}

interface Kept {
  /** Goes into the record when the text does not go with it. */
  readonly commitment?: JsonObject;
  readonly payloads: readonly RecordPayload[];
}

/** What goes with a record: the text (the store then adds its commitment), the commitment alone, or nothing. */
export function keepContent(
  part: 'args' | 'result',
  content: Content,
  policy: ContentPolicy,
): Kept | undefined {
  const mode = policy[part];
  if (mode === 'none') return undefined;
  if (mode === 'full' && Buffer.byteLength(content.text) <= policy.maxBytes) {
    return { payloads: [{ part, text: content.text }] };
  }
  const salt = newSalt();
  const cut = mode === 'full' ? { cut: true } : {};
  return {
    commitment: { ...cut, ...commitTo(canonicalOf(content), salt) },
    payloads: [{ part, salt: Buffer.from(salt).toString('base64url') }],
  };
}

/** As the store does with the whole text: one that is no strict JSON, as redaction can make it, becomes a JSON string. */
function canonicalOf({ text, value }: Content): string {
  try {
    return canonicalJson(value === undefined ? parseJson(text).value : value);
  } catch {
    return JSON.stringify(text.toWellFormed());
  }
}
