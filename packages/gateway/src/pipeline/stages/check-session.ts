import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import { holdsScope, type SessionScope } from '../../model/session.js';
import type { Target } from '../../model/target.js';
import type { House, Snapshot } from '../house.js';

interface Gate {
  readonly house: Pick<House, 'sessions'>;
  readonly snapshot: Snapshot;
}

/**
 * Before stage 1. Does the caller's session count now? Asked before anything is looked up, so that nothing can be learned
 * without one. Expired, revoked, foreign and invented sessions get the same answer. Throws a Refusal.
 */
export function checkSession({ principal }: Pick<Call, 'principal'>, { house, snapshot }: Gate): void {
  const { session } = principal;
  if (session === undefined) {
    if (!snapshot.sessions.required) return;
    const message = 'Calls need a session here, and this one names none. The call was not sent.';
    throw new Refusal('session_invalid', message);
  }
  if (house.sessions.isLive(session.id)) return;
  throw new Refusal(
    'session_invalid',
    'The session is not valid: it is over, revoked, or not one of this key. Open another. The call was not sent.',
  );
}

/**
 * Part of stage 4, once the policy lets the caller know of the target: do the scopes of its session reach it? Throws a
 * Refusal.
 */
export function checkScope({ principal }: Pick<Call, 'principal'>, target: Target, snapshot: Snapshot): void {
  const missing = missingScope(principal, target, snapshot);
  if (missing === undefined) return;
  const { session } = principal;
  const has = session?.scopes.join(', ') ?? '';
  throw new Refusal(
    'scope_missing',
    `${target.exposedName} needs a session with the scope ${missing.join(' or ')}; this one has ${has}. The call was not sent.`,
  );
}

/** The scopes of which the session of the caller would need one and has none; undefined where nothing is missing. */
export function missingScope(
  { session }: Call['principal'],
  target: Target,
  snapshot: Snapshot,
): readonly SessionScope[] | undefined {
  if (session === undefined) return undefined;
  const needed = snapshot.sessions.scopesFor(target);
  return holdsScope(session.scopes, needed) ? undefined : needed;
}
