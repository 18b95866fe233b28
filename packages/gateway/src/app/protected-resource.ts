import type { ProtectedResource } from '../identity/challenge.js';
import type { EffectiveConfig } from './config/effective-config.js';

/** What clients are told of where to get a token, when tokens of other issuers are accepted; `url` is where we listen. */
export function protectedResource(
  { issuers, publicUrl }: EffectiveConfig['auth'],
  url: string,
): ProtectedResource | undefined {
  if (issuers.length === 0) return undefined;
  const scopes = issuers.flatMap((issuer) => Object.entries(issuer.scopes ?? {}));
  return {
    // Written anew, so that it fits between the quotes of a header.
    publicUrl: new URL(publicUrl ?? url).href.replace(/\/$/, ''),
    issuers: issuers.map(({ issuer }) => issuer),
    scopes: Object.fromEntries(scopes),
  };
}
