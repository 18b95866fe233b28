import type { Admission } from './admission.js';
import type { Revision } from './call.js';
import type { ApprovalTerms } from './obligation.js';
import type { TargetKind } from './target.js';

/**
 * Where a held call stands. `pending` → `approved`, `denied`, `expired` or `cancelled`; `approved` → `used`, `expired`
 * (nobody made the call in time) or `stale` (something changed meanwhile). Everything but pending and approved is final.
 */
export type HoldState = 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'stale' | 'used';

/** What a hold is about; never changes. Texts are as the caller and the upstream wrote them: inert only where shown. */
export interface HoldFacts {
  /** Digest over tenant, caller, upstream, tool, its definition and the canonical arguments (security of an approval). */
  readonly bind: string;
  /** The same without the arguments: what standing approvals are for. */
  readonly scope?: string | undefined;
  readonly tenant: string;
  /** The principal that asked, and the credential it showed. */
  readonly caller: string;
  readonly credential: string;
  /** The id of the session that it was asked in, and the agent that is for. */
  readonly session?: string | undefined;
  readonly agent?: string | undefined;
  /** Whom its token stood for, where only the token said so. */
  readonly admission?: Admission | undefined;
  /** The person to whom the credential belongs, where it is known. */
  readonly owner?: string | undefined;
  readonly upstream: string;
  readonly method: string;
  /** Exposed name of the target. */
  readonly target: string;
  readonly definitionDigest?: string | undefined;
  /** Canonical JSON text of the arguments, without known secrets. */
  readonly args: string;
  readonly rule?: string | undefined;
  readonly policyRevision: string;
  readonly reason: string;
  /** Decimal text and unit, where the call costs something: `12.5 USD`. */
  readonly cost?: string | undefined;
  /** References of the secrets that would be used, never their values. */
  readonly credentialName?: string | undefined;
  /** Where the upstream is: its address, or the program that is started. */
  readonly address?: string | undefined;
  /** What the upstream says of the target; nobody vouches for it. */
  readonly claims?: TargetClaims | undefined;
  /** The user at the client of the caller confirmed the call, which approves nothing. */
  readonly confirmed?: boolean;
  readonly terms: SettledTerms;
  /** What is needed to carry the call out without its caller; absent where the arguments hold a known secret. */
  readonly request?: HeldRequest | undefined;
  /** The hold whose call a person changed into this one. */
  readonly edits?: string | undefined;
  /** What its caller said when it asked beforehand; without known secrets. */
  readonly asked?: AskedBeforehand | undefined;
}

/**
 * The method of a hold that is about no call: a caller asks people about what it has in mind. A yes to it is an answer
 * and opens nothing.
 */
export const askMethod = 'approvals/request';

/** The words of a caller that asks before it acts; nobody vouches for them. */
export interface AskedBeforehand {
  readonly action: string;
  /** Decimal text, in dollars. */
  readonly amount: string;
  readonly reason: string;
}

/** Words of an upstream about its target, as they were when the hold was made; long ones are cut. */
export interface TargetClaims {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** What the schema calls an argument, by the names that lead to it; `*` stands for every element of a list. */
  readonly titles?: Readonly<Record<string, string>> | undefined;
}

/** The call as its caller made it. */
export interface HeldRequest {
  readonly endpoint?: string | undefined;
  readonly kind: TargetKind;
  /** As the caller wrote it. */
  readonly target: string;
  /** JSON text, each token exactly as it came. */
  readonly args?: string | undefined;
  readonly more?: readonly (readonly [name: string, text: string])[] | undefined;
  readonly revision: Revision;
}

/** The terms of every rule that wants a person to be asked, put together, with every default filled in. */
export interface SettledTerms extends Omit<Required<ApprovalTerms>, 'approvers' | 'stepUp'> {
  /** Of each of these lists of roles and groups the approver needs one. */
  readonly approvers: readonly (readonly string[])[];
  readonly stepUp?: boolean | undefined;
}

export interface Hold extends HoldFacts {
  /** `hold_` and 160 random bits: whoever knows it can look, nobody can answer by it alone. */
  readonly id: string;
  readonly state: HoldState;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  /** Pending until then; once approved, usable until then. */
  readonly until: number;
  readonly decidedAt?: number | undefined;
  readonly votes: readonly Vote[];
  /** The call that used it, or did last. */
  readonly usedBy?: string | undefined;
  readonly usedAt?: number | undefined;
  /** The gateway made that call itself. */
  readonly carried?: boolean;
  /** What used it is a call with other arguments: nobody said yes to those of the hold. */
  readonly edited?: boolean;
}

const aliasPrefix = 'apr_';

/** Haldir's callers know a hold under another prefix. */
export function aliasOf({ id }: Pick<Hold, 'id'>): string {
  return id.replace(/^hold_/, aliasPrefix);
}

export function isAlias(id: string): boolean {
  return id.startsWith(aliasPrefix);
}

/** The id of a hold, by whichever of its two names. */
export function holdIdOf(name: string): string {
  return isAlias(name) ? `hold_${name.slice(aliasPrefix.length)}` : name;
}

/** One person's answer. */
export interface Vote {
  readonly by: string;
  readonly credential?: string | undefined;
  /** To whom the answering credential belongs, where that is known and another name. */
  readonly person?: string | undefined;
  readonly verdict: 'approve' | 'deny';
  /** How many answers were given up to it, where some of them do not count any more. */
  readonly given?: number | undefined;
  /** Where it was given: `cli`, `rest`, `terminal`, `page`, `slack`, `webhook`. */
  readonly channel: string;
  readonly at: number;
  readonly note?: string | undefined;
}
