import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './http-answers.js';

/** The gateway as a resource that the tokens of other issuers open (RFC 9728). */
export interface ProtectedResource {
  /** Under which clients know the gateway, without a slash at its end. */
  readonly publicUrl: string;
  readonly issuers: readonly string[];
  /** OAuth scopes that permit calling tools, for a challenge. */
  readonly scopes: readonly string[];
}

const wellKnown = '/.well-known/oauth-protected-resource';

/** Whether the path is one of the metadata's, for the face that clients of MCP meet. */
export function isMetadataPath(target: string): boolean {
  return target === wellKnown || target.startsWith(`${wellKnown}/`);
}

/** The metadata, for everybody; 404 where no issuer is configured, and for other resources than `/mcp`. */
export function serveMetadata(
  resource: ProtectedResource | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const suffix = (request.url ?? '').slice(wellKnown.length).split('?')[0] ?? '';
  const isOurs = suffix === '' || suffix === '/mcp' || suffix.startsWith('/mcp/');
  if (resource === undefined || !isOurs) {
    sendJson(response, { status: 404, text: '{"error":"not_found"}' });
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendJson(response, { status: 405, text: '{"error":"method_not_allowed"}' }, ['Allow', 'GET, HEAD']);
  } else {
    sendJson(response, { status: 200, text: JSON.stringify(documentOf(resource)) });
  }
}

/** One resource, whatever the endpoint below `/mcp`: the same token opens them all. */
function documentOf({ publicUrl, issuers, scopes }: ProtectedResource): object {
  return {
    resource: `${publicUrl}/mcp`,
    authorization_servers: issuers,
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    resource_name: 'Sallyport',
  };
}

export interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope';
}

/** What a caller is told to do who may not come in (RFC 6750, RFC 9728). */
export function challengeText(resource: ProtectedResource | undefined, { error }: Challenge = {}): string {
  const scopes = resource?.scopes ?? [];
  return [
    'Bearer realm="sallyport"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`]),
    ...(resource === undefined ? [] : [`resource_metadata="${resource.publicUrl}${wellKnown}/mcp"`]),
  ].join(', ');
}
