import type { CallEnding } from '../limits/admission.js';
import type { Settlement } from '../model/charge.js';

/**
 * What the price of a tool came to, now that the call has ended: nothing where the budgets that counted the call gave it
 * back or, if none did, where they would by default.
 */
export function pricePaid(
  priceMicros: bigint | undefined,
  { state }: CallEnding,
  settled: readonly Settlement[] = [],
): bigint | undefined {
  if (priceMicros === undefined) return undefined;
  if (state === 'not_sent') return 0n;
  const counted = settled.filter(({ charge }) => charge.reservedMicros > 0n);
  const isGivenBack =
    counted.length === 0 ? state === 'rpc_error' : counted.every(({ spentMicros }) => spentMicros === 0n);
  return isGivenBack ? 0n : priceMicros;
}
