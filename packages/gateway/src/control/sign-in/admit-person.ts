import type { Context } from 'hono';
import type { Principal } from '../../model/principal.js';
import type { ControlVariables } from '../control-variables.js';
import { Problem } from '../rest/problem.js';
import { isOwnToken, isSameOrigin } from './same-origin.js';
import { hasCookie, type SessionParts, sessionOf } from './session-cookie.js';

export interface Refused {
  /** Address of the peer. */
  readonly source: string;
  readonly reason: string;
  readonly detail?: string;
  readonly principal?: Principal;
}

export interface PersonDoor extends SessionParts {
  /** Puts on record that somebody was not let in. */
  readonly signInRefused: (refused: Refused) => void;
}

const csrfHeader = 'sallyport-csrf';
const reading = new Set(['GET', 'HEAD']);

/** Whether a request is that of a signed-in person's browser: whatever else it shows goes before the cookie. */
export function isByCookie(context: Context, door: PersonDoor): boolean {
  const shown = ['authorization', 'x-api-key', 'sallyport-session'].some(
    (name) => context.req.header(name) !== undefined,
  );
  return !shown && hasCookie(context, door);
}

/** Who is signed in. What changes anything must come from a page of ours, with the token of the session. Throws Problem. */
export function admitPerson(context: Context<ControlVariables>, door: PersonDoor): Principal {
  const session = sessionOf(context, door);
  if (session === undefined) {
    noteRefusal(context, door, { reason: 'expired', detail: 'cookie: nobody is signed in with it' });
    throw new Problem('not_authenticated', 'Nobody is signed in any more; sign in again.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="sallyport"' },
    });
  }
  const { principal } = session;
  const isOurs = isSameOrigin(context) && isOwnToken(session, context.req.header(csrfHeader) ?? '');
  if (!reading.has(context.req.method) && !isOurs) {
    noteRefusal(context, door, {
      reason: 'malformed',
      detail: 'cookie: not from a page of this gateway',
      principal,
    });
    const detail =
      'Whoever is signed in by a cookie changes things from pages of this gateway only (Sallyport-Csrf).';
    throw new Problem('forbidden', detail);
  }
  context.set('signIn', session.id);
  return principal;
}

/** Puts on record that what a browser sent did not count. */
export function noteRefusal(
  context: Context<ControlVariables>,
  { signInRefused }: Pick<PersonDoor, 'signInRefused'>,
  refused: Omit<Refused, 'source'>,
): void {
  signInRefused({ source: sourceOf(context), ...refused });
}

/** Address of the peer. */
export function sourceOf(context: Context<ControlVariables>): string {
  return context.env.incoming.socket.remoteAddress ?? 'unknown';
}
