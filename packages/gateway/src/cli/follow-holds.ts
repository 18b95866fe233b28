import type { ApprovalsAt } from './approvals-at.js';
import type { ShownHold } from './shown-hold.js';

export interface FollowingHolds<Signal> {
  readonly approvals: Pick<ApprovalsAt, 'list' | 'show'>;
  readonly tell: (hold: ShownHold) => Promise<void>;
  readonly stopped: Promise<Signal>;
}

const pollMs = 1000;
const mostFollowed = 1000;

/**
 * Tells of each hold that waits, the oldest first, and of each change of one of these until it waits no more. Looks at the
 * list, for a stream of changes has only those that its own process makes.
 */
export async function followHolds<Signal>({
  approvals,
  tell,
  stopped,
}: FollowingHolds<Signal>): Promise<Signal> {
  const known = new Map<string, string>();
  for (;;) {
    const waiting = await approvals.list('pending', mostFollowed);
    const isWaiting = new Set(waiting.map(({ id }) => id));
    const over = [...known.keys()].filter((id) => !isWaiting.has(id));
    for (const id of over) {
      known.delete(id);
      await tell(await approvals.show(id));
    }
    for (const hold of waiting.toReversed()) {
      const look = `${hold.state} ${hold.votes.length}`;
      if (known.get(hold.id) === look) continue;
      known.set(hold.id, look);
      await tell(hold);
    }
    const signal = await Promise.race([stopped, pause()]);
    if (signal !== undefined) return signal;
  }
}

function pause(): Promise<undefined> {
  return new Promise((resolve) => {
    // What keeps a command alive; the clock's own timers do not.
    setTimeout(() => resolve(undefined), pollMs);
  });
}
