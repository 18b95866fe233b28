/** What a session may be used for; `admin` is all of them. */
export const sessionScopes = [
  'read',
  'write',
  'execute',
  'browse',
  'send',
  'delete',
  'spend',
  'admin',
] as const;

export type SessionScope = (typeof sessionScopes)[number];

/** What a caller shows with each call, and rules, limits and records look at. */
export interface SessionFacts {
  /** `sn_` and 96 bits of the digest of its token. It names the session and is no credential. */
  readonly id: string;
  /** The first of those it was delegated from, or itself: what is counted per session is counted for that one. */
  readonly root: string;
  /** The session that this one was delegated from: it can do no more than that, and ends with it. */
  readonly parent?: string | undefined;
  /** The agent it is for, as its maker calls it. */
  readonly agent: string;
  readonly scopes: readonly SessionScope[];
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; absent: it does not end by itself. */
  readonly expiresAt?: number | undefined;
  /** Its own budget and those of the sessions it was delegated from, in micro-dollars: calls are charged to all. */
  readonly budgets: readonly SessionBudget[];
}

export interface SessionBudget {
  /** The session whose budget it is. */
  readonly session: string;
  readonly micros: bigint;
  /** When that session ends. */
  readonly until?: number | undefined;
}

/**
 * A bounded licence: who made it, what for, until when, how much. It counts only with the credential that made it; one
 * that the gateway made by itself counts with all of its caller.
 */
export interface Session extends SessionFacts {
  readonly tenant: string;
  /** The principal that made it, and the credential it showed. */
  readonly principal: string;
  readonly credential: string;
  readonly createdAt: number;
  readonly revokedAt?: number | undefined;
  /** Who revoked it, as long as that is not on record. */
  readonly unrecordedBy?: string | undefined;
  /** Present when the gateway made it by itself; says what for. */
  readonly automatic?: string | undefined;
}

/** Whether these scopes are enough for what needs one of `needed`. */
export function holdsScope(scopes: readonly SessionScope[], needed: readonly SessionScope[]): boolean {
  return scopes.includes('admin') || needed.some((scope) => scopes.includes(scope));
}

/** Stands for a session that was shown and is expired, revoked, somebody else's or none at all. */
export const invalidSession: SessionFacts = {
  id: '',
  root: '',
  agent: '',
  scopes: [],
  labels: {},
  budgets: [],
};
