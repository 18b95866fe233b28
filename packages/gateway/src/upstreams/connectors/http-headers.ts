import { encodeHeaderValue } from '../../lib/header-value.js';
import type { Revision } from '../../model/call.js';
import { type Era, modernRevision } from '../../model/revisions.js';
import type { AttachedCredential } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { addParamHeaders } from '../mcp-param.js';
import { isReservedHeader } from '../reserved-headers.js';

/** One conversation over HTTP: what is the same in each of its requests. */
export interface HttpSession {
  readonly era: Era;
  /** Minted by a legacy server. */
  readonly id: string | undefined;
  /** Flat list of names and values; made from nothing, never from a client's request. */
  readonly headers: readonly string[];
}

/** A request for which the values of the configured headers are at hand. */
export interface HttpRequest extends OutgoingRequest {
  readonly credential: AttachedCredential;
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
    const { target } = request;
    if (target !== undefined) {
      headers.push('mcp-name', encodeHeaderValue(target.name));
      if (target.kind === 'tool') addParamHeaders(headers, target.inputSchema, request.args?.value);
    }
  }
  addCredential(headers, request.credential);
  return headers;
}

/** Adds the configured headers. A name comes once, whatever its case: the configured `User-Agent` takes the place of ours. */
export function addCredential(headers: string[], credential: AttachedCredential): void {
  for (const [name, secret] of credential) {
    if (isReservedHeader(name)) continue;
    const place = placeOf(headers, name.toLowerCase());
    if (place === undefined) headers.push(name, secret.reveal());
    else headers[place + 1] = secret.reveal();
  }
}

function placeOf(headers: readonly string[], folded: string): number | undefined {
  for (let place = 0; place < headers.length; place += 2) {
    const name = headers[place];
    if (name?.length === folded.length && name.toLowerCase() === folded) return place;
  }
  return undefined;
}
