import type { Context } from 'hono';
import { challengeText, type ProtectedResource } from '../../identity/challenge.js';
import type { KillSwitches } from '../../limits/kill-switches.js';
import { type Principal, permits, type Role } from '../../model/principal.js';
import type { ControlVariables } from '../control-variables.js';
import { admitPerson, isByCookie, type PersonDoor } from '../sign-in/admit-person.js';
import { Problem } from './problem.js';
import { everyRole, type Route } from './route.js';

export interface PresentedCredential {
  readonly authorization?: string;
  readonly apiKey?: string;
  /** Token of the session that it is to count for. */
  readonly session?: string;
  readonly source: string;
}

export type Identification =
  | { readonly kind: 'known'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly retryAfterSeconds?: number }
  /** Nobody could judge what was presented. */
  | { readonly kind: 'unavailable' };

/** Says who calls or refuses; records a refusal itself. */
export type Identify = (presented: PresentedCredential) => Identification | Promise<Identification>;

export type AdminToken = 'right' | 'unset' | WrongToken;

/** What a source that fails too often is told to wait. */
export interface WrongToken {
  readonly retryAfterSeconds?: number | undefined;
}

export interface StopList {
  readonly kills: Pick<KillSwitches, 'list'>;
}

export interface Doors extends PersonDoor, StopList {
  readonly identify: Identify;
  /** Present where tokens of other issuers are accepted. */
  readonly resource?: (() => ProtectedResource | undefined) | undefined;
  /** Whether it is the configured token; `unset` where none is. Records and counts what is wrong. */
  readonly checkAdminToken: (authorization: string | undefined, source: string) => Promise<AdminToken>;
}

type Asked = Context<ControlVariables>;
type Asking = Pick<Route, 'access'> & Partial<Pick<Route, 'needed' | 'refusesStopped'>>;

/** Who asks nothing that needs a name. */
const nobody: Principal = { id: '', credential: 'none', tenant: 'default', roles: [], labels: {} };

/** Whoever has the token: one person, as far as anybody can tell. */
const admin: Principal = {
  id: 'admin-token',
  credential: 'token:admin',
  tenant: 'default',
  roles: ['approver'],
  labels: {},
};

/** Who asks, where they may. Throws Problem. Attached to the route, never decided from a path string. */
export async function admit(
  context: Asked,
  { access, needed, refusesStopped }: Asking,
  doors: Doors,
): Promise<Principal> {
  if (access === 'anyone') return nobody;
  if (access === 'admin-token') return admitAdmin(context, doors);
  const principal = await identified(context, doors);
  if (!principal.roles.some((role) => access.includes(role))) throw roleMissing(access, principal);
  if (needed !== undefined && !permits(principal, needed)) throw scopeMissing(needed, principal, doors);
  const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
  if (!isRead && refusesStopped !== true) refuseStopped(principal, doors);
  return principal;
}

/** Whether a kill switch stops this very caller: they change nothing then. */
export function isStopped({ tenant, id }: Principal, { kills }: StopList): boolean {
  return kills.list(tenant).some(({ scope, name }) => scope === 'principal' && name === id);
}

/** Who stopped everybody may well be stopped, too. */
function refuseStopped(principal: Principal, doors: Doors): void {
  if (isStopped(principal, doors))
    throw new Problem('forbidden', 'You are stopped yourself; another operator must do it.');
}

/** Lets whoever has a valid credential learn that there is nothing. */
export function admitToNothing(context: Asked, doors: Doors): Promise<Principal> {
  return admit(context, { access: everyRole }, doors);
}

async function identified(context: Asked, doors: Doors): Promise<Principal> {
  if (isByCookie(context, doors)) return admitPerson(context, doors);
  const { identify, resource } = doors;
  const authorization = context.req.header('authorization');
  const apiKey = context.req.header('x-api-key');
  const session = context.req.header('sallyport-session');
  const answer = await identify({
    source: sourceOf(context),
    ...(authorization === undefined ? {} : { authorization }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(session === undefined ? {} : { session }),
  });
  if (answer.kind === 'known') return answer.principal;
  if (answer.kind === 'unavailable') {
    const detail = 'The keys of the issuer of this token cannot be had; try again.';
    throw new Problem('issuer_unavailable', detail, { retryAfterSeconds: 5 });
  }
  const detail = 'Send a valid key as "Authorization: Bearer KEY". `sallyport keys create` makes one.';
  throw notAuthenticated(detail, challengeText(resource?.()), answer);
}

function notAuthenticated(detail: string, challenge: string, { retryAfterSeconds }: WrongToken): Problem {
  const headers = { 'WWW-Authenticate': challenge };
  if (retryAfterSeconds === undefined) return new Problem('not_authenticated', detail, { headers });
  return tooManyFailures(detail, retryAfterSeconds, headers);
}

/** For a source whose failures are counted. */
export function tooManyFailures(
  detail: string,
  retryAfterSeconds: number,
  headers: Readonly<Record<string, string>> = {},
): Problem {
  const limit = { limit: 0, remaining: 0, resetSeconds: retryAfterSeconds };
  return new Problem('too_many_failures', detail, { retryAfterSeconds, headers, limit });
}

async function admitAdmin(context: Asked, { checkAdminToken }: Doors): Promise<Principal> {
  const token = await checkAdminToken(context.req.header('authorization'), sourceOf(context));
  if (token === 'right') return admin;
  if (token === 'unset')
    throw new Problem('not_configured', 'No token is configured for /admin/holds; set approvals.adminToken.');
  const detail = 'Send the configured token as "Authorization: Bearer TOKEN".';
  throw notAuthenticated(detail, 'Bearer realm="sallyport-admin"', token);
}

function sourceOf(context: Asked): string {
  return context.env.incoming.socket.remoteAddress ?? 'unknown';
}

function roleMissing(roles: readonly Role[], principal: Principal): Problem {
  const detail = `This needs one of the roles ${roles.join(', ')}; the caller has ${principal.roles.join(', ') || 'none'}.`;
  return new Problem('role_missing', detail);
}

/** Another token of the same caller may do; of a key there is no other. */
function scopeMissing(need: string, { grants = [], credential }: Principal, { resource }: Doors): Problem {
  const detail = `This needs "${need}"; the credential is narrowed to ${grants.join(', ') || 'nothing'}.`;
  if (!credential.startsWith('jwt:')) return new Problem('scope_missing', detail);
  const challenge = challengeText(resource?.(), { error: 'insufficient_scope', need });
  return new Problem('scope_missing', detail, { headers: { 'WWW-Authenticate': challenge } });
}
