import type { IncomingMessage, ServerResponse } from 'node:http';
import { metadataPath, type ProtectedResource } from '../identity/challenge.js';
import { sendJson } from './http-answers.js';

/** Whether the path is one of the metadata's, for the face that clients of MCP meet. */
export function isMetadataPath(target: string): boolean {
  return target === metadataPath || target.startsWith(`${metadataPath}/`);
}

/** The metadata, for everybody; 404 where no issuer is configured, and for other resources than `/mcp`. */
export function serveMetadata(
  resource: ProtectedResource | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const suffix = (request.url ?? '').slice(metadataPath.length).split('?')[0] ?? '';
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
    ...(Object.keys(scopes).length > 0 && { scopes_supported: Object.keys(scopes) }),
    resource_name: 'Sallyport',
  };
}
