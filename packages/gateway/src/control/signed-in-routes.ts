import { endedSignInsSchema, endSignInsSchema, pageQuery, signInPageSchema, signInSchema } from '#contract';
import { type SignedIn, type SignInDesk, SignInUnrecorded } from '../identity/sign-in/sign-in-desk.js';
import { isoTime } from '../lib/clock.js';
import type { Principal, Role } from '../model/principal.js';
import { actorOf } from './actor.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';

export interface SignedInSource {
  readonly signIns: Pick<SignInDesk, 'find' | 'list' | 'end' | 'revoke'>;
}

const common = { resource: 'principals', access: everyRole } as const;
const lookers: readonly Role[] = ['auditor', 'operator', 'admin'];
const enders: readonly Role[] = ['operator', 'admin'];
const notTheirs = 'Whoever is no operator or admin ends their own sign-ins.';

/**
 * `/v1/sign-ins`: where people are signed in. Whoever asks sees and ends their own; auditors, operators and admins see
 * everybody's of their tenant, the last two end them. Nobody is kept from signing in again.
 */
export function signedInRoutes({ signIns }: SignedInSource): Route[] {
  return [listRoute(signIns), endAllRoute(signIns), endOneRoute(signIns)];
}

function listRoute(signIns: SignedInSource['signIns']): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/sign-ins',
      id: 'listSignIns',
      summary:
        'Where people are signed in, newest first: everybody for those who oversee them, else the caller',
      query: { ...pageQuery, principal: endSignInsSchema.shape.principal.optional() },
      replies: { 200: signInPageSchema },
      problems: ['forbidden'],
    },
    ({ principal, query: { cursor, limit, principal: wanted }, context }) => {
      const { tenant, id } = principal;
      const isOverseer = hasOne(principal, lookers);
      if (!isOverseer && wanted !== undefined && wanted !== id)
        throw new Problem('forbidden', 'Whoever is no auditor, operator or admin sees their own sign-ins.');
      const whose = isOverseer ? wanted : id;
      const { all, next } = signIns.list({ tenant, principal: whose, before: cursor, limit });
      const shown = all.map((one) => signInJson(one, context.get('signIn')));
      const more = next === undefined ? {} : { next_cursor: next };
      return { status: 200, body: { count: shown.length, sign_ins: shown, ...more } };
    },
  );
}

function endOneRoute(signIns: SignedInSource['signIns']): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/sign-ins/{id}',
      id: 'endSignIn',
      summary: 'Ends one sign-in at once',
      replies: { 200: signInSchema },
      problems: ['not_found', 'forbidden', 'stopped_unrecorded'],
    },
    async ({ principal, params, requestId, context }) => {
      const found = signIns.find(params.id);
      if (found === undefined || !maySee(principal, found.principal))
        throw new Problem('not_found', 'There is no such sign-in.');
      if (!mayEnd(principal, found.principal.id)) throw new Problem('forbidden', notTheirs);
      await orProblem(signIns.end(found, actorOf({ principal, requestId })));
      return { status: 200, body: signInJson(found, context.get('signIn')) };
    },
  );
}

function endAllRoute(signIns: SignedInSource['signIns']): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/sign-ins/end',
      id: 'endSignIns',
      summary: 'Signs somebody out in every browser',
      description: 'Whoever may sign in at the provider, or has a key, can sign in again.',
      body: endSignInsSchema,
      replies: { 200: endedSignInsSchema },
      problems: ['forbidden', 'stopped_unrecorded'],
    },
    async ({ principal, body: { principal: id }, requestId }) => {
      if (!mayEnd(principal, id)) throw new Problem('forbidden', notTheirs);
      const person = { id, tenant: principal.tenant };
      const ended = await orProblem(signIns.revoke(person, actorOf({ principal, requestId })));
      return { status: 200, body: { principal: id, ended } };
    },
  );
}

function hasOne({ roles }: Principal, wanted: readonly Role[]): boolean {
  return roles.some((role) => wanted.includes(role));
}

function maySee(principal: Principal, { id, tenant }: Principal): boolean {
  return tenant === principal.tenant && (id === principal.id || hasOne(principal, lookers));
}

function mayEnd(principal: Principal, whose: string): boolean {
  return principal.id === whose || hasOne(principal, enders);
}

/** `current` is what the caller shows with this very request. */
function signInJson({ id, principal, since, until, issuer }: SignedIn, current: string | undefined) {
  return {
    id,
    principal: principal.id,
    credential: principal.credential,
    roles: principal.roles,
    ...(issuer === undefined ? {} : { issuer }),
    since: isoTime(since),
    until: isoTime(until),
    current: id === current,
  };
}

async function orProblem<Result>(ending: Promise<Result>): Promise<Result> {
  try {
    return await ending;
  } catch (cause) {
    if (!(cause instanceof SignInUnrecorded)) throw cause;
    throw new Problem('stopped_unrecorded', cause.message);
  }
}
