import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdminToken } from '../control/rest/admit.js';
import type { Broker } from '../credentials/broker.js';
import { parseConfiguredValue } from '../credentials/configured-value.js';
import { hashOf } from '../credentials/hash-of.js';
import { FailureThrottle } from '../identity/failure-throttle.js';
import type { Clock } from '../lib/clock.js';
import type { EffectiveConfig } from './config/effective-config.js';
import type { CountingRecorder } from './recorder.js';

export interface AdminTokenParts {
  readonly config: () => EffectiveConfig;
  readonly broker: () => Pick<Broker, 'resolve'>;
  readonly recorder: Pick<CountingRecorder, 'authFailed'>;
  readonly clock: Clock;
}

/** The name of the variable in mcp-governance-proxy. */
const variable = 'MCP_PROXY_ADMIN_TOKEN';
/** A token that can be guessed protects nothing. */
const shortestToken = 8;

/** Compares what is presented with the configured token of `/admin/holds`, in constant time, and records what is wrong. */
export function adminTokenCheck({ config, broker, recorder, clock }: AdminTokenParts) {
  const throttle = new FailureThrottle(clock);
  return async (authorization: string | undefined, source: string): Promise<AdminToken> => {
    const reference = adminTokenReference(config());
    if (reference === undefined) return 'unset';
    const expected = hashOf(await broker().resolve(parseConfiguredValue(reference)));
    const presented = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const actual = createHash('sha256').update(presented, 'utf8').digest();
    if (timingSafeEqual(actual, expected) && presented.length >= shortestToken) return 'right';
    if (authorization === undefined) {
      recorder.authFailed({ source, reason: 'missing' });
      return {};
    }
    const retryAfterSeconds = throttle.fail(source);
    const reason = retryAfterSeconds === undefined ? 'unknown' : 'throttled';
    recorder.authFailed({
      source,
      reason,
      ...(retryAfterSeconds === undefined ? {} : { underlying: 'unknown' }),
    });
    return { retryAfterSeconds };
  };
}

/** Where the token of `/admin/holds` is kept; undefined where there is none. */
export function adminTokenReference({ approvals, environment }: EffectiveConfig): string | undefined {
  if (approvals.adminToken !== undefined) return approvals.adminToken;
  return (environment[variable] ?? '') === '' ? undefined : `env:${variable}`;
}
