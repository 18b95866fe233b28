import { localTime } from './format-record.js';
import type { ShownKill } from './kills-at.js';
import { visibleText } from './visible-text.js';

/** What each cell of `killCells` is. */
export const killHeadings = ['ID', 'STOPS', 'TENANT', 'SINCE', 'BY', 'REASON'] as const;

/** One kill switch for people. */
export function killCells(kill: ShownKill): string[] {
  const { id, tenant, at, by, reason } = kill;
  return [id, whatOf(kill), tenant, localTime(Date.parse(at)).slice(0, 16), by, reason].map(visibleText);
}

/** The same in one line. */
export function killText(kill: ShownKill): string {
  const { id, by, reason } = kill;
  return visibleText(`${whatOf(kill)} (${id}), thrown by ${by}: ${reason}`);
}

function whatOf({ scope, name }: ShownKill): string {
  return name === undefined ? scope : `${scope} ${name}`;
}
