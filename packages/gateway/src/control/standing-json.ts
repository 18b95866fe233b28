import { isoTime } from '../lib/clock.js';
import type { StandingApproval } from '../model/standing-approval.js';

export function standingJson({ tenant: _tenant, scope: _scope, ...standing }: StandingApproval) {
  const { createdAt, until, revokedAt, ...rest } = standing;
  return {
    ...rest,
    createdAt: isoTime(createdAt),
    until: isoTime(until),
    ...(revokedAt === undefined ? {} : { revokedAt: isoTime(revokedAt) }),
  };
}
