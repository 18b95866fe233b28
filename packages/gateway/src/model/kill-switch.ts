export const killScopes = ['all', 'principal', 'tool', 'upstream'] as const;

/** What a kill switch stops. */
export type KillScope = (typeof killScopes)[number];

/** Stops every call of everybody, or of one caller, or of one tool, or to one upstream, until somebody lifts it. */
export interface KillSwitch {
  readonly id: string;
  /** Of whose calls; `*`: of those of every tenant. */
  readonly tenant: string;
  readonly scope: KillScope;
  /** Of the principal, tool or upstream; empty for `all`. */
  readonly name: string;
  /** One sentence, told to whoever is stopped. */
  readonly reason: string;
  /** Who threw it. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It stands, and the record of it is not written yet. */
  readonly isUnrecorded?: boolean;
}
