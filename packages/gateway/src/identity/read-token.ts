import { AuthenticationFailure } from './authentication-failure.js';

/** RFC 6750 `b64token`. */
const token = /^[A-Za-z0-9\-._~+/]+=*$/;
const bearer = /^bearer ([^ ]+)$/i;

/** The one token that a request presents. Throws `missing`, or `malformed` for anything that could be read in two ways. */
export function readToken({ authorization, apiKey }: { authorization?: string; apiKey?: string }): string {
  const tokens = new Set<string>();
  if (authorization !== undefined) tokens.add(bearer.exec(authorization)?.[1] ?? '');
  if (apiKey !== undefined) tokens.add(apiKey);
  const [only] = tokens;
  if (only === undefined) throw new AuthenticationFailure('missing');
  if (tokens.size > 1 || !token.test(only)) throw new AuthenticationFailure('malformed');
  return only;
}
