import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Presented } from '../identity/gatekeeper.js';
import type { Principal } from '../model/principal.js';
import type { HttpFaceOptions } from './face-options.js';
import { errorText, sendJson } from './http-answers.js';
import type { Visit } from './http-visit.js';
import { errorCodes } from './protocol-fault.js';

/** One HTTP request of somebody. */
export interface Visitor {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly source: string;
}

const hint = 'Send a key as "Authorization: Bearer KEY"';

/** Says who calls; answers the request itself and returns undefined when nobody does who may use the MCP face. */
export function identifyCaller(options: HttpFaceOptions, visitor: Visitor): Principal | undefined {
  const presented = presentedBy(visitor);
  try {
    const principal = options.identify(presented);
    if (mayCall(principal)) return principal;
    refuseRole(options, visitor, principal);
  } catch (cause) {
    if (cause instanceof AuthenticationFailure) {
      record(options, visitor, cause);
      challenge(visitor.response, cause, presented);
    } else {
      options.log.error({ err: cause }, 'a caller could not be identified');
      const text = errorText(errorCodes.internal, 'The caller could not be identified');
      sendJson(visitor.response, { status: 503, text }, ['Retry-After', '5']);
    }
  }
  return undefined;
}

/** Whether the credential of a caller who was let in would let the same one in now, as before; records why not. */
export function isStillLetIn(options: HttpFaceOptions, visit: Visit): boolean {
  try {
    const principal = options.identify(presentedBy(visit));
    return mayCall(principal) && standingOf(principal) === standingOf(visit.principal);
  } catch (cause) {
    if (cause instanceof AuthenticationFailure) record(options, visit, cause);
    else options.log.error({ err: cause }, 'a caller could not be identified again');
    return false;
  }
}

/** All that policy looks at. */
function standingOf({ tenant, id, roles, labels }: Principal): string {
  return JSON.stringify([tenant, id, roles, labels]);
}

function mayCall({ roles }: Principal): boolean {
  return roles.includes('agent') || roles.includes('admin');
}

export function sourceOf({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function presentedBy({ request, source }: Visitor): Presented {
  const { authorization } = request.headers;
  const apiKey = request.headers['x-api-key'];
  if (apiKey === undefined && authorization !== undefined) return { source, authorization };
  return {
    source,
    ...(authorization === undefined ? undefined : { authorization }),
    ...(typeof apiKey === 'string' ? { apiKey } : undefined),
  };
}

/** No challenge: another try with the same credential would end the same. */
function refuseRole(options: HttpFaceOptions, { response, source }: Visitor, principal: Principal): void {
  options.recorder.authFailed({ source, reason: 'role_missing', principal });
  const found = principal.roles.length === 0 ? 'none' : principal.roles.join(', ');
  const message = `Calling tools needs the role "agent"; the roles of this credential: ${found}`;
  sendJson(response, { status: 403, text: errorText(errorCodes.invalidRequest, message) });
}

function record(options: HttpFaceOptions, { source }: Visitor, failure: AuthenticationFailure): void {
  const { reason, underlying, credential } = failure;
  options.recorder.authFailed({
    source,
    reason,
    ...(underlying === undefined ? {} : { underlying }),
    ...(credential === undefined ? {} : { detail: credential }),
  });
}

function challenge(response: ServerResponse, failure: AuthenticationFailure, presented: Presented): void {
  if (failure.reason === 'throttled') {
    const wait = String(failure.retryAfterSeconds ?? 1);
    const text = errorText(errorCodes.invalidRequest, 'Too many failed attempts from this address');
    sendJson(response, { status: 429, text }, ['Retry-After', wait]);
    return;
  }
  const given = presented.authorization !== undefined || presented.apiKey !== undefined;
  const scheme = `Bearer realm="sallyport"${given ? ', error="invalid_token"' : ''}`;
  const message = given ? `The credential is not valid. ${hint}` : `No credential. ${hint}`;
  const text = errorText(errorCodes.invalidRequest, message);
  sendJson(response, { status: 401, text }, ['WWW-Authenticate', scheme]);
}
