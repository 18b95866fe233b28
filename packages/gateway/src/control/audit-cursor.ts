import { Problem } from './rest/problem.js';

/** The id of the last record of the page before. */
export function readCursor(cursor: string): number {
  const after = Number(cursor);
  if (Number.isSafeInteger(after)) return after;
  const found = JSON.stringify(cursor);
  throw new Problem('invalid_query', `cursor: found ${found}; it is the next_cursor of an earlier answer`);
}
