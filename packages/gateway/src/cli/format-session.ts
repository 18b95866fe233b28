import type { JsonObject, JsonValue } from '../model/json.js';
import { localTime } from './format-record.js';
import { visibleText } from './visible-text.js';

/** What each cell of `sessionCells` is. */
export const sessionHeadings = ['ID', 'AGENT', 'PRINCIPAL', 'SCOPES', 'STATE', 'EXPIRES', 'LEFT'] as const;

/** One session for people. */
export function sessionCells(session: JsonObject): string[] {
  const scopes = Array.isArray(session.scopes) ? session.scopes.map(textOf).join(',') : '';
  return [
    textOf(session.id),
    textOf(session.agent_id),
    textOf(session.principal),
    scopes,
    stateOf(session),
    timeOf(session.expires_at),
    session.remaining_budget === undefined ? '-' : `${textOf(session.remaining_budget)} USD`,
  ].map(visibleText);
}

/** One session, a line for each of its members. */
export function sessionLines(session: JsonObject): string[] {
  return Object.entries(session).map(([name, value]) =>
    visibleText(`${name}: ${name.endsWith('_at') ? timeOf(value) : textOf(value)}`),
  );
}

function stateOf({ is_valid, revoked_at }: JsonObject): string {
  if (is_valid === true) return 'valid';
  return revoked_at === undefined ? 'over' : 'revoked';
}

function timeOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? localTime(Date.parse(value)).slice(0, 16) : 'never';
}

export function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
