import { z } from 'zod';

/** What a credential can be narrowed to: each resource with the actions that it has. */
export const grantable = {
  mcp: ['call'],
  approvals: ['read', 'decide'],
  audit: ['read'],
  budgets: ['read', 'write'],
  config: ['read'],
  keys: ['read', 'write'],
  kill: ['read', 'write'],
  limits: ['read', 'write'],
  pins: ['read', 'decide'],
  policies: ['read', 'write'],
  principals: ['read', 'write'],
  sessions: ['read', 'write'],
  status: ['read'],
  tools: ['read', 'call'],
  upstreams: ['read', 'write'],
} as const;

type Grantable = typeof grantable;

/** One thing that a route or a face needs. */
export type Need = { [R in keyof Grantable]: `${R}:${Grantable[R][number]}` }[keyof Grantable];

/** `resource:action`, of which each may be `*`: `audit:read`, `keys:*`, `*:read`. */
export const grantSchema = z
  .string()
  .refine(isGrant, {
    error: 'expected resource:action, each of which may be *: audit:read, approvals:decide, *:read',
  })
  .describe('resource:action, each of which may be *: audit:read, approvals:decide, *:read');

/** Whether a text is a grant that covers anything at all. */
export function isGrant(text: string): boolean {
  const [resource = '', action = '', ...more] = text.split(':');
  if (more.length > 0) return false;
  const known: Readonly<Record<string, readonly string[]>> = grantable;
  const actions =
    resource === '*'
      ? Object.values(known).flat()
      : Object.hasOwn(known, resource)
        ? known[resource]
        : undefined;
  return actions !== undefined && (action === '*' || actions.includes(action));
}
