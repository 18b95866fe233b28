import type { SessionDesk } from '../identity/session-desk.js';
import { isSessionToken } from '../identity/session-token.js';
import type { Arrival } from '../model/call.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import { invalidSession, type SessionFacts } from '../model/session.js';
import type { EffectiveConfig } from './config/effective-config.js';
import type { Caller } from './current-caller.js';

/** The same pair makes the same principal, so that what is kept by principal is found again. */
const joined = new WeakMap<Principal, WeakMap<SessionFacts, Principal>>();

/**
 * The caller with the session whose token it shows; with one that does not count where it is not there for this caller,
 * or leads out of the session that the caller is in already.
 */
export function withShownSession(
  principal: Principal,
  shown: string | undefined,
  sessions: Pick<SessionDesk, 'find' | 'isWithin'>,
): Principal {
  if (shown === undefined) return principal;
  const { session: current } = principal;
  // Its id stands in records and lists, and is no licence.
  const found = isSessionToken(shown) ? sessions.find(shown, principal) : undefined;
  if (found === undefined) return withSession(principal, invalidSession);
  const isInside = current === undefined || sessions.isWithin(found, current.id);
  return withSession(principal, isInside ? found : invalidSession);
}

/** A caller as it is now, in the session that it asked in; undefined as well when that does not count any more. */
export function callerInSession(
  callerNow: (caller: Caller) => Principal | undefined,
  sessions: Pick<SessionDesk, 'find'>,
) {
  return (caller: Caller, session: string | undefined): Principal | undefined => {
    const principal = callerNow(caller);
    if (principal === undefined || session === undefined) return principal;
    const found = sessions.find(session, principal);
    return found === undefined ? undefined : withSession(principal, found);
  };
}

export interface AutomaticSource {
  readonly sessions: Pick<SessionDesk, 'automatic' | 'knownAutomatic'>;
  readonly config: () => EffectiveConfig;
  readonly log: Log;
}

/** Gives a caller that shows no session the one that the configuration wants made for it. Never rejects. */
export function automaticSessions({ sessions, config, log }: AutomaticSource) {
  return (principal: Principal, arrival: Arrival): Principal | Promise<Principal> => {
    const { automatic } = config().sessions;
    if (automatic.per === 'nothing' || principal.session !== undefined) return principal;
    // Modern clients have no connection to keep one for: theirs is that of the principal.
    const purpose = automatic.per === 'connection' ? (arrival.session ?? '') : '';
    const known = sessions.knownAutomatic(principal, purpose);
    if (known !== undefined) return withSession(principal, known);
    const { per: _per, ...terms } = automatic;
    const wish = { ...terms, agent: agentOf(principal) };
    return sessions.automatic(principal, purpose, wish).then(
      (session) => withSession(principal, session),
      (cause: unknown) => {
        log.error({ err: cause }, 'a session could not be made; the call is refused');
        return withSession(principal, invalidSession);
      },
    );
  };
}

/** Names of principals may be longer than those of agents, and hold what those may not. */
function agentOf({ id }: Principal): string {
  return id.replaceAll(/\p{C}/gu, '?').slice(0, 64) || '?';
}

function withSession(principal: Principal, session: SessionFacts): Principal {
  const known = joined.get(principal) ?? new WeakMap<SessionFacts, Principal>();
  joined.set(principal, known);
  const same = known.get(session);
  if (same !== undefined) return same;
  const own = { ...principal, session };
  known.set(session, own);
  return own;
}
