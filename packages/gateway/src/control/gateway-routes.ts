import { aliveSchema, compatHealthSchema, readinessSchema, upstreamListSchema } from '#contract';
import type { UpstreamDetails } from '../model/upstream.js';
import { type Route, route } from './rest/route.js';

export interface Readiness {
  readonly ready: boolean;
  /** What is checked, and why it is not ready, in sentences without secrets. */
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

export interface ListedUpstream extends UpstreamDetails {
  readonly source: 'file' | 'api';
}

export interface GatewaySource {
  readonly readiness: () => Readiness;
  /** Those that are there for a tenant. */
  readonly upstreams: (tenant: string) => Promise<readonly ListedUpstream[]>;
}

/** How the gateway and the servers behind it are. */
export function gatewayRoutes({ readiness, upstreams }: GatewaySource): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/livez',
        id: 'isAlive',
        resource: 'operations',
        summary: 'Whether the process answers',
        access: 'anyone',
        replies: { 200: aliveSchema },
      },
      () => ({ status: 200, body: { alive: true } }),
    ),
    compatHealthRoute(),
    route(
      {
        method: 'get',
        path: '/readyz',
        id: 'isReady',
        resource: 'operations',
        summary: 'Whether calls are decided, recorded and answered',
        access: 'anyone',
        replies: { 200: readinessSchema, 503: readinessSchema },
      },
      () => {
        const found = readiness();
        return found.ready ? { status: 200, body: found } : { status: 503, body: found };
      },
    ),
    route(
      {
        method: 'get',
        path: '/v1/upstreams',
        id: 'listUpstreams',
        resource: 'upstreams',
        summary: 'The servers behind the gateway, and what runs of them',
        access: ['auditor', 'operator', 'admin'],
        replies: { 200: upstreamListSchema },
      },
      async ({ principal }) => {
        const all = await upstreams(principal.tenant);
        return { status: 200, body: { count: all.length, upstreams: all } };
      },
    ),
  ];
}

function compatHealthRoute(): Route {
  return route(
    {
      method: 'get',
      path: '/health',
      id: 'getCompatHealth',
      resource: 'compatibility',
      summary: 'Whether the process answers, where mcp-governance-proxy says it',
      access: 'anyone',
      replies: { 200: compatHealthSchema },
    },
    () => ({ status: 200, body: { status: 'ok', service: 'sallyport' } }),
  );
}
