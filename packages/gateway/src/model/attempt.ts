/** What a caller asks under a key of its own, so that asking again does nothing twice. */
export interface Attempt {
  /** Digest of the caller and the key. */
  readonly name: string;
  /** Of what is asked under it. */
  readonly digest: string;
}

/** An attempt that is on record, and what became of it. */
export interface KnownAttempt {
  readonly digest: string;
  /** The call, or the payment, that was made under it. */
  readonly call: string;
  /** `paid`: it was no call; absent while nobody knows how the call ended. */
  readonly end?: 'executed' | 'refused' | 'unknown' | 'paid';
}
