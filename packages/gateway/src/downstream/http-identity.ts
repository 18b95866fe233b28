import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Presented } from '../identity/gatekeeper.js';
import type { Principal } from '../model/principal.js';
import type { HttpFaceOptions } from './face-options.js';
import { errorText, sendJson } from './http-answers.js';
import { errorCodes } from './protocol-fault.js';

const hint = 'Send a key as "Authorization: Bearer KEY"';

/** Says who calls; answers the request itself and returns undefined when nobody does. */
export function identifyCaller(
  options: HttpFaceOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Principal | undefined {
  const presented = presentedBy(request);
  try {
    return options.identify(presented);
  } catch (cause) {
    if (!(cause instanceof AuthenticationFailure)) {
      options.log.error({ err: cause }, 'a caller could not be identified');
      const text = errorText(errorCodes.internal, 'The caller could not be identified');
      sendJson(response, { status: 503, text }, ['Retry-After', '5']);
      return undefined;
    }
    const { reason, credential } = cause;
    options.recorder.authFailed({
      source: presented.source,
      reason,
      ...(credential === undefined ? {} : { detail: credential }),
    });
    challenge(response, cause, presented);
    return undefined;
  }
}

export function sourceOf({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function presentedBy(request: IncomingMessage): Presented {
  const { authorization } = request.headers;
  const apiKey = request.headers['x-api-key'];
  return {
    source: sourceOf(request),
    ...(authorization === undefined ? undefined : { authorization }),
    ...(typeof apiKey === 'string' ? { apiKey } : undefined),
  };
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
