import { commitTo, newSalt } from '../lib/commitment.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject } from '../model/json.js';
import type { RecordPayload } from '../model/record.js';

/** How much of arguments and results the trail keeps. */
export interface ContentPolicy {
  readonly args: 'full' | 'digest' | 'none';
  readonly result: 'full' | 'digest' | 'none';
  /** Longer texts are kept as a digest only. */
  readonly maxBytes: number;
}

interface Kept {
  /** Goes into the record when the text does not go with it. */
  readonly commitment?: JsonObject;
  readonly payloads: readonly RecordPayload[];
}

/** What goes with a record: the text (the store then adds its commitment), the commitment alone, or nothing. */
export function keepContent(part: 'args' | 'result', text: string, policy: ContentPolicy): Kept | undefined {
  const mode = policy[part];
  if (mode === 'none') return undefined;
  if (mode === 'full' && Buffer.byteLength(text) <= policy.maxBytes) {
    return { payloads: [{ part, text }] };
  }
  const salt = newSalt();
  const cut = mode === 'full' ? { cut: true } : {};
  return {
    commitment: { ...cut, ...commitTo(canonicalJson(parseJson(text).value), salt) },
    payloads: [{ part, salt: Buffer.from(salt).toString('base64url') }],
  };
}
