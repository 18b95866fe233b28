import { UpstreamFailure } from '../model/upstream.js';
import type { SessionKey } from './session-key.js';
import type { UpstreamSession } from './upstream-session.js';
import type { UpstreamSpec } from './upstream-spec.js';

const mostUnlessSet = 64;
const mostOfOneUnlessSet = 16;

/** Throws UpstreamFailure, in words for the caller, when one more session of this key would be too many. */
export function checkRoom(open: readonly UpstreamSession[], key: SessionKey, spec: UpstreamSpec): void {
  const { maxSessions = mostUnlessSet, maxSessionsPerPrincipal = mostOfOneUnlessSet } = spec;
  if (open.length >= maxSessions) {
    const message = `it has ${open.length} sessions open and may have no more (maxSessions)`;
    throw new UpstreamFailure('full', message, false);
  }
  const own = open.filter((session) => isOfSamePrincipal(session.key, key)).length;
  if (own >= maxSessionsPerPrincipal) {
    const message = `this caller has ${own} sessions open with it and may have no more (maxSessionsPerPrincipal)`;
    throw new UpstreamFailure('full', message, false);
  }
}

function isOfSamePrincipal({ owner: one }: SessionKey, { owner: other }: SessionKey): boolean {
  if (one === 'everyone' || other === 'everyone') return false;
  return one.tenant === other.tenant && one.principal === other.principal;
}
