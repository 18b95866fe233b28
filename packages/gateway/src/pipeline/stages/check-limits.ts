import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import type { House, Snapshot } from '../house.js';

import type { Located } from './locate-target.js';

interface Gate {
  readonly house: House;
  readonly snapshot: Snapshot;
}

/** Stage 2. Too many at once? Returns what frees the caller's place again. */
export function checkLimits(call: Call, located: Located, { house, snapshot }: Gate): () => void {
  const entry = house.concurrency.enter(call.principal, located.target.upstream, snapshot.caps);
  if (entry.kind === 'entered') return entry.leave;
  throw new Refusal(
    'concurrency_limited',
    `${entry.who} already has ${entry.limit} calls in progress, the most that may run at once. Repeat the call when one of them has ended.`,
    { retryAfterSeconds: 1 },
  );
}
