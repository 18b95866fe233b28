import type { Context } from 'hono';
import type { SignedIn, SignInDesk } from '../../identity/sign-in/sign-in-desk.js';
import type { Clock } from '../../lib/clock.js';
import { randomToken } from '../../lib/ids.js';
import type { Seal } from '../../lib/seal.js';
import type { SignIn } from '../../model/sign-in.js';
import { type CookieSite, dropCookie, keepCookie, readCookie } from './cookies.js';

export interface SessionParts extends CookieSite {
  readonly seal: Seal;
  readonly clock: Clock;
  readonly signIns: Pick<SignInDesk, 'find' | 'end' | 'takeProof' | 'withCredential' | 'withProvider'>;
}

/** Somebody who is signed in. Roles and groups of keys are read anew with each request. */
export interface PageSession extends SignedIn {
  /** What the forms and the scripts of this session send along. */
  readonly token: string;
}

const name = 'sallyport';
const tokenBytes = 18;

/** The cookie holds which sign-in it is, sealed, and nothing that it could do. */
export function keepSession(context: Context, { id, expiresAt }: SignIn, parts: SessionParts): void {
  const value = parts.seal.close({ id, token: randomToken(tokenBytes) });
  const maxAge = Math.max(0, Math.ceil((expiresAt - parts.clock.now()) / 1000));
  keepCookie(context, { name, value, maxAge }, parts);
}

export function hasCookie(context: Context, parts: CookieSite): boolean {
  return readCookie(context, name, parts) !== undefined;
}

export function sessionOf(context: Context, parts: SessionParts): PageSession | undefined {
  const { id, token } = parts.seal.open(readCookie(context, name, parts) ?? '') ?? {};
  if (typeof id !== 'string' || typeof token !== 'string') return undefined;
  const found = parts.signIns.find(id);
  return found === undefined ? undefined : { ...found, token };
}

/** The sign-in itself ends, not only what this browser holds of it. */
export async function endSession(context: Context, parts: SessionParts): Promise<void> {
  const session = sessionOf(context, parts);
  dropCookie(context, name);
  if (session !== undefined) await parts.signIns.end(session, { by: session.principal.id });
}

export function forgetSession(context: Context): void {
  dropCookie(context, name);
}
