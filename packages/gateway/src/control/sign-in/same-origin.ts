import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

/** Whether the request comes from a page of this very server. Browsers say so of each form; whoever does not is refused. */
export function isSameOrigin({ req }: Context): boolean {
  const [origin, host, site] = [req.header('origin'), req.header('host'), req.header('sec-fetch-site')];
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase() && (site === undefined || site === 'same-origin');
}

/** Whether what came with a request is the token that the pages of this session were given. */
export function isOwnToken(session: { readonly token: string }, token: string): boolean {
  const [mine, theirs] = [Buffer.from(session.token), Buffer.from(token)];
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}
