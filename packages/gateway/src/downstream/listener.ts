import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../model/log.js';
import { type Authorities, authoritiesOf, type ConfiguredAuthorities } from './authorities.js';
import { errorText, sendJson } from './http-answers.js';
import { isMcpPath } from './http-paths.js';
import { isMetadataPath } from './protected-resource.js';
import { errorCodes } from './protocol-fault.js';
import { guardFault } from './request-guard.js';
import { SilentConnections } from './silent-connections.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  /** Serves `/mcp`, `/sse`, `/messages` and everything below them, and the metadata of the protected resource. */
  readonly mcp: RequestHandler;
  /** Serves every other path. */
  readonly control: RequestHandler;
  /** Allowed in addition to the loopback forms of the bound address. */
  readonly allow?: ConfiguredAuthorities;
  readonly limits?: Partial<ListenerLimits>;
  readonly log: Log;
}

export interface ListenerLimits {
  readonly headersTimeoutMs: number;
  /** For headers and body together. */
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
}

const defaults: ListenerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  maxHeaderBytes: 16_384,
  maxConnections: 2_048,
};

/** A server that lets a request reach a face only after the guard has seen it. Not yet listening. */
export function createListener(options: ListenerOptions): Server {
  const limits = { ...defaults, ...options.limits };
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: 2_000,
    insecureHTTPParser: false,
  });
  // Node drops headers beyond a count without a word; the guard counts and refuses instead.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.maxConnections;
  const silent = new SilentConnections(Math.ceil(limits.maxConnections / 2));
  server.on('connection', (socket) => silent.add(socket));
  let authorities: Authorities = { hosts: new Set(), origins: new Set() };
  server.on('listening', () => {
    const address = server.address();
    if (isAddressInfo(address)) authorities = authoritiesOf(address, options.allow ?? {});
  });
  const refused = new WeakSet<Socket>();

  function serve(request: IncomingMessage, response: ServerResponse): void {
    silent.remove(request.socket);
    // What was sent behind a refused request may be part of it: nobody reads it any more.
    if (refused.has(request.socket)) return;
    const fault = guardFault(request, authorities);
    if (fault !== undefined) {
      refused.add(request.socket);
      options.log.debug(
        { reason: fault.reason, source: request.socket.remoteAddress },
        'a request was refused',
      );
      const text = errorText(errorCodes.invalidRequest, fault.message);
      sendJson(response, { status: fault.status, text });
    } else if (isForAgents(request.url ?? '')) options.mcp(request, response);
    else options.control(request, response);
  }

  server.on('request', serve);
  server.on('checkContinue', serve);
  server.on('checkExpectation', serve);
  server.on('clientError', refuseMalformed);
  return server;
}

function isForAgents(target: string): boolean {
  return isMcpPath(target) || isMetadataPath(target);
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = statusLines.get(error.code ?? '') ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

const statusLines: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Content Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);
