import { hash, randomBytes } from 'node:crypto';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { JournalEntry, RecordPayload } from '../model/record.js';

export interface RecordRowToInsert {
  readonly entry: string;
  readonly at: number;
  readonly type: string;
  readonly call: string | null;
  readonly caller: string | null;
  /** The name by which callers know the tool. */
  readonly tool: string | null;
  readonly upstream: string | null;
  readonly effect: string | null;
  readonly rule: string | null;
  /** The record's RFC 8785 form: the bytes that a verifier reads. */
  readonly rec: Uint8Array;
  readonly payloads: readonly PayloadRowToInsert[];
}

export interface PayloadRowToInsert {
  readonly part: string;
  readonly salt: Uint8Array;
  /** JSON text; null when only the commitment was to be kept. */
  readonly body: string | null;
}

/** Reads one line of a journal. Throws for a line that is no entry. */
export function readRecordRow(line: string): RecordRowToInsert {
  const { id, call, record, payloads = [] } = JSON.parse(line) as JournalEntry;
  const at = Date.parse(record.at);
  if (typeof id !== 'string' || typeof record.type !== 'string' || Number.isNaN(at)) {
    throw new Error('found no id, type or time of a record');
  }
  const kept = payloads.map(keepPayload);
  const members: JsonObject = { ...record };
  for (const { part, commitment } of kept) if (commitment !== undefined) members[part] = commitment;
  const tool = objectIn(record.tool);
  return {
    entry: id,
    at,
    type: record.type,
    call: call ?? textIn(record.call),
    caller: textIn(objectIn(record.caller).id),
    tool: textIn(tool.exposed) ?? textIn(tool.name),
    upstream: textIn(tool.upstream) ?? textIn(record.upstream),
    effect: textIn(record.effect),
    rule: textIn(objectIn(record.policy).rule),
    rec: Buffer.from(canonicalJson(members)),
    payloads: kept,
  };
}

/**
 * The commitment that stays in a record when the content is erased: SHA-256 over 0x10, the salt and the content's
 * RFC 8785 form; `n` counts the bytes of that form.
 */
export function commitTo(canonical: string, salt: Uint8Array): { d: string; n: number } {
  const content = Buffer.from(canonical);
  return { d: hash('sha256', Buffer.concat([domain, salt, content]), 'base64url'), n: content.length };
}

const domain = Buffer.of(0x10);

function keepPayload(payload: RecordPayload): PayloadRowToInsert & { commitment?: JsonObject } {
  const { part, text } = payload;
  if (text === undefined) return { part, salt: Buffer.from(payload.salt ?? '', 'base64url'), body: null };
  const salt = randomBytes(32);
  const { body, canonical } = canonicalOf(text);
  return { part, salt, body, commitment: commitTo(canonical, salt) };
}

/** A text that is no strict JSON is kept as a JSON string, so that whatever was kept can be verified. */
function canonicalOf(text: string): { body: string; canonical: string } {
  try {
    return { body: text, canonical: canonicalJson(parseJson(text).value) };
  } catch {
    // Through UTF-8 and back, because a string with half a surrogate pair has no RFC 8785 form.
    const body = JSON.stringify(Buffer.from(text).toString());
    return { body, canonical: body };
  }
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
