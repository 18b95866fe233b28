import type { JsonObject } from '../model/json.js';
import type { Principal } from '../model/principal.js';

/** Who changed something over REST, as records say it. */
export function actorOf({ principal, requestId }: { principal: Principal; requestId: string }): JsonObject {
  return { by: principal.id, cred: principal.credential, request: requestId, via: 'rest' };
}
