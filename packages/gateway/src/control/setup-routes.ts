import { firstKeySchema, setupSchema } from '#contract';
import type { IssuedKey } from '../identity/key-ring.js';
import { isoTime } from '../lib/clock.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface FirstKeyOrder {
  readonly token: string;
  readonly principal: string;
  /** Address of the peer. */
  readonly source: string;
}

export interface SetupSource {
  /** Makes the first key for whoever has the token, once, and records it; undefined for everybody else. */
  readonly firstKey: (order: FirstKeyOrder) => Promise<IssuedKey | undefined>;
}

/** `/v1/setup`: how a gateway that nobody has a key for gets its first. */
export function setupRoutes({ firstKey }: SetupSource): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/v1/setup',
        id: 'setUp',
        resource: 'keys',
        summary: 'Exchange the token that a new gateway prints for its first key',
        description:
          'The token is good once, for an hour, and only while there has never been a key. The key has the role admin.',
        access: 'anyone',
        body: setupSchema,
        replies: { 201: firstKeySchema },
        problems: ['forbidden'],
      },
      async ({ body, context }) => {
        const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
        const made = await firstKey({ ...body, source });
        if (made === undefined)
          throw new Problem(
            'forbidden',
            'The token is not right, or not good any more: it is printed at the start.',
          );
        const { id, principal, expiresAt = 0 } = made.key;
        return { status: 201, body: { id, key: made.text, principal, expires_at: isoTime(expiresAt) } };
      },
    ),
  ];
}
