import type { Hold } from './hold.js';
import type { JsonObjectText } from './json.js';
import type { Refusal } from './refusal.js';
import type { RemoteError } from './remote-error.js';

/** How a governed call ended; every face turns it into its own reply. */
export type Outcome =
  /** The upstream answered with a result (`isError` results included), as it came. */
  | { readonly kind: 'completed'; readonly callId: string; readonly result: JsonObjectText }
  /** The upstream answered with a JSON-RPC error. */
  | { readonly kind: 'errored'; readonly callId: string; readonly error: RemoteError }
  | { readonly kind: 'refused'; readonly callId: string; readonly refusal: Refusal }
  /** A person must say yes first; nothing was sent. */
  | { readonly kind: 'suspended'; readonly callId: string; readonly hold: Hold }
  /** Unknown or hidden: faces answer both in the same words. */
  | { readonly kind: 'unknown'; readonly callId: string }
  /** A fault of ours; the caller gets the call id as reference, the record the cause. */
  | { readonly kind: 'failed'; readonly callId: string };

export type Suspended = Extract<Outcome, { readonly kind: 'suspended' }>;
