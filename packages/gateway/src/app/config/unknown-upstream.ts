import { nearest } from '../../lib/nearest.js';
import type { Finding } from './issues-to-findings.js';

/** Says of an id that no upstream has it; nothing where one does. */
export function unknownUpstream(
  path: readonly PropertyKey[],
  id: string,
  known: readonly string[],
): Finding[] {
  if (known.includes(id)) return [];
  const found = JSON.stringify(id);
  const expected = 'the id of an upstream';
  const meant = nearest(id, known);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return [{ path, found, expected, message: `found ${found}; expected ${expected}${remedy}` }];
}
