import type { JsonObject, JsonValue } from '../model/json.js';
import type { RecordRow } from '../store/record-table.js';
import { visibleText } from './visible-text.js';

/** Longer explanations are cut on screen; `--json` has them whole. */
const longestWhy = 80;

/** What each cell of `recordCells` is. */
export const recordHeadings = ['TIME', 'TYPE', 'CALLER', 'TARGET', 'ANSWER', 'WHY', 'CALL'] as const;

/** Widths that most cells fit in, for output that cannot wait for the widest. */
export const recordWidths = [23, 22, 14, 26, 14, 24, 36] as const;

/** One record for people: local time, foreign text inert. */
export function recordCells({ record }: RecordRow): string[] {
  return [
    localTime(Date.parse(record.at)),
    record.type,
    textOf(objectIn(record.caller).id),
    targetOf(record),
    answerOf(record),
    whyOf(record),
    textOf(record.call),
  ].map(visibleText);
}

/** One record for programs, in the form of the REST face. */
export function recordJson(row: RecordRow): JsonObject {
  return { id: row.id, ...row.record, content: { ...row.payloads } };
}

/** `2026-11-20 09:11:08.051` in the zone of this machine. */
export function localTime(ms: number): string {
  const at = new Date(ms);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return `${day} ${time}.${pad(at.getMilliseconds(), 3)}`;
}

function answerOf(record: JsonObject): string {
  if (record.effect !== undefined) return textOf(record.effect);
  if (record.outcome === undefined) return '';
  const error = record.error === true ? ', error' : '';
  return `${textOf(record.outcome)} ${textOf(record.ms)} ms${error}`;
}

function targetOf(record: JsonObject): string {
  if (record.key !== undefined) return `key ${textOf(record.key)} of ${textOf(record.principal)}`;
  const tool = objectIn(record.tool);
  const parts = [tool.upstream ?? record.upstream, tool.exposed ?? tool.name];
  return parts
    .filter((part) => part !== undefined)
    .map(textOf)
    .join(':');
}

/** The rule where one decided; else the code and what is known beyond it. */
function whyOf(record: JsonObject): string {
  const rule = objectIn(record.policy).rule;
  if (rule !== undefined) return `rule ${textOf(rule)}`;
  const parts = [record.code, record.reason, record.detail].filter((part) => part !== undefined).map(textOf);
  if (parts.length === 0 && record.by !== undefined) return `by ${textOf(record.by)}`;
  const text = parts.join(': ');
  return text.length > longestWhy ? `${text.slice(0, longestWhy)}…` : text;
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
