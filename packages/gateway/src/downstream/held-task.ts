import { isoTime } from '../lib/clock.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import { keptOutcome } from '../pipeline/kept-outcome.js';
import { holdKey } from './result-in-era.js';

/** How the task stands that a held call is. */
export interface TaskStand {
  readonly status: 'working' | 'completed' | 'failed' | 'cancelled';
  readonly message: string;
  /** How the call ended, where the task is over and was not cancelled. */
  readonly outcome?: Outcome;
}

/** What the gateway itself makes has ended after so long, or never will be known to have. */
const longestRunMs = 15 * 60_000;

/** How often clients should ask. */
const pollMs = 2000;

/**
 * Whether the caller can be given a task for the held call. It is not where the gateway could not make the call without
 * its client, nor where the call is to end with the client's wait.
 */
export function canBeTask({ terms, request }: Hold, { kind, client, more }: Call): boolean {
  const knowsTasks = client.tasks === true || more?.has('task') === true;
  return knowsTasks && kind === 'tool' && terms.mode !== 'wait' && request !== undefined;
}

/** `kept` is the text of what the gateway's own call came to, where it is kept. */
export function standOf(hold: Hold, kept: string | undefined, now: number): TaskStand {
  const over = (message: string, outcome: Outcome): TaskStand => ({ status: 'completed', message, outcome });
  const refused = (code: 'approval_denied' | 'approval_expired', message: string): TaskStand =>
    over(message, { kind: 'refused', callId: hold.id, refusal: new Refusal(code, message) });
  const isPast = hold.state === 'pending' && hold.until <= now;
  switch (isPast ? 'expired' : hold.state) {
    case 'pending':
      return { status: 'working', message: `Waits for a person to approve it (${hold.id}). ${hold.reason}` };
    case 'approved':
      return { status: 'working', message: 'Approved; Sallyport makes the call.' };
    case 'used':
      if (kept !== undefined) return ended(keptOutcome(kept, hold.id));
      if (hold.carried === true && now - (hold.usedAt ?? now) < longestRunMs)
        return { status: 'working', message: 'Approved; Sallyport makes the call.' };
      return lost(hold);
    case 'denied':
      return refused('approval_denied', `${hold.reason} A person was asked and said no. It was not sent.`);
    case 'cancelled':
      return { status: 'cancelled', message: 'The call was withdrawn before it was sent.' };
    case 'expired':
      return refused('approval_expired', 'Nobody approved this call in time. It was not sent.');
    case 'stale':
      return refused('approval_expired', 'What was asked for has changed since. It was not sent; ask again.');
  }
}

function ended(outcome: Outcome): TaskStand {
  const status = outcome.kind === 'errored' ? 'failed' : 'completed';
  return { status, message: 'Approved, and the call has ended.', outcome };
}

/** Its result went to the same call made in another way, is kept no longer, or was lost with a process. */
function lost({ id }: Hold): TaskStand {
  const message =
    'The approval was used, and the result is not here: the same call was made in another way, or the gateway ended before it had one. Check its effect before you repeat it.';
  const error = { code: 410, message };
  return { status: 'failed', message, outcome: { kind: 'errored', callId: id, error } };
}

export interface ToldTask {
  readonly taskId: string;
  readonly keptMs: number;
  readonly era: 'modern' | 'legacy';
  /** Where people decide. */
  readonly page?: string | undefined;
}

/** The members that say how a task stands, in the words of the era. */
export function taskMembers(hold: Hold, stand: TaskStand, told: ToldTask): Record<string, unknown> {
  const { taskId, keptMs, era, page } = told;
  const ttl = hold.terms.expiresMs + keptMs;
  return {
    taskId,
    status: stand.status,
    statusMessage:
      page === undefined || hold.state !== 'pending'
        ? stand.message
        : `${stand.message} It is decided at ${page}.`,
    createdAt: isoTime(hold.createdAt),
    lastUpdatedAt: isoTime(hold.decidedAt ?? (stand.status === 'completed' ? hold.until : hold.createdAt)),
    ...(era === 'modern' ? { ttlMs: ttl, pollIntervalMs: pollMs } : { ttl, pollInterval: pollMs }),
  };
}

export function holdMeta({ id, state }: Hold): Record<string, unknown> {
  return { [holdKey]: { id, state } };
}
