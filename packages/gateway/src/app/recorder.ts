import { clip } from '../audit/clip.js';
import type { Trail } from '../audit/trail.js';
import type { FaceRecorder, RefusedEntry } from '../downstream/face-options.js';
import type { JsonObject } from '../model/json.js';

/** Puts what never became a call into the trail. */
export function createRecorder(trail: Trail): FaceRecorder {
  return {
    authFailed: (event) => trail.note('auth.failed', membersOf(event)),
    invalid: (event) => trail.note('call.received_invalid', membersOf(event)),
  };
}

function membersOf({ source, reason, detail, principal, method }: RefusedEntry): JsonObject {
  return {
    source,
    reason,
    ...(detail === undefined ? {} : { detail: clip(detail) }),
    ...(method === undefined ? {} : { mcp: { method: clip(method) } }),
    ...(principal === undefined ? {} : { caller: { id: principal.id, cred: principal.credential } }),
  };
}
