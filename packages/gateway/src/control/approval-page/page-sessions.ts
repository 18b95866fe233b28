import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Clock } from '../../lib/clock.js';
import { randomToken } from '../../lib/ids.js';
import type { Seal } from '../../lib/seal.js';
import type { Principal } from '../../model/principal.js';

export interface PageSessionParts {
  readonly seal: Seal;
  readonly clock: Clock;
  /** Who a credential stands for now; undefined for one that is not good any more. */
  readonly callerNow: (caller: Pick<Principal, 'id' | 'credential'>) => Principal | undefined;
}

/** Somebody who is signed in on the approval page. */
export interface PageSession {
  /** As they are now: roles and groups are read anew with each request. */
  readonly principal: Principal;
  /** What the forms of this session carry. */
  readonly token: string;
}

const cookieName = 'sallyport_approver';
const path = '/approve';
const lastsMs = 30 * 60_000;
const tokenBytes = 18;

/** Signs in for half an hour. The cookie holds whose credential it was, sealed, and nothing that it could do. */
export function signIn(context: Context, principal: Principal, { seal, clock }: PageSessionParts): void {
  const { id, credential } = principal;
  const value = seal.close({ id, credential, until: clock.now() + lastsMs, token: randomToken(tokenBytes) });
  // What the browser says of where it is: behind a proxy only that knows whether there is TLS.
  const secure = context.req.header('origin')?.startsWith('https:') === true;
  setCookie(context, cookieName, value, {
    httpOnly: true,
    sameSite: 'Strict',
    path,
    secure,
    maxAge: lastsMs / 1000,
  });
}

export function signOut(context: Context): void {
  deleteCookie(context, cookieName, { path });
}

export function sessionOf(
  context: Context,
  { seal, clock, callerNow }: PageSessionParts,
): PageSession | undefined {
  const sealed = getCookie(context, cookieName);
  const { id, credential, until, token } = (sealed === undefined ? undefined : seal.open(sealed)) ?? {};
  if (typeof id !== 'string' || typeof credential !== 'string' || typeof token !== 'string') return undefined;
  if (typeof until !== 'number' || until <= clock.now()) return undefined;
  const principal = callerNow({ id, credential });
  return principal === undefined ? undefined : { principal, token };
}

/** Whether a form is one that this session was shown. */
export function isOwnForm(session: PageSession, token: string): boolean {
  const [mine, theirs] = [Buffer.from(session.token), Buffer.from(token)];
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}

/** Whether the request comes from a page of this very server. Browsers say so of each form; whoever does not is refused. */
export function isSameOrigin({ req }: Context): boolean {
  const [origin, host, site] = [req.header('origin'), req.header('host'), req.header('sec-fetch-site')];
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase() && (site === undefined || site === 'same-origin');
}
