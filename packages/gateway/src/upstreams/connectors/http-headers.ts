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
    const name = nameOf(request);
    if (name !== undefined) headers.push('mcp-name', encodeHeaderValue(name));
    if (target?.kind === 'tool' && request.method === 'tools/call') {
      addParamHeaders(headers, target.inputSchema, request.args?.value);
    }
  }
  addCredential(headers, request.credential);
  return headers;
}

/** What a request is about, which its header repeats; of the methods of the protocol the others are about nothing. */
function nameOf({ method, target, args }: HttpRequest): string | undefined {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
    case 'resources/read':
      return target?.name;
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel':
      return typeof args?.value.taskId === 'string' ? args.value.taskId : undefined;
    default:
      return undefined;
  }
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
