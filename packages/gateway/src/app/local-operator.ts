import { userInfo } from 'node:os';
import type { Principal } from '../model/principal.js';

/**
 * The person who works with the store of this machine, at its terminal or by commands: one and the same for rules that
 * want several people, whichever of these they use.
 */
export function localOperator(credential: string, tenant = 'default'): Principal {
  return {
    id: `cli:${userName()}`,
    credential,
    tenant,
    roles: ['approver', 'admin'],
    labels: {},
  };
}

/** Who runs this program, for the record. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The user of a container often has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
