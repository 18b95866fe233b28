import type { LimitRefusal } from '../../limits/limit-refusal.js';
import type { Admission } from '../../limits/limits.js';
import type { Call } from '../../model/call.js';
import type { CancelSignal } from '../../model/cancel-signal.js';
import type { Limit } from '../../model/obligation.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { House } from '../house.js';

/** Calls that wait for their turn at a time. */
const mostWaiting = 1000;
let waiting = 0;

/** Room that was taken, and whether the call had to wait for it: then what was decided before may be so no more. */
export interface Admitted {
  readonly admission: Admission;
  readonly waited: boolean;
}

interface Entry {
  readonly call: Call;
  readonly target: Target;
  readonly house: House;
}

/**
 * Part of stage 4. Is there room in every limit that goes with the decision? Takes it, in one turn for all of them; where
 * a limit lets calls queue, waits for its turn first. Throws a Refusal that says which limit, and when to come again.
 */
export async function admit(limits: readonly Limit[], entry: Entry): Promise<Admitted> {
  const { call, target, house } = entry;
  const { session } = call.principal;
  const subject = {
    principal: call.principal,
    session: session?.root ?? call.arrival.session,
    upstream: target.upstream,
    target: target.exposedName,
    args: call.args?.value ?? {},
    priceMicros: house.snapshot().priceOf(target, call.at),
  };
  for (let waitedMs = 0; ; ) {
    const outcome = house.limits.admit(limits, subject);
    if (outcome.kind === 'admitted') return { admission: outcome, waited: waitedMs > 0 };
    const waitMs = patienceOf(outcome, waitedMs);
    if (waitMs === undefined) throw refusalOf(outcome);
    await pause(waitMs, call.signal, house);
    waitedMs += waitMs;
  }
}

/** How long to wait before asking again; undefined when waiting is over or was never allowed. */
function patienceOf({ queueMs, retryAfterMs }: LimitRefusal, waitedMs: number): number | undefined {
  if (queueMs === undefined || retryAfterMs === undefined || waiting >= mostWaiting) return undefined;
  return waitedMs + retryAfterMs <= queueMs ? Math.max(1, retryAfterMs) : undefined;
}

async function pause(ms: number, signal: CancelSignal, { clock }: House): Promise<void> {
  waiting += 1;
  try {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        stop();
        reject(
          new Refusal(
            'rate_limited',
            'The caller left while the call waited for its turn. The call was not sent.',
          ),
        );
      };
      const stop = clock.after(ms, () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      });
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
    });
  } finally {
    waiting -= 1;
  }
}

function refusalOf({ code, message, retryAfterMs, limit }: LimitRefusal): Refusal {
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  return new Refusal(code, `${message} The call was not sent.`, { retryAfterSeconds, limit });
}
