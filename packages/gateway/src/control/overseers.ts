import type { Hold } from '../model/hold.js';
import type { Principal, Role } from '../model/principal.js';

/** Who may look at every hold of their tenant. */
export const overseers: readonly Role[] = ['approver', 'auditor', 'operator', 'admin'];

export function mayOversee({ roles }: Principal): boolean {
  return roles.some((role) => overseers.includes(role));
}

/** Whoever works in a session sees what was asked in it; with the credential alone a caller sees all that it asked. */
export function isOwn({ caller, session }: Hold, principal: Principal): boolean {
  return caller === principal.id && (principal.session === undefined || principal.session.id === session);
}
