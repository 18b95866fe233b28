/// <reference lib="es2024.string" />
import { type Commitment, commitTo, newSalt } from '../lib/commitment.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { JournalEntry, ReadEntry, RecordPayload } from '../model/record.js';
import { type AttemptRow, attemptIn } from './attempt-row.js';
import { type ChargeRow, chargesIn } from './charge-row.js';
import { canonicalRecord } from './record-text.js';
import { type SpendRow, spendIn } from './spend-row.js';
import type { SqlValue } from './sqlite.js';

/** The columns of `record` that a journal line fills, in the order of `RecordToInsert.row`. */
export const insertedColumns =
  'entry, at, type, call, caller, tool, upstream, effect, rule, rec, part, salt, body';

export interface RecordToInsert {
  /** `rec` is the record's RFC 8785 form, the text that a verifier reads. */
  readonly row: readonly SqlValue[];
  readonly call: string | null;
  readonly tenant: string | null;
  /** What it says of budgets. */
  readonly charges: readonly ChargeRow[];
  /** Of a call that is allowed, the approval that it uses, and the hold whose call was changed into it. */
  readonly approval: string | null;
  readonly edits: string | null;
  /** The key that its caller asked under. */
  readonly attempt: AttemptRow | undefined;
  /** What it says of money. */
  readonly spend: SpendRow | undefined;
}

interface KeptContent {
  readonly salt: Uint8Array;
  /** JSON text; null when only the commitment was to be kept. */
  readonly body: string | null;
  readonly commitment?: Commitment;
}

/** One line of a journal, without its end. The record comes last, so that its text can be cut out of the line. */
export function lineOf({ id, call, payloads, record }: JournalEntry): string {
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  return `{"id":${JSON.stringify(id)}${written('call', call)}${written('payloads', payloads)},"record":${text}}`;
}

function written(name: string, value: unknown): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}

/** Reads one line of a journal. Throws for a line that is no entry. */
export function readRecord(line: string): RecordToInsert {
  try {
    return readEntry(line, JSON.parse(line) as ReadEntry);
  } catch {
    // Half a surrogate pair has no RFC 8785 form; a record that holds one is repaired, since none may be lost.
    const entry = wellFormed(JSON.parse(line) as JsonValue) as unknown as ReadEntry;
    return readEntry(JSON.stringify(entry), entry);
  }
}

function readEntry(line: string, { id, record, payloads = [], ...entry }: ReadEntry): RecordToInsert {
  const at = Date.parse(record.at);
  if (typeof id !== 'string' || typeof record.type !== 'string' || Number.isNaN(at)) {
    throw new Error('found no id, type or time of a record');
  }
  const [payload, ...more] = payloads;
  if (more.length > 0) throw new Error(`found ${payloads.length} payloads of a record, expected one at most`);
  const content = payload === undefined ? undefined : keep(payload);
  const rec = canonicalRecord({ line, record, part: payload?.part, commitment: content?.commitment });
  const tool = objectIn(record.tool);
  const call = entry.call ?? textIn(record.call);
  const row = [
    id,
    at,
    record.type,
    call,
    textIn(objectIn(record.caller).id),
    textIn(tool.exposed) ?? textIn(tool.name),
    textIn(tool.upstream) ?? textIn(record.upstream),
    textIn(record.effect),
    textIn(objectIn(record.policy).rule),
    rec,
    payload?.part ?? null,
    content?.salt ?? null,
    content?.body ?? null,
  ];
  const isAllowed = record.type === 'call.decided' && record.effect === 'allow';
  return {
    row,
    call,
    tenant: textIn(record.tenant),
    charges: chargesIn(record.budget),
    approval: isAllowed ? textIn(record.hold) : null,
    edits: isAllowed ? textIn(record.edits) : null,
    attempt: attemptIn(record.attempt),
    spend: spendIn(record),
  };
}

function keep({ text, salt }: RecordPayload): KeptContent {
  if (text === undefined) return { salt: Buffer.from(salt ?? '', 'base64url'), body: null };
  const fresh = newSalt();
  const { body, canonical } = canonicalOf(text);
  return { salt: fresh, body, commitment: commitTo(canonical, fresh) };
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

/** The same with U+FFFD for each half of a surrogate pair; names that become equal stay apart. */
function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const members = new Map<string, JsonValue>();
  for (const [name, member] of Object.entries(value)) {
    let unused = name.toWellFormed();
    while (members.has(unused) || (unused !== name && Object.hasOwn(value, unused))) unused += '\ufffd';
    members.set(unused, wellFormed(member));
  }
  return Object.fromEntries(members);
}

const none: JsonObject = {};

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : none;
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
