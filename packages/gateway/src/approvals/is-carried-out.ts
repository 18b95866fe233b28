import type { Hold } from '../model/hold.js';

/** Whether the gateway makes the call itself once it is approved. It cannot where a known secret was in the arguments. */
export function isCarriedOut({ terms, request }: Hold): boolean {
  return terms.onApprove === 'execute' && request !== undefined;
}
