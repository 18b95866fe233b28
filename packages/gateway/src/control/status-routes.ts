import type { z } from 'zod';
import { effectiveConfigSchema, statusSchema } from '#contract';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface StatusSource {
  readonly status: (tenant: string) => Promise<z.input<typeof statusSchema>>;
  /** Without secrets. */
  readonly effectiveConfig: () => z.input<typeof effectiveConfigSchema>;
}

const access = ['auditor', 'operator', 'admin'] as const;

/** How the gateway is, and with which configuration it runs. */
export function statusRoutes({ status, effectiveConfig }: StatusSource): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/v1/status',
        id: 'getStatus',
        resource: 'status',
        summary: 'How the gateway is',
        access,
        replies: { 200: statusSchema },
      },
      async ({ principal: { tenant } }) => ({ status: 200, body: await status(tenant) }),
    ),
    route(
      {
        method: 'get',
        path: '/v1/config',
        id: 'getConfig',
        resource: 'config',
        summary: 'The configuration in effect, without secrets, and where each value comes from',
        access,
        replies: { 200: effectiveConfigSchema },
        problems: ['forbidden'],
      },
      ({ principal: { tenant } }) => {
        if (tenant !== 'default')
          throw new Problem('forbidden', 'The configuration is for operators of the tenant default.');
        return { status: 200, body: effectiveConfig() };
      },
    ),
  ];
}
