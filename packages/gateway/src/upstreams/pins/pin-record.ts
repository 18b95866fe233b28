import type { JsonObject } from '../../model/json.js';
import type { PinKey } from '../../store/pin.js';

/** What records say about a pin: the members that name a tool in the records of calls, with the digest it is about. */
export function pinRecord({ upstream, kind, name }: PinKey, def: string, more: JsonObject): JsonObject {
  const tool = { def, name, upstream, ...(kind === 'tool' ? {} : { kind }) };
  return { tool, ...more };
}
