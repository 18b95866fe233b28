import type { Revision } from '../../model/call.js';
import type { AttachedCredential } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { encodeHeaderValue } from '../header-value.js';
import { addParamHeaders } from '../mcp-param.js';
import { modernRevision } from './negotiation.js';

/** Headers that belong to the protocol or to HTTP itself and that no configuration may set. */
const reserved = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** One conversation over HTTP: what is the same in each of its requests. */
export interface HttpSession {
  readonly era: 'modern' | 'legacy';
  /** Minted by a legacy server. */
  readonly id: string | undefined;
  /** Flat list of names and values; made from nothing, never from a client's request. */
  readonly headers: readonly string[];
}

/** A request for which the values of the configured headers are at hand. */
export interface HttpRequest extends OutgoingRequest {
  readonly credential: AttachedCredential;
}

export function isReservedHeader(name: string): boolean {
  const folded = name.toLowerCase();
  return reserved.has(folded) || folded.startsWith('mcp-param-');
}

/** `revision` is absent before a legacy server has chosen one. */
export function httpSession(version: string, revision?: Revision, id?: string): HttpSession {
  const era = revision === modernRevision ? 'modern' : 'legacy';
  const headers = [
    'content-type',
    'application/json',
    'accept',
    'application/json, text/event-stream',
    'user-agent',
    `sallyport/${version}`,
  ];
  if (id !== undefined) headers.push('mcp-session-id', id);
  // Revision 2025-06-18 brought the header; an earlier server has no use for it.
  if (revision !== undefined && revision >= '2025-06-18') headers.push('mcp-protocol-version', revision);
  return { era, id, headers };
}

/** All headers of one request. */
export function requestHeaders(session: HttpSession, request: HttpRequest): string[] {
  const headers = session.headers.slice();
  if (session.era === 'modern') {
    headers.push('mcp-method', request.method);
    if (request.tool !== undefined) {
      headers.push('mcp-name', encodeHeaderValue(request.tool.name));
      addParamHeaders(headers, request.tool.inputSchema, request.args?.value);
    }
  }
  addCredential(headers, request.credential);
  return headers;
}

export function addCredential(headers: string[], credential: AttachedCredential): void {
  for (const [name, secret] of credential) if (!isReservedHeader(name)) headers.push(name, secret.reveal());
}
