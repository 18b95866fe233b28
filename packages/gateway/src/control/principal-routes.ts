import { pageQuery, principalPageSchema } from '#contract';
import { isoTime } from '../lib/clock.js';
import type { Role } from '../model/principal.js';
import { type Route, route } from './rest/route.js';

/** Something by which a principal is known. Times are milliseconds since the epoch. */
export interface KnownCredential {
  readonly principal: string;
  readonly tenant: string;
  readonly kind: 'key' | 'token';
  readonly id: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, string>>;
  readonly lastUsedAt?: number | undefined;
}

export interface PrincipalSource {
  /** Every key and configured token of a tenant. */
  readonly credentials: (tenant: string) => Promise<readonly KnownCredential[]>;
}

/** `/v1/principals`: who may call. Whoever shows a token of another issuer is known only while they call. */
export function principalRoutes({ credentials }: PrincipalSource): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/v1/principals',
        id: 'listPrincipals',
        resource: 'principals',
        summary: 'Who may call, with their roles, labels and credentials',
        access: ['auditor', 'operator', 'admin'],
        query: pageQuery,
        replies: { 200: principalPageSchema },
      },
      async ({ principal: { tenant }, query: { cursor, limit } }) => {
        const all = await credentials(tenant);
        const names = [...new Set(all.map(({ principal }) => principal))].sort();
        const ids = names.filter((id) => cursor === undefined || id > cursor);
        const page = ids.slice(0, limit);
        const last = page.at(-1);
        const next = last !== undefined && ids.length > limit ? { next_cursor: last } : {};
        const principals = page.map((id) => {
          const own = all.filter(({ principal }) => principal === id);
          return { id, tenant, ...principalJson(own) };
        });
        return { status: 200, body: { count: page.length, principals, ...next } };
      },
    ),
  ];
}

function principalJson(all: readonly KnownCredential[]) {
  const active = all.filter(({ state }) => state === 'active');
  const uses = all.flatMap(({ lastUsedAt }) => lastUsedAt ?? []);
  return {
    roles: [...new Set(active.flatMap(({ roles }) => roles))],
    labels: Object.assign({}, ...active.map(({ labels }) => labels)) as Record<string, string>,
    credentials: all.map(({ kind, id, state, lastUsedAt }) => ({
      kind,
      id,
      state,
      last_used: timeOf(lastUsedAt),
    })),
    last_used: uses.length === 0 ? undefined : timeOf(Math.max(...uses)),
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoTime(ms);
}
