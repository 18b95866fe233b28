import type { KeySummary } from '../identity/key-ring.js';
import { isoTime } from '../lib/clock.js';

/** One key for programs, with the names that Haldir's clients know. */
export function keyJson(key: KeySummary) {
  const { id, principal, tenant, roles, grants, labels, state, rotatedFrom } = key;
  return {
    id,
    prefix: `sp_live_${id}`,
    name: principal,
    principal,
    tenant,
    tier: 'none',
    roles,
    scopes: grants ?? ['*'],
    labels,
    state,
    created_at: isoTime(key.createdAt),
    expires_at: timeOf(key.expiresAt),
    revoked: state === 'revoked',
    revoked_at: timeOf(key.revokedAt),
    last_used: timeOf(key.lastUsedAt),
    rotated_from: rotatedFrom,
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoTime(ms);
}
