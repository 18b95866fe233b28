/** A yes given beforehand: to calls of one target by one caller with exactly these arguments, so many and for so long. */
export interface StandingApproval {
  /** `standing_` and 160 random bits. */
  readonly id: string;
  readonly tenant: string;
  readonly caller: string;
  readonly upstream: string;
  readonly method: string;
  readonly target: string;
  /** Digest of all that an approval is bound to, the arguments left out. */
  readonly scope: string;
  readonly policyRevision: string;
  /** The hold that it was made from. */
  readonly hold: string;
  /** For each argument the values that it may have, as canonical JSON texts; no other argument may be there, none may be missing. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly by: string;
  readonly note?: string | undefined;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly until: number;
  readonly calls: number;
  readonly callsLeft: number;
  readonly revokedAt?: number | undefined;
  readonly revokedBy?: string | undefined;
}
