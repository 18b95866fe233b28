import type { Principal, Role } from '../model/principal.js';

/** Who may look at every hold of their tenant. */
export const overseers: readonly Role[] = ['approver', 'auditor', 'operator', 'admin'];

export function mayOversee({ roles }: Principal): boolean {
  return roles.some((role) => overseers.includes(role));
}
