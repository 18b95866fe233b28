export type Role = 'agent' | 'approver' | 'auditor' | 'operator' | 'admin';

/** Who calls, as established by an authenticator. There is no default principal: authentication gives one or refuses. */
export interface Principal {
  /** The name that rules, limits and records use, for example `agent-a`. */
  readonly id: string;
  /** Which credential proved it: `key:<id>`, `token:<name>`, `none` (loopback without authentication) or `local` (stdio). */
  readonly credential: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, string>>;
}
