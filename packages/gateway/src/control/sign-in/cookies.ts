import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

export interface CookieSite {
  /** Under which browsers know this gateway. */
  readonly publicUrl: () => string;
}

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly maxAge: number;
}

/** Sets a cookie that no script reads and no other host can set where there is TLS (`__Host-`). */
export function keepCookie(context: Context, { name, value, maxAge }: Kept, site: CookieSite): void {
  const secure = isSecure(context, site);
  const options = { httpOnly: true, sameSite: 'Lax', path: '/', secure, maxAge } as const;
  setCookie(context, secure ? `__Host-${name}` : name, value, options);
}

/** Under https the one with the prefix counts only: others could have been set by a neighbour. */
export function readCookie(context: Context, name: string, site: CookieSite): string | undefined {
  return (
    getCookie(context, `__Host-${name}`) ?? (isPublic(context, site) ? undefined : getCookie(context, name))
  );
}

export function dropCookie(context: Context, name: string): void {
  deleteCookie(context, `__Host-${name}`, { path: '/', secure: true });
  deleteCookie(context, name, { path: '/' });
}

/** What the browser says of where it is: behind a proxy only that knows whether there is TLS. */
function isSecure(context: Context, site: CookieSite): boolean {
  const origin = context.req.header('origin');
  return origin === undefined ? isPublic(context, site) : origin.startsWith('https:');
}

/** Whether this is asked where browsers are to come, and there is TLS there. */
function isPublic(context: Context, { publicUrl }: CookieSite): boolean {
  const { protocol, host } = new URL(publicUrl());
  return protocol === 'https:' && context.req.header('host')?.toLowerCase() === host;
}
