import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import { challengeText } from '../identity/challenge.js';
import type { Presented } from '../identity/gatekeeper.js';
import { type Principal, permits } from '../model/principal.js';
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

/** What the MCP face asks of whatever a credential is narrowed to. */
const need = 'mcp:call';

const hint = 'Send a key as "Authorization: Bearer KEY"';

/**
 * Says who calls; answers the request itself and returns undefined when nobody does who may use the MCP face. A promise
 * only for whom it has not seen before.
 */
export function identifyCaller(
  options: HttpFaceOptions,
  visitor: Visitor,
): Principal | undefined | Promise<Principal | undefined> {
  const presented = presentedBy(visitor);
  const admit = (principal: Principal) => admitted(options, visitor, principal);
  const refuse = (cause: unknown): undefined => {
    if (cause instanceof AuthenticationFailure) {
      record(options, visitor, cause);
      challenge(options, visitor.response, { failure: cause, presented });
    } else {
      options.log.error({ err: cause }, 'a caller could not be identified');
      cannotTell(visitor.response);
    }
  };
  try {
    const answer = options.identify(presented);
    return answer instanceof Promise ? answer.then(admit, refuse) : admit(answer);
  } catch (cause) {
    return refuse(cause);
  }
}

function admitted(options: HttpFaceOptions, visitor: Visitor, principal: Principal): Principal | undefined {
  if (!hasRole(principal)) refuseRole(options, visitor, principal);
  else if (permits(principal, need)) return principal;
  else refuseScope(options, visitor, principal);
  return undefined;
}

/** Whether the credential of a caller who was let in would let the same one in now, as before; records why not. */
export function isStillLetIn(options: HttpFaceOptions, visit: Visit): boolean | Promise<boolean> {
  const isSame = (principal: Principal) =>
    hasRole(principal) && permits(principal, need) && standingOf(principal) === standingOf(visit.principal);
  const refuse = (cause: unknown): boolean => {
    if (cause instanceof AuthenticationFailure) record(options, visit, cause);
    else options.log.error({ err: cause }, 'a caller could not be identified again');
    return false;
  };
  try {
    const answer = options.identify(presentedBy(visit));
    return answer instanceof Promise ? answer.then(isSame, refuse) : isSame(answer);
  } catch (cause) {
    return refuse(cause);
  }
}

/** All that policy looks at. */
function standingOf({ tenant, id, roles, labels, grants, session }: Principal): string {
  return JSON.stringify([tenant, id, roles, labels, grants, session?.id]);
}

function hasRole({ roles }: Principal): boolean {
  return roles.includes('agent') || roles.includes('admin');
}

export function sourceOf({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function presentedBy({ request, source }: Visitor): Presented {
  const { authorization } = request.headers;
  const apiKey = request.headers['x-api-key'];
  const session = request.headers['sallyport-session'];
  if (apiKey === undefined && session === undefined && authorization !== undefined)
    return { source, authorization };
  return {
    source,
    ...(authorization === undefined ? undefined : { authorization }),
    ...(typeof apiKey === 'string' ? { apiKey } : undefined),
    ...(session === undefined ? undefined : { session: String(session) }),
  };
}

/** No challenge: another try with the same credential would end the same. */
function refuseRole(options: HttpFaceOptions, { response, source }: Visitor, principal: Principal): void {
  options.recorder.authFailed({ source, reason: 'role_missing', principal });
  const found = principal.roles.length === 0 ? 'none' : principal.roles.join(', ');
  const message = `Calling tools needs the role "agent"; the roles of this credential: ${found}`;
  sendJson(response, { status: 403, text: errorText(errorCodes.invalidRequest, message) });
}

/** Another token of the same caller may do: the challenge says with which scopes. */
function refuseScope(options: HttpFaceOptions, { response, source }: Visitor, principal: Principal): void {
  options.recorder.authFailed({ source, reason: 'scope_missing', principal });
  const isJwt = principal.credential.startsWith('jwt:');
  const message = `Calling tools needs "${need}"; this credential is narrowed to other things`;
  const text = errorText(errorCodes.invalidRequest, message);
  const words = challengeText(options.resource?.(), { error: 'insufficient_scope', need });
  sendJson(response, { status: 403, text }, isJwt ? ['WWW-Authenticate', words] : []);
}

function record(options: HttpFaceOptions, { source }: Visitor, failure: AuthenticationFailure): void {
  const { reason, underlying, credential, detail = credential } = failure;
  options.recorder.authFailed({
    source,
    reason,
    ...(underlying === undefined ? {} : { underlying }),
    ...(detail === undefined ? {} : { detail }),
  });
}

interface Refused {
  readonly failure: AuthenticationFailure;
  readonly presented: Presented;
}

function challenge(
  options: HttpFaceOptions,
  response: ServerResponse,
  { failure, presented }: Refused,
): void {
  if (failure.reason === 'unavailable') {
    cannotTell(response);
    return;
  }
  if (failure.reason === 'throttled') {
    const wait = String(failure.retryAfterSeconds ?? 1);
    const text = errorText(errorCodes.invalidRequest, 'Too many failed attempts from this address');
    sendJson(response, { status: 429, text }, ['Retry-After', wait]);
    return;
  }
  const given = presented.authorization !== undefined || presented.apiKey !== undefined;
  const words = challengeText(options.resource?.(), { need, ...(given && { error: 'invalid_token' }) });
  const message = given ? `The credential is not valid. ${hint}` : `No credential. ${hint}`;
  const text = errorText(errorCodes.invalidRequest, message);
  sendJson(response, { status: 401, text }, ['WWW-Authenticate', words]);
}

function cannotTell(response: ServerResponse): void {
  const text = errorText(errorCodes.internal, 'The caller could not be identified');
  sendJson(response, { status: 503, text }, ['Retry-After', '5']);
}
