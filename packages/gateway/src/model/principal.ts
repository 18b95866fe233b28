import type { SessionFacts } from './session.js';

export type Role = 'agent' | 'approver' | 'auditor' | 'operator' | 'admin';

/** Who calls, as established by an authenticator. There is no default principal: authentication gives one or refuses. */
export interface Principal {
  /** The name that rules, limits and records use, for example `agent-a`. */
  readonly id: string;
  /** Which credential proved it: `key:<id>`, `token:<name>`, `jwt:<digest>`, `person:<id>` (signed in), `none` (loopback without authentication) or `local` (stdio). */
  readonly credential: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, string>>;
  /** The session it works in; `invalidSession` where it showed one that does not count. */
  readonly session?: SessionFacts | undefined;
  /** What its credential is narrowed to, `resource:action` each; absent: whatever the roles may. */
  readonly grants?: readonly string[];
}

/** Whether what a credential is narrowed to covers a need such as `audit:read`; roles are another question. */
export function permits({ grants }: Pick<Principal, 'grants'>, need: string): boolean {
  return grants === undefined || grants.some((grant) => covers(grant, need));
}

/** `*:read` covers `audit:read`, and `audit:*` does. */
export function covers(grant: string, need: string): boolean {
  const [resource, action] = grant.split(':');
  const [wanted, how] = need.split(':');
  return (resource === '*' || resource === wanted) && (action === '*' || action === how);
}
