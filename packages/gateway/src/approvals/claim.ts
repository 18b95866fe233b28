import type { Edit } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { WantedApproval } from '../model/obligation.js';
import type { StandingApproval } from '../model/standing-approval.js';

/** How a call that needs a person stands. */
export type Claim =
  /** Somebody said yes to exactly this; the hold is used up now. */
  | { readonly kind: 'approved'; readonly hold: Hold }
  /** Somebody said yes beforehand; one of its calls is used now. */
  | { readonly kind: 'standing'; readonly standing: StandingApproval }
  | { readonly kind: 'waiting'; readonly hold: Hold }
  | { readonly kind: 'denied'; readonly hold: Hold }
  /** The gateway has made the call itself; `result` is what was kept of it, handed out now and not again. */
  | { readonly kind: 'done'; readonly hold: Hold; readonly result: string }
  /** What the hold of the claim was about is not what the call is about any more. */
  | { readonly kind: 'changed' }
  /** Too many holds are open already. */
  | { readonly kind: 'full' };

/** For whom an approval is claimed. */
export interface Claiming {
  readonly callId: string;
  /** What the rules say that want a person to be asked; empty where only the defaults count. */
  readonly wanted?: readonly WantedApproval[] | undefined;
  /** The one hold that may be used, by a call that is carried out for its caller. */
  readonly carries?: string | undefined;
  /** The answer of the person who made this call out of another one. */
  readonly edited?: Edit | undefined;
}
