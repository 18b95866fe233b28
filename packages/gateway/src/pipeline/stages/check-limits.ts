import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import type { Snapshot } from '../house.js';
import type { Target } from './locate-target.js';

/** Stage 2. Too many at once? Returns what frees the caller's place again. */
export function checkLimits(call: Call, target: Target, snapshot: Snapshot): () => void {
  const entry = snapshot.limits.enter(call.principal, target.tool.upstream);
  if (entry.kind === 'entered') return entry.leave;
  throw new Refusal(
    'concurrency_limited',
    `${entry.who} already has ${entry.limit} calls in progress, the most that may run at once. Repeat the call when one of them has ended.`,
    { retryAfterSeconds: 1 },
  );
}
