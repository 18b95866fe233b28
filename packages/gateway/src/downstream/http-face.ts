import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpFaceOptions } from './face-options.js';
import { errorText, sendJson } from './http-answers.js';
import { isJsonContentType, readBody } from './http-body.js';
import { HttpConversation } from './http-conversation.js';
import { identifyCaller, sourceOf } from './http-identity.js';
import type { Visit } from './http-visit.js';
import { errorCodes } from './protocol-fault.js';

const defaultMaxBodyBytes = 4 * 1024 * 1024;
const endpointPath = /^\/mcp(?:\/([A-Za-z0-9._-]{1,64}))?(?:\?|$)/;

/** The MCP face at `/mcp` and `/mcp/{upstream}`. Expects requests that passed the guard of the listener. */
export function createHttpFace(
  options: HttpFaceOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const conversation = new HttpConversation(options);
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;

  return (request, response) => {
    const source = sourceOf(request);
    const principal = identifyCaller(options, { request, response, source });
    if (principal === undefined) return;
    const endpoint = endpointOf(request.url ?? '');
    if (endpoint === null || (endpoint !== undefined && !options.knowsEndpoint(endpoint))) {
      refuse(response, 404, 'There is no such MCP endpoint');
      return;
    }
    const visit = { request, response, principal, source, endpoint };
    if (request.method === 'DELETE') conversation.endSession(visit);
    else if (request.method === 'POST') receive(visit);
    else sendJson(response, { status: 405, text: notOffered }, ['Allow', 'POST, DELETE']);
  };

  function receive(visit: Visit): void {
    const { request, response } = visit;
    if (!isJsonContentType(request.headers['content-type'])) {
      refuse(response, 415, 'The Content-Type must be application/json');
      return;
    }
    if (request.headers['content-encoding'] !== undefined) {
      refuse(response, 415, 'Encoded bodies are not accepted');
      return;
    }
    readBody(request, maxBodyBytes, {
      complete: (body) => conversation.receive(visit, body),
      refused: (status, message) => refuse(response, status, message),
    });
  }
}

const notOffered = errorText(
  errorCodes.invalidRequest,
  'Messages are sent by POST; there is no stream to GET',
);

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, { status, text: errorText(errorCodes.invalidRequest, message) });
}

/** Undefined for all upstreams, null for what is no endpoint. */
function endpointOf(target: string): string | undefined | null {
  if (target === '/mcp') return undefined;
  const path = endpointPath.exec(target);
  return path === null ? null : path[1];
}
