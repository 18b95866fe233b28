import type { Charge } from '../model/charge.js';
import type { JsonValue } from '../model/json.js';
import type { BudgetLimit } from '../model/obligation.js';
import { costAfter } from './call-cost.js';

/** What was taken for a call. Exactly one of `release` and `settle` ends it; neither leaves the reservation as it is. */
export interface Admission {
  readonly kind: 'admitted';
  readonly charges: readonly Charge[];
  /** The call provably never left: everything is given back. */
  release(): void;
  /** The call ended: what it really cost, per charge in their order. */
  settle(end: CallEnding): readonly bigint[];
  /** The call is over, however: it is in progress no more. May come before or after either of the others. */
  leave(): void;
}

export interface CallEnding {
  /** `unknown`: it may have run, so it stays charged. */
  readonly state: 'ok' | 'rpc_error' | 'tool_error' | 'unknown' | 'not_sent';
  readonly result?: JsonValue;
}

export const nothingTaken: Admission = {
  kind: 'admitted',
  charges: [],
  release: () => undefined,
  settle: () => [],
  leave: () => undefined,
};

/** Takes room that was found a moment ago, in the same turn. */
export type Take = () => Taken;

interface Taken {
  readonly giveBack: () => void;
  readonly charge?: Charge;
  readonly limit?: BudgetLimit;
  readonly settle?: (spentMicros: bigint) => void;
  readonly leave?: () => void;
}

export function admissionOf(taken: readonly Taken[]): Admission {
  const charged: Taken[] = [];
  const charges: Charge[] = [];
  for (const one of taken) {
    if (one.charge === undefined) continue;
    charged.push(one);
    charges.push(one.charge);
  }
  return {
    kind: 'admitted',
    charges,
    release: () => {
      for (const one of taken) one.giveBack();
    },
    settle: (end) => charged.map((one) => settleOne(one, end)),
    leave: () => {
      for (const one of taken) one.leave?.();
    },
  };
}

function settleOne({ charge, limit, settle }: Taken, end: CallEnding): bigint {
  if (charge === undefined || limit === undefined) return 0n;
  const spent = spentIn(limit, charge, end);
  settle?.(spent);
  return spent;
}

function spentIn(limit: BudgetLimit, { reservedMicros }: Charge, { state, result }: CallEnding): bigint {
  if (state === 'not_sent') return 0n;
  if (state === 'unknown') return reservedMicros;
  if (state !== 'ok' && limit.refundOn.includes(state)) return 0n;
  return costAfter(limit, result) ?? reservedMicros;
}
