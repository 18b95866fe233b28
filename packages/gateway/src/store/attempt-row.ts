import type { JsonObject, JsonValue } from '../model/json.js';
import type { SqlValue } from './sqlite.js';

/** The columns of `attempt` behind `call`, `type` and `at`, in the order of `AttemptRow`. */
export const attemptColumns = 'name, digest';

export type AttemptRow = readonly SqlValue[];

/** What a record says of the key that its caller asked under: its member `attempt`. */
export function attemptIn(attempt: JsonValue | undefined): AttemptRow | undefined {
  if (typeof attempt !== 'object' || attempt === null || Array.isArray(attempt)) return undefined;
  const { name, digest } = attempt as JsonObject;
  return typeof name === 'string' && typeof digest === 'string' ? [name, digest] : undefined;
}
