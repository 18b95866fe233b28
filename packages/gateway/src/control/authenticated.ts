import type { Context, MiddlewareHandler } from 'hono';
import type { Principal, Role } from '../model/principal.js';
import type { ControlVariables } from './control-variables.js';
import { problem } from './problem.js';

export interface PresentedCredential {
  readonly authorization?: string;
  readonly apiKey?: string;
  readonly source: string;
}

export type Identification =
  | { readonly kind: 'known'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly retryAfterSeconds?: number }
  /** Nobody could judge what was presented. */
  | { readonly kind: 'unavailable' };

/** Says who calls or refuses; records a refusal itself. */
export type Identify = (presented: PresentedCredential) => Identification | Promise<Identification>;

/** Lets only principals with one of `roles` through. Attached to the route, never decided from a path string. */
export function authenticated(
  identify: Identify,
  roles: readonly Role[],
): MiddlewareHandler<ControlVariables> {
  return async (context, next) => {
    const authorization = context.req.header('authorization');
    const apiKey = context.req.header('x-api-key');
    const answer = await identify({
      source: context.env.incoming.socket.remoteAddress ?? 'unknown',
      ...(authorization === undefined ? {} : { authorization }),
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    if (answer.kind === 'unavailable') {
      const detail = 'The keys of the issuer of this token cannot be had; try again.';
      return problem(context, {
        status: 503,
        code: 'issuer_unavailable',
        detail,
        headers: { 'Retry-After': '5' },
      });
    }
    if (answer.kind === 'refused') {
      const wait = answer.retryAfterSeconds;
      return problem(context, {
        status: wait === undefined ? 401 : 429,
        code: 'not_authenticated',
        detail: 'Send a valid key as "Authorization: Bearer KEY". `sallyport keys create` makes one.',
        headers: {
          'WWW-Authenticate': 'Bearer realm="sallyport"',
          ...(wait === undefined ? {} : { 'Retry-After': String(wait) }),
        },
      });
    }
    if (!hasRole(answer.principal, roles)) return roleMissing(context, roles, answer.principal);
    context.set('principal', answer.principal);
    return next();
  };
}

/** Lets through whom `authenticated` knows, of those only principals with one of `roles`. */
export function withRole(roles: readonly Role[]): MiddlewareHandler<ControlVariables> {
  return async (context, next) => {
    const principal = context.get('principal');
    return hasRole(principal, roles) ? next() : roleMissing(context, roles, principal);
  };
}

function hasRole(principal: Principal, roles: readonly Role[]): boolean {
  return principal.roles.some((role) => roles.includes(role));
}

function roleMissing(context: Context, roles: readonly Role[], principal: Principal): Response {
  return problem(context, {
    status: 403,
    code: 'role_missing',
    detail: `This needs one of the roles ${roles.join(', ')}; the key has ${principal.roles.join(', ')}.`,
  });
}
