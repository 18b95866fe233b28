import type { Hold } from '../model/hold.js';
import { type Principal, permits, type Role } from '../model/principal.js';

/** Who may look at every hold of their tenant. */
export const overseers: readonly Role[] = ['approver', 'auditor', 'operator', 'admin'];

export function mayOversee({ roles }: Principal): boolean {
  return roles.some((role) => overseers.includes(role));
}

/** The same for a page, whose address has no need of its own: neither may a key look that is narrowed to something else. */
export function mayLook(principal: Principal): boolean {
  return mayOversee(principal) && permits(principal, 'approvals:read');
}

/** Whoever works in a session sees what was asked in it; with the credential alone a caller sees all that it asked. */
export function isOwn({ caller, session }: Hold, principal: Principal): boolean {
  return caller === principal.id && (principal.session === undefined || principal.session.id === session);
}
