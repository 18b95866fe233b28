import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import type { AttachedCredential } from '../../model/upstream.js';
import type { Snapshot } from '../house.js';
import type { Located } from './locate-target.js';

const none: AttachedCredential = new Map();

/** Stage 5. With which key? Resolved at call time, never taken from the client's request. */
export async function attachCredential(
  { task }: Call,
  located: Located,
  snapshot: Snapshot,
): Promise<AttachedCredential> {
  if (task?.isHeld === true) return none;
  try {
    return await snapshot.attachCredential(located.target.upstream);
  } catch (cause) {
    throw new Refusal(
      'credential_unavailable',
      `The gateway has no usable credential for "${located.target.upstream}" at the moment; its operator must look. The call was not sent.`,
      { retryAfterSeconds: 30, detail: cause instanceof Error ? cause.message : String(cause) },
    );
  }
}
