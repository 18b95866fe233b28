import type { Trail } from '../audit/trail.js';
import type { KeyChange, KeySummary } from '../identity/key-ring.js';
import type { JsonObject } from '../model/json.js';

/** Puts what happens to keys on record, with who did it. */
export function keyRecorder(trail: Pick<Trail, 'write'>, actor: JsonObject) {
  return (change: KeyChange, key: KeySummary): Promise<void> =>
    trail.write(change, { ...membersOf(key), ...actor });
}

function membersOf({ id, principal, roles, tenant, grants, rotatedFrom }: KeySummary): JsonObject {
  return {
    key: id,
    principal,
    roles: [...roles],
    tenant,
    ...(grants === undefined ? {} : { scopes: [...grants] }),
    ...(rotatedFrom === undefined ? {} : { rotated_from: rotatedFrom }),
  };
}
