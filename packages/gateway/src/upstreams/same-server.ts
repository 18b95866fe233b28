import { isDeepStrictEqual } from 'node:util';
import type { UpstreamSpec } from './upstream-spec.js';

/** Whether two specs reach the same server in the same way, so that the connections of one serve the other. */
export function reachSameServer(one: UpstreamSpec, other: UpstreamSpec): boolean {
  return isDeepStrictEqual(wayOf(one), wayOf(other));
}

/** What a connection depends on; the rest of a spec may change under a live one. */
function wayOf(spec: UpstreamSpec): object {
  const {
    timeoutMs: _,
    prefix: _prefix,
    openArguments: _open,
    idleMs: _idle,
    maxSessions: _most,
    maxSessionsPerPrincipal: _mostOfOne,
    ...way
  } = spec;
  return way;
}
