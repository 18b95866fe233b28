import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../model/principal.js';
import { modernRevision } from '../model/revisions.js';
import type { HttpFaceOptions } from './face-options.js';
import { errorText, sendJson } from './http-answers.js';
import { isJsonContentType, readBody } from './http-body.js';
import { HttpConversation } from './http-conversation.js';
import { identifyCaller, sourceOf } from './http-identity.js';
import { type Place, placeOf } from './http-paths.js';
import { header } from './http-session.js';
import { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import { openSessionStream } from './open-session-stream.js';
import { isMetadataPath, serveMetadata } from './protected-resource.js';
import { errorCodes } from './protocol-fault.js';
import { SseFace } from './sse-face.js';

type Visitor = Pick<Visit, 'request' | 'response' | 'source'>;

const defaultMaxBodyBytes = 4 * 1024 * 1024;

/** The MCP face at `/mcp`, and for clients of 2024-11-05 at `/sse`. Expects requests that passed the guard of the listener. */
export function createHttpFace(
  options: HttpFaceOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const state = new HttpState(options);
  const conversation = new HttpConversation(state);
  const sse = new SseFace(state);
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;

  return (request, response) => {
    if (isMetadataPath(request.url ?? '')) {
      serveMetadata(options.resource?.(), request, response);
      return;
    }
    const visitor = { request, response, source: sourceOf(request) };
    const principal = identifyCaller(options, visitor);
    if (!(principal instanceof Promise)) {
      if (principal !== undefined) admit(visitor, principal);
      return;
    }
    principal
      .then((known) => {
        if (known !== undefined && !response.destroyed) admit(visitor, known);
      })
      .catch((cause: unknown) => {
        options.log.error({ err: cause }, 'a request could not be answered');
        response.destroy();
      });
  };

  function admit(visitor: Visitor, principal: Principal): void {
    const { request, response, source } = visitor;
    const place = placeOf(request.url ?? '');
    const endpoint = place?.endpoint;
    if (place === undefined || (endpoint !== undefined && !options.knowsEndpoint(endpoint))) {
      refuse(response, 404, 'There is no such MCP endpoint');
      return;
    }
    // Written out: on Node 20 a copy with more members costs as much as ten such objects, and lands in the old generation.
    serve({ request, response, source, principal, endpoint }, place);
  }

  function serve(visit: Visit, { face }: Place): void {
    const { method } = visit.request;
    if (face === 'mcp') serveMcp(visit);
    else if (face === 'sse' && method === 'GET') sse.open(visit);
    else if (face === 'messages' && method === 'POST') receive(visit, (body) => sse.receive(visit, body));
    else notAllowed(visit.response, face === 'sse' ? 'GET' : 'POST');
  }

  function serveMcp(visit: Visit): void {
    const { method } = visit.request;
    if (method === 'POST') receive(visit, (body) => conversation.receive(visit, body));
    // Modern clients have neither streams to open nor sessions to end.
    else if (header(visit, 'mcp-protocol-version') === modernRevision) notAllowed(visit.response, 'POST');
    else if (method === 'GET') openSessionStream(visit, state);
    else if (method === 'DELETE') conversation.endSession(visit);
    else notAllowed(visit.response, 'GET, POST, DELETE');
  }

  function receive({ request, response }: Visit, complete: (body: Buffer) => void): void {
    if (!isJsonContentType(request.headers['content-type'])) {
      refuse(response, 415, 'The Content-Type must be application/json');
      return;
    }
    if (request.headers['content-encoding'] !== undefined) {
      refuse(response, 415, 'Encoded bodies are not accepted');
      return;
    }
    readBody(request, maxBodyBytes, {
      complete,
      refused: (status, message) => refuse(response, status, message),
    });
  }
}

function notAllowed(response: ServerResponse, methods: string): void {
  const text = errorText(errorCodes.invalidRequest, `The methods here are: ${methods}`);
  sendJson(response, { status: 405, text }, ['Allow', methods]);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, { status, text: errorText(errorCodes.invalidRequest, message) });
}
