import type { JsonValue } from '../../model/json.js';
import { isJsonObject } from './parse-json.js';

/** The value that the names lead to, through own members of objects only; undefined where there is none. */
export function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}
