import { covers } from '../model/principal.js';

/** The gateway as a resource that the tokens of other issuers open (RFC 9728). */
export interface ProtectedResource {
  /** Under which clients know the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly issuers: readonly string[];
  /** OAuth scopes that an issuer gives, each with what it permits. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

export const metadataPath = '/.well-known/oauth-protected-resource';

export interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** What is asked for: every scope that permits it is named. */
  readonly need?: string;
}

/** What a caller is told to do who may not come in (RFC 6750, RFC 9728). */
export function challengeText(
  resource: ProtectedResource | undefined,
  { error, need }: Challenge = {},
): string {
  const scopes = need === undefined ? [] : scopesFor(resource, need);
  return [
    'Bearer realm="sallyport"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`]),
    ...(resource === undefined ? [] : [`resource_metadata="${resource.publicUrl}${metadataPath}/mcp"`]),
  ].join(', ');
}

/** The OAuth scopes that permit something. */
function scopesFor(resource: ProtectedResource | undefined, need: string): string[] {
  return Object.entries(resource?.scopes ?? {})
    .filter(([, grants]) => grants.some((grant) => covers(grant, need)))
    .map(([scope]) => scope);
}
