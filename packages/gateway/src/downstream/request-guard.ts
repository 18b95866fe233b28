import type { IncomingMessage } from 'node:http';
import { type Authorities, isHostHeader, lowerCase } from './authorities.js';

/** Why a request is refused before anybody looks at what it asks. */
export interface GuardFault {
  readonly status: 400 | 403 | 417 | 431 | 505;
  readonly reason: string;
  readonly message: string;
}

const mostHeaders = 100;

/** Headers that must not come twice: parsers disagree about which one counts. `mcp-*` ones are singletons too. */
const singletons = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'last-event-id',
  'origin',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
]);

const ambiguousPath = /\/\.{1,2}(?:\/|$)|\/\/|\\|%(?:00|2e|2f|5c)/i;

/** Checks what node's own strict parser lets through; undefined when the request may go on. */
export function guardFault(request: IncomingMessage, authorities: Authorities): GuardFault | undefined {
  return (
    versionFault(request) ??
    targetFault(request.url ?? '') ??
    headerFault(request) ??
    hostFault(request, authorities) ??
    originFault(request, authorities) ??
    framingFault(request)
  );
}

function versionFault({ httpVersion }: IncomingMessage): GuardFault | undefined {
  if (httpVersion === '1.1') return undefined;
  return { status: 505, reason: 'http_version', message: 'This server speaks HTTP/1.1' };
}

function targetFault(target: string): GuardFault | undefined {
  if (target === '/mcp') return undefined;
  if (!/^\/[\x21-\x7e]*$/.test(target) || target.includes('#')) {
    return bad('request_target', 'The request target must be a path');
  }
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  return ambiguousPath.test(path) ? bad('request_target', 'The path can be read in two ways') : undefined;
}

function headerFault({ rawHeaders, headers }: IncomingMessage): GuardFault | undefined {
  const count = rawHeaders.length / 2;
  if (count > mostHeaders) {
    return { status: 431, reason: 'too_many_headers', message: `More than ${mostHeaders} headers` };
  }
  // Node has one member per distinct name, so equal counts mean that no name came twice.
  if (Object.keys(headers).length === count) return undefined;
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = lowerCase(rawHeaders[at] ?? '');
    if (seen.has(name) && isSingleton(name)) return duplicate(name);
    seen.add(name);
  }
  return undefined;
}

function isSingleton(name: string): boolean {
  return singletons.has(name) || name.startsWith('mcp-');
}

function duplicate(name: string): GuardFault {
  const message = `The header ${name} came twice`;
  return name === 'origin'
    ? { status: 403, reason: 'duplicate_header', message }
    : bad('duplicate_header', message);
}

function hostFault({ headers }: IncomingMessage, { hosts }: Authorities): GuardFault | undefined {
  const { host } = headers;
  if (host !== undefined && hosts.has(host)) return undefined;
  if (host === undefined || !isHostHeader(host)) {
    return bad('host', 'The Host header must be one host name or address with an optional port');
  }
  if (hosts.has(lowerCase(host))) return undefined;
  const message = `The Host ${host} is not one this server answers to; add it to the allowed hosts`;
  return { status: 403, reason: 'host', message };
}

function originFault({ headers }: IncomingMessage, { origins }: Authorities): GuardFault | undefined {
  const { origin } = headers;
  if (origin === undefined || origins.has(origin)) return undefined;
  return { status: 403, reason: 'origin', message: 'Pages of this Origin may not use this server' };
}

function framingFault({ method, headers }: IncomingMessage): GuardFault | undefined {
  if (headers.expect !== undefined) {
    return { status: 417, reason: 'expectation', message: 'No expectation is supported' };
  }
  if (headers.upgrade !== undefined) return bad('upgrade', 'The protocol cannot be upgraded');
  if (headers.trailer !== undefined) return bad('trailer', 'Trailers are not accepted');
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && lowerCase(encoding) !== 'chunked') {
    return bad('transfer_encoding', 'The only transfer encoding is chunked');
  }
  const length = headers['content-length'];
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && method !== 'POST' && method !== 'PUT' && method !== 'PATCH') {
    return bad('unexpected_body', `A ${method} request has no body`);
  }
  return undefined;
}

function bad(reason: string, message: string): GuardFault {
  return { status: 400, reason, message };
}
