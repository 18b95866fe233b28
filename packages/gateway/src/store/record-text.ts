import type { Commitment } from '../lib/commitment.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import type { JsonValue } from '../model/json.js';
import type { AuditRecord, RecordPayload } from '../model/record.js';

export interface RecordInLine {
  /** The journal line that holds the record. */
  readonly line: string;
  /** The record that was read from the line. */
  readonly record: AuditRecord;
  /** Where the commitment goes, with the commitment. */
  readonly part?: RecordPayload['part'] | undefined;
  readonly commitment?: Commitment | undefined;
}

/**
 * The RFC 8785 form of a record with its commitment. A line is what JSON.stringify made of an entry: where all names of
 * the record are in order, its text in the line is that form already, which costs a quarter of writing it anew.
 */
export function canonicalRecord({ line, record, part, commitment }: RecordInLine): string {
  const text = textInOrder(line, record);
  if (part === undefined || commitment === undefined) return text ?? canonicalJson(record);
  const at = text === undefined ? -1 : placeOf(part, record, text);
  if (text === undefined || at < 0) return canonicalJson({ ...record, [part]: { ...commitment } });
  return `${text.slice(0, at)}"${part}":{"d":"${commitment.d}","n":${commitment.n}},${text.slice(at)}`;
}

const beforeRecord = ',"record":';

/** The record's text where it is in RFC 8785 form. */
function textInOrder(line: string, record: AuditRecord): string | undefined {
  // Half a surrogate pair, which has no such form, comes as an escape. A quote inside a string does too, so the first
  // mark is the member of the entry; it is the last one where the record ends one bracket before the line does.
  if (line.includes('\\ud') || !isInOrder(record)) return undefined;
  const mark = line.indexOf(`${beforeRecord}{`);
  if (mark < 0 || !line.endsWith('}}')) return undefined;
  return line.slice(mark + beforeRecord.length, -1);
}

/** Whether all names are in order, at any depth. Names that RFC 8785 or our tags treat differently count as not. */
function isInOrder(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let last = '@';
  for (const name in value) {
    if (name <= last || !isInOrder(value[name])) return false;
    last = name;
  }
  return true;
}

/** Where in the text the member belongs: before the first one with a greater name. Negative where that is not sure. */
function placeOf(part: string, record: AuditRecord, text: string): number {
  let isFirst = true;
  for (const name in record) {
    if (name === part) return -1;
    if (name > part) {
      if (isFirst) return 1;
      // Objects inside may have a member of the same name; a string cannot look like one, as its quotes are escaped.
      const member = `,${JSON.stringify(name)}:`;
      const at = text.indexOf(member);
      return at >= 0 && at === text.lastIndexOf(member) ? at + 1 : -1;
    }
    isFirst = false;
  }
  return -1;
}
