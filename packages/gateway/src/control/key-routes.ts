import {
  issuedKeySchema,
  keyPageSchema,
  keyRequestSchema,
  keySchema,
  pageQuery,
  rotationSchema,
} from '#contract';
import { KeyFault, type KeyRing, type KeySummary } from '../identity/key-ring.js';
import type { JsonObject } from '../model/json.js';
import { type Principal, permits } from '../model/principal.js';
import { actorOf } from './actor.js';
import { keyJson } from './key-json.js';
import type { KnownCredential, PrincipalSource } from './principal-routes.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';

export interface KeySource {
  /** The keys, whose changes are recorded as those of `actor`. */
  readonly keyRing: (actor: JsonObject) => Pick<KeyRing, 'create' | 'list' | 'rotate' | 'revoke'>;
}

type Source = KeySource & PrincipalSource;

const common = { resource: 'keys' } as const;
const once = 'Keep the key now: it is not shown again.';

/** `/v1/keys`: the API keys of the caller's tenant. Whoever has a key may look at it and end it. */
export function keyRoutes(source: Source): Route[] {
  return [listRoute(source), createRoute(source), getRoute(source), rotateRoute(source), revokeRoute(source)];
}

function listRoute({ keyRing }: KeySource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/keys',
      id: 'listKeys',
      summary: 'The API keys, never what they are',
      access: ['auditor', 'operator', 'admin'],
      query: pageQuery,
      replies: { 200: keyPageSchema },
    },
    async (asked) => {
      const { cursor, limit } = asked.query;
      const all = (await keyRing({}).list()).filter(({ tenant }) => tenant === asked.principal.tenant);
      const from = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
      if (cursor !== undefined && from === 0)
        throw new Problem('invalid_query', 'cursor: it is the next_cursor of an earlier answer');
      const keys = all.slice(from, from + limit);
      const last = keys.at(-1);
      const next = last !== undefined && from + limit < all.length ? { next_cursor: last.id } : {};
      return { status: 200, body: { count: keys.length, keys: keys.map(keyJson), ...next } };
    },
  );
}

function createRoute({ keyRing }: KeySource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/keys',
      id: 'createKey',
      summary: 'Makes a key and shows it, once',
      access: ['admin'],
      body: keyRequestSchema,
      replies: { 201: issuedKeySchema },
      problems: ['forbidden', 'unrecorded'],
    },
    async (asked) => {
      const { principal: caller, body } = asked;
      const { name = '', principal = name, roles, labels, expires_in_seconds: seconds } = body;
      const { tenant } = caller;
      const grants = narrowed(body.scopes, caller);
      const wanted = { principal, tenant, roles, labels, grants, ...lifetimeOf(seconds) };
      const { text, key } = await orProblem(keyRing(actorOf(asked)).create(wanted));
      return { status: 201, body: { ...keyJson(key), key: text, message: once } };
    },
  );
}

function getRoute(source: KeySource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/keys/{id}',
      id: 'getKey',
      summary: 'One key, by its id or the beginning of it',
      access: everyRole,
      replies: { 200: keySchema },
      problems: ['not_found'],
    },
    async ({ principal, params }) => {
      const mayAll = principal.roles.some((role) => ['auditor', 'operator', 'admin'].includes(role));
      const key = await known(source, { id: params.id, principal, mayAll });
      return { status: 200, body: keyJson(key) };
    },
  );
}

function rotateRoute(source: KeySource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/keys/{id}/rotate',
      id: 'rotateKey',
      summary: 'Makes a key that replaces another; both work for a while',
      access: ['admin'],
      body: rotationSchema,
      replies: { 201: issuedKeySchema },
      problems: ['forbidden', 'not_found', 'conflict', 'unrecorded'],
    },
    async (asked) => {
      const { id, grants } = await changeable(source, asked);
      narrowed(grants, asked.principal);
      const { overlap_seconds: overlap, expires_in_seconds: seconds } = asked.body;
      const overlapping = overlap === undefined ? {} : { overlapMs: overlap * 1000 };
      const ring = source.keyRing(actorOf(asked));
      const { text, key } = await orProblem(ring.rotate(id, { ...overlapping, ...lifetimeOf(seconds) }));
      return { status: 201, body: { ...keyJson(key), key: text, message: once } };
    },
  );
}

function revokeRoute(source: Source): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/keys/{id}',
      id: 'revokeKey',
      summary: 'Ends a key at once',
      access: everyRole,
      replies: { 200: keySchema },
      problems: ['not_found', 'conflict', 'unrecorded'],
    },
    async (asked) => {
      const key = await changeable(source, asked);
      await refuseLockOut(source, key, asked.principal);
      return { status: 200, body: keyJson(await orProblem(source.keyRing(actorOf(asked)).revoke(key.id))) };
    },
  );
}

/** The last administrator cannot end the credential that is in their hand; on the machine of the gateway anybody's can be. */
async function refuseLockOut(
  { credentials }: Source,
  { id, state, roles }: KeySummary,
  { credential, tenant }: Principal,
): Promise<void> {
  if (credential !== `key:${id}` || state !== 'active' || !roles.includes('admin')) return;
  const all = await credentials(tenant);
  const isOther = (one: KnownCredential) => one.kind !== 'key' || one.id !== id;
  if (all.some((one) => isOther(one) && one.state === 'active' && one.roles.includes('admin'))) return;
  throw new Problem(
    'conflict',
    'This is the only credential of an administrator: make another one before you end it.',
  );
}

interface Changing {
  readonly principal: Principal;
  readonly params: { readonly id: string };
}

function changeable(source: KeySource, { principal, params }: Changing): Promise<KeySummary> {
  return known(source, { id: params.id, principal, mayAll: principal.roles.includes('admin') });
}

interface Wanted {
  /** The id of a key, or `sp_live_` and the id. */
  readonly id: string;
  readonly principal: Principal;
  readonly mayAll: boolean;
}

/** Throws Problem alike for what is not there and what is not the caller's to see. */
async function known({ keyRing }: KeySource, { id, principal, mayAll }: Wanted): Promise<KeySummary> {
  const meant = /^sp_[a-z0-9]+_([a-z0-9]{8})$/.exec(id)?.[1] ?? id;
  const key = (await keyRing({}).list()).find((one) => one.id === meant && one.tenant === principal.tenant);
  if (key !== undefined && (mayAll || principal.credential === `key:${key.id}`)) return key;
  throw new Problem('not_found', 'There is no such key.');
}

/** Nobody makes a key that may do what their own may not. Undefined: whatever its roles may. */
function narrowed(scopes: readonly string[] | undefined, caller: Principal): readonly string[] | undefined {
  const all = scopes === undefined || scopes.includes('*');
  if (caller.grants === undefined) return all ? undefined : scopes;
  const wider = all ? '*' : scopes.find((scope) => !permits(caller, scope));
  if (wider === undefined) return scopes;
  const own = caller.grants.join(', ');
  throw new Problem(
    'forbidden',
    `Your key is narrowed to ${own}; it cannot make one with the scope ${wider}.`,
  );
}

function lifetimeOf(seconds: number | 'never' | undefined): { expiresAfterMs?: number | 'never' } {
  if (seconds === undefined) return {};
  return { expiresAfterMs: seconds === 'never' ? seconds : seconds * 1000 };
}

async function orProblem<Result>(change: Promise<Result>): Promise<Result> {
  try {
    return await change;
  } catch (cause) {
    if (!(cause instanceof KeyFault)) throw cause;
    const { code, message } = cause;
    if (code === 'unknown') throw new Problem('not_found', 'There is no such key.');
    if (code === 'unrecorded')
      throw new Problem('unrecorded', 'The change could not be recorded, and was not made.');
    throw new Problem(code === 'invalid' ? 'invalid_body' : 'conflict', message);
  }
}
