import type { z } from 'zod';
import {
  issuedSessionSchema,
  newSessionSchema,
  revokedSessionSchema,
  scopeAnswerSchema,
  scopeCheckSchema,
  sessionPageSchema,
  sessionQuery,
  sessionSchema,
} from '#contract';
import type { SessionDesk } from '../identity/session-desk.js';
import { isSessionToken } from '../identity/session-token.js';
import { SessionFault } from '../identity/session-wish.js';
import type { Clock } from '../lib/clock.js';
import { microsOf } from '../lib/micros.js';
import type { Principal, Role } from '../model/principal.js';
import { holdsScope, type Session, type SessionBudget, sessionScopes } from '../model/session.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';
import { endOf, membersByWish, sessionJson, shownScopes } from './session-json.js';

export interface SessionSource {
  readonly sessions: Pick<
    SessionDesk,
    'create' | 'find' | 'findToEnd' | 'isWithin' | 'look' | 'list' | 'revoke'
  >;
  /** What is left of a budget of a session, in micro-dollars. */
  readonly leftOfSession: (budget: SessionBudget) => bigint;
  readonly clock: Clock;
}

type Shown = z.input<typeof sessionSchema>;

const resource = 'sessions';
const makers: readonly Role[] = ['agent', 'operator', 'admin'];
const overseers: readonly Role[] = ['auditor', 'operator', 'admin'];
const enders: readonly Role[] = ['operator', 'admin'];

/** `/v1/sessions`: bounded licences for agents. Each belongs to the key that made it; operators see all of their tenant. */
export function sessionRoutes(source: SessionSource): Route[] {
  return [createRoute(source), listRoute(source), showRoute(source), revokeRoute(source), checkRoute(source)];
}

function createRoute({ sessions }: SessionSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/sessions',
      id: 'createSession',
      resource,
      summary: 'Makes a session; its token is shown this once',
      access: makers,
      body: newSessionSchema,
      replies: { 201: issuedSessionSchema },
      problems: ['session_invalid', 'unrecorded'],
    },
    async ({ principal, body }) => {
      const { agent_id: agent, ttl: ttlSeconds, spend_limit: budget, scopes, labels } = body;
      const parent = parentOf(principal, body.parent, sessions);
      const wish = { agent, scopes, ttlSeconds, budget, labels };
      const { token, session } = await sessions.create(principal, wish, { parent }).catch(refuse);
      const scopesShown = shownScopes(session);
      const issued = { session_id: token, id: session.id, agent_id: agent, scopes: scopesShown };
      return { status: 201, body: { ...issued, ...endOf(session) } };
    },
  );
}

/** Whoever works in a session makes others out of that one, or one within it, only. */
function parentOf(
  principal: Principal,
  named: string | undefined,
  sessions: SessionSource['sessions'],
): Session | undefined {
  const { session: current } = principal;
  if (named === undefined && current === undefined) return undefined;
  // Its id stands in records and lists, and is no licence.
  const isShown = named === undefined || isSessionToken(named);
  const parent = isShown ? sessions.find(named ?? current?.id ?? '', principal) : undefined;
  const isInside = parent !== undefined && (current === undefined || sessions.isWithin(parent, current.id));
  if (isInside) return parent;
  throw new Problem('session_invalid', 'The session that it is to be delegated from is not valid.');
}

function refuse(cause: unknown): never {
  if (!(cause instanceof SessionFault)) {
    throw new Problem('unrecorded', 'The session could not be recorded, so it was not made.', {
      retryAfterSeconds: 5,
    });
  }
  const path = membersByWish[cause.member];
  const detail = `${path}: ${cause.message}`;
  throw new Problem('invalid_body', detail, { errors: [{ path, detail: cause.message }] });
}

function listRoute(source: SessionSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/sessions',
      id: 'listSessions',
      resource,
      summary: 'The sessions of this key, or for operators all of the tenant; newest first',
      access: [...makers, 'auditor'],
      query: sessionQuery,
      replies: { 200: sessionPageSchema },
    },
    ({ principal, query: { limit, cursor, state } }) => {
      const { tenant } = principal;
      const owner = hasRole(principal, overseers) ? undefined : principal;
      const valid = state === 'valid' ? { validAt: source.clock.now() } : {};
      const found = source.sessions.list({ tenant, ...valid, before: cursor, limit }, owner);
      const last = found.at(-1);
      const next = last !== undefined && found.length === limit ? { next_cursor: last.id } : {};
      const shown = found.map((session) => shownSession(session, source));
      return { status: 200, body: { count: shown.length, sessions: shown, ...next } };
    },
  );
}

function showRoute(source: SessionSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/sessions/{id}',
      id: 'getSession',
      resource,
      summary: 'One session, and what is left of its budget',
      access: [...makers, 'auditor'],
      replies: { 200: sessionSchema },
      problems: ['not_found'],
    },
    ({ principal, params: { id } }) => {
      const session = visible(principal, id, { source, roles: overseers });
      return { status: 200, body: { session_id: id, ...shownSession(session, source) } };
    },
  );
}

function revokeRoute(source: SessionSource): Route {
  return route(
    {
      method: 'delete',
      path: '/v1/sessions/{id}',
      id: 'revokeSession',
      resource,
      summary: 'Ends a session at once, with all that were delegated from it',
      access: makers,
      replies: { 200: revokedSessionSchema },
      problems: ['not_found', 'stopped_unrecorded'],
    },
    async ({ principal, params: { id } }) => {
      const own = source.sessions.findToEnd(id, principal);
      const session = own ?? visible(principal, id, { source, roles: enders });
      const revoked = await source.sessions.revoke(session, principal.id).catch(() => {
        const detail = 'The session is revoked, but that could not be recorded.';
        throw new Problem('stopped_unrecorded', detail);
      });
      if (!revoked) throw noSuchSession();
      return { status: 200, body: { revoked: true, session_id: id } };
    },
  );
}

function checkRoute(source: SessionSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/sessions/{id}/check',
      id: 'checkSession',
      resource,
      summary: 'Whether a session has a scope',
      access: [...makers, 'auditor'],
      body: scopeCheckSchema,
      replies: { 200: scopeAnswerSchema },
      problems: ['not_found'],
    },
    ({ principal, params: { id }, body: { scope } }) => {
      const session = visible(principal, id, { source, roles: overseers });
      const allowed = isAllowed(session, scope, source);
      return { status: 200, body: { allowed, session_id: id, scope } };
    },
  );
}

function isAllowed(session: Session, text: string, { clock, leftOfSession }: SessionSource): boolean {
  const [name, amount, ...more] = text.split(':');
  const scope = sessionScopes.find((known) => known === name);
  const micros = amount === undefined ? 0n : microsOf(amount);
  const hasAmount = amount === undefined || (scope === 'spend' && more.length === 0);
  if (scope === undefined || micros === undefined || !hasAmount) {
    const detail = `found ${JSON.stringify(text)}; expected ${sessionScopes.join(', ')}, or spend:AMOUNT`;
    throw new Problem('invalid_body', `scope: ${detail}`, { errors: [{ path: 'scope', detail }] });
  }
  const { revokedAt, expiresAt } = session;
  if (revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= clock.now())) return false;
  if (!holdsScope(session.scopes, [scope])) return false;
  return session.budgets.every((budget) => micros <= leftOfSession(budget));
}

interface Sight {
  readonly source: SessionSource;
  /** Who may see those of others, by their ids. */
  readonly roles: readonly Role[];
}

/** Throws Problem: what is over, revoked, of another key or not there is not there. */
function visible(principal: Principal, id: string, { source, roles }: Sight): Session {
  const own = source.sessions.find(id, principal);
  if (own !== undefined) return own;
  const isName = id.startsWith('sn_') && hasRole(principal, roles);
  const session = isName ? source.sessions.look(id, principal.tenant) : undefined;
  if (session === undefined) throw noSuchSession();
  return session;
}

function noSuchSession(): Problem {
  return new Problem('not_found', 'There is no such session, or it is over.');
}

function shownSession(session: Session, { clock, leftOfSession }: SessionSource): Shown {
  return sessionJson(session, { now: clock.now(), leftOf: leftOfSession });
}

function hasRole({ roles }: Principal, wanted: readonly Role[]): boolean {
  return roles.some((role) => wanted.includes(role));
}
