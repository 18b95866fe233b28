import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { valueAt } from '../lib/json/value-at.js';
import type { JsonValue } from '../model/json.js';
import type { LimitKey } from '../model/obligation.js';
import type { Principal } from '../model/principal.js';

/** The call that is counted. */
export interface LimitSubject {
  readonly principal: Principal;
  /** What is counted per session: the session or, without one, the connection. */
  readonly session?: string | undefined;
  readonly upstream: string;
  /** The upstream's own name for the target: the exposed one can become another, and counters would begin anew. */
  readonly target: string;
  readonly args: JsonValue;
  /** What the configuration's prices say that the call costs, in micro-units of their currency. */
  readonly priceMicros?: bigint | undefined;
}

const longestScope = 256;

/**
 * Which counter of a limit a call belongs to, as text: equal for calls that are counted together. Values of arguments
 * come as a digest of their canonical form: `1.0` and `1` share a counter, and the record, which has the scope of a charge,
 * does not have the value. An argument that is absent is a value of its own.
 */
export function scopeOf(per: readonly LimitKey[], subject: LimitSubject): string {
  if (per.length === 0) return '';
  const parts = per.map((key) => `${key}=${partOf(key, subject)}`);
  const scope = parts.join('\n').toWellFormed();
  if (scope.length <= longestScope) return scope;
  return digestOf(scope);
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text.toWellFormed()).digest('base64url')}`;
}

/** A key is one credential. Access tokens and sign-ins last hours at most: all of one caller are one, or each brought new room. */
function bondOf({ credential, id }: Principal): string {
  const [kind = ''] = credential.split(':', 1);
  return kind === 'jwt' || kind === 'person' ? `${kind}:${id}` : credential;
}

function partOf(key: LimitKey, { principal, session, upstream, target, args }: LimitSubject): string {
  switch (key) {
    case 'principal':
      return JSON.stringify([principal.tenant, principal.id]);
    case 'credential':
      return JSON.stringify([principal.tenant, bondOf(principal)]);
    case 'session':
      return JSON.stringify([principal.tenant, principal.id, session ?? '']);
    case 'tenant':
      return JSON.stringify(principal.tenant);
    case 'upstream':
      return JSON.stringify(upstream);
    case 'target':
      return JSON.stringify([upstream, target]);
    default: {
      const value = valueAt(args, key.slice('arg:'.length).split('.'));
      return value === undefined ? '' : digestOf(canonicalJson(value));
    }
  }
}
