import type { SessionWish } from '../identity/session-wish.js';
import { isoTime } from '../lib/clock.js';
import { formatMicros } from '../lib/micros.js';
import type { Session, SessionBudget } from '../model/session.js';

/** What the parts of a wish are called in bodies. */
export const membersByWish: Readonly<Record<keyof SessionWish, string>> = {
  agent: 'agent_id',
  scopes: 'scopes',
  ttlSeconds: 'ttl',
  budget: 'spend_limit',
  labels: 'labels',
};

export interface SessionStanding {
  readonly now: number;
  /** What is left of a budget of the session, in micro-dollars. */
  readonly leftOf: (budget: SessionBudget) => bigint;
}

/** A session for whoever may see it: never its token. Amounts are decimal texts in dollars. */
export function sessionJson(session: Session, { now, leftOf }: SessionStanding) {
  const { id, agent, labels, createdAt, expiresAt, revokedAt, parent, budgets } = session;
  const own = budgets.find((budget) => budget.session === id);
  const lefts = budgets.map((budget) => leftOf(budget));
  return {
    id,
    agent_id: agent,
    principal: session.principal,
    credential: session.credential,
    scopes: shownScopes(session),
    labels: { ...labels },
    is_valid: revokedAt === undefined && (expiresAt === undefined || now < expiresAt),
    created_at: secondsTime(createdAt),
    ...endOf(session),
    ...(revokedAt === undefined ? {} : { revoked_at: secondsTime(revokedAt) }),
    ...(parent === undefined ? {} : { parent }),
    ...(own === undefined ? {} : { spend_limit: formatMicros(own.micros) }),
    ...(own === undefined ? {} : { spent: formatMicros(own.micros - leftOf(own)) }),
    ...(lefts.length === 0 ? {} : { remaining_budget: formatMicros(leastOf(lefts)) }),
    budgets: budgets.map((budget) => budgetJson(budget, leftOf(budget))),
  };
}

/** When it ends, as text and as number; null for one that does not end by itself. */
export function endOf({ expiresAt }: Session): { expires_at: string | null; expires_at_unix: number | null } {
  if (expiresAt === undefined) return { expires_at: null, expires_at_unix: null };
  return { expires_at: secondsTime(expiresAt), expires_at_unix: Math.floor(expiresAt / 1000) };
}

/** As they are asked for: the budget stands with `spend`. */
export function shownScopes({ id, scopes, budgets }: Session): string[] {
  const own = budgets.find(({ session }) => session === id);
  return scopes.map((scope) =>
    scope === 'spend' && own !== undefined ? `spend:${formatMicros(own.micros)}` : scope,
  );
}

/** A budget lasts as long as its session and does not begin anew. */
function budgetJson({ session, micros, until }: SessionBudget, left: bigint) {
  return {
    session,
    limit: formatMicros(micros),
    remaining: formatMicros(left),
    resets_at: null,
    ends_at: until === undefined ? null : secondsTime(until),
  };
}

function leastOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((least, amount) => (amount < least ? amount : least));
}

function secondsTime(ms: number): string {
  return isoTime(ms).replace(/\.\d{3}Z$/, 'Z');
}
