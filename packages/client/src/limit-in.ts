import { isObject } from './mcp-message.js';
import type { LimitStanding } from './sallyport-error.js';
import type { JsonObject } from './types.js';

/** How the limit stands that a refusal names; a time is text in one reply and milliseconds in the other. */
export function limitIn({ limit }: JsonObject): LimitStanding | undefined {
  if (!isObject(limit) || typeof limit.id !== 'string') return undefined;
  const { id, max, left, unit, resetsAt } = limit;
  if (!isAmount(max) || !isAmount(left)) return undefined;
  return {
    id,
    max,
    left,
    ...(typeof unit === 'string' && { unit }),
    ...(isAmount(resetsAt) && { resetsAt: new Date(resetsAt) }),
  };
}

function isAmount(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}
