import type { Admission } from '../../limits/admission.js';
import type { LimitRefusal } from '../../limits/limit-refusal.js';
import type { Call } from '../../model/call.js';
import type { Limit } from '../../model/obligation.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { House } from '../house.js';
import { refuseStopped } from './refuse-stopped.js';

/** Room that was taken, and whether the call had to wait for it: then what was decided before may be so no more. */
export interface Admitted {
  readonly admission: Admission;
  readonly waited: boolean;
}

interface Entry {
  readonly call: Call;
  readonly target: Target;
  readonly house: House;
  /** What the tool costs by itself, in micro-units. */
  readonly priceMicros: bigint | undefined;
}

/**
 * Part of stage 4. Is there room in every limit that goes with the decision? Takes it, in one turn for all of them; where
 * a limit lets calls queue, waits for its turn first. Throws a Refusal that says which limit, and when to come again.
 */
export async function admit(limits: readonly Limit[], entry: Entry): Promise<Admitted> {
  const { call, target, house, priceMicros } = entry;
  const { session } = call.principal;
  const subject = {
    principal: call.principal,
    session: session?.root ?? call.arrival.session,
    upstream: target.upstream,
    target: target.name,
    args: call.args?.value ?? {},
    priceMicros,
  };
  for (let waitedMs = 0; ; ) {
    const outcome = house.limits.admit(limits, subject);
    if (outcome.kind === 'admitted') {
      call.onAdmitted?.(() => house.limits.room(limits, subject));
      return { admission: outcome, waited: waitedMs > 0 };
    }
    const waitMs = patienceOf(outcome, waitedMs);
    if (waitMs === undefined || !house.line.hasPlace(ownerOf(call))) throw refusalOf(outcome);
    await waitInLine(waitMs, entry);
    waitedMs += waitMs;
  }
}

/** How long to wait before asking again; undefined when waiting is over or was never allowed. */
function patienceOf({ queueMs, retryAfterMs }: LimitRefusal, waitedMs: number): number | undefined {
  if (queueMs === undefined || retryAfterMs === undefined) return undefined;
  return waitedMs + retryAfterMs <= queueMs ? Math.max(1, retryAfterMs) : undefined;
}

/** Throws for a call whose caller leaves meanwhile, or that somebody stops. */
async function waitInLine(ms: number, { call, target, house }: Entry): Promise<void> {
  const { principal, signal } = call;
  const { kills, line } = house;
  const isOver = () =>
    (kills.stoppingCaller(principal) ?? kills.stoppingTarget(principal.tenant, target)) !== undefined;
  const hear = (listener: () => void) => kills.hear(listener);
  const ended = await line.wait({ owner: ownerOf(call), ms, signal, hear, isOver });
  refuseStopped(principal, target, house);
  if (ended === 'turn') return;
  throw new Refusal(
    'rate_limited',
    'The caller left while the call waited for its turn. The call was not sent.',
  );
}

function ownerOf({ principal: { tenant, id } }: Call): string {
  return `${tenant}\n${id}`;
}

function refusalOf({ code, message, retryAfterMs, limit }: LimitRefusal): Refusal {
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  return new Refusal(code, `${message} The call was not sent.`, { retryAfterSeconds, limit });
}
