import { formatMicros } from '../lib/micros.js';
import type { Limit } from '../model/obligation.js';
import type { LimitState } from '../model/refusal.js';

/** How a limit stands for a caller, without anything being taken. */
export interface LimitView extends LimitState {
  readonly kind: Limit['kind'];
  /** What is counted apart, see scopeOf. */
  readonly scope: string;
  readonly windowMs?: number;
  /** Calls that count now, of a limit on calls. */
  readonly counted?: number;
}

/** What there is to say of a counter of calls. */
export interface CountedCalls {
  readonly counted: number;
  /** When the next may pass, in milliseconds since the epoch; absent while there is room. */
  readonly opensAt?: number | undefined;
}

export function viewOfCalls(
  limit: Exclude<Limit, { readonly kind: 'budget' }>,
  scope: string,
  { counted, opensAt }: CountedCalls,
): LimitView {
  const { kind, id, max } = limit;
  return {
    kind,
    id,
    scope,
    max,
    left: Math.max(0, max - counted),
    counted,
    ...('windowMs' in limit ? { windowMs: limit.windowMs } : {}),
    ...(opensAt === undefined || !Number.isFinite(opensAt) ? {} : { resetsAt: opensAt }),
  };
}

export function viewOfBudget(
  { kind, id, unit, maxMicros }: Extract<Limit, { readonly kind: 'budget' }>,
  scope: string,
  { usedMicros, until }: { readonly usedMicros: bigint; readonly until: number },
): LimitView {
  const left = usedMicros < maxMicros ? maxMicros - usedMicros : 0n;
  return {
    kind,
    id,
    scope,
    max: formatMicros(maxMicros),
    left: formatMicros(left),
    unit,
    ...(Number.isFinite(until) ? { resetsAt: until } : {}),
  };
}
