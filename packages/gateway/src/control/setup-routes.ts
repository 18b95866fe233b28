import { firstKeySchema, setupSchema } from '#contract';
import type { IssuedKey } from '../identity/key-ring.js';
import { isoTime } from '../lib/clock.js';
import { tooManyFailures, type WrongToken } from './rest/admit.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface FirstKeyOrder {
  readonly token: string;
  readonly principal: string;
  /** Address of the peer. */
  readonly source: string;
}

export interface SetupSource {
  /** Makes the first key for whoever has the token, once, and records it; else how long to wait, where that is said. */
  readonly firstKey: (order: FirstKeyOrder) => Promise<IssuedKey | WrongToken>;
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
        problems: ['forbidden', 'too_many_failures'],
      },
      async ({ body, context }) => {
        const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
        const made = await firstKey({ ...body, source });
        if (!('key' in made)) throw refusal(made);
        const { id, principal, expiresAt = 0 } = made.key;
        return { status: 201, body: { id, key: made.text, principal, expires_at: isoTime(expiresAt) } };
      },
    ),
  ];
}

function refusal({ retryAfterSeconds }: WrongToken): Problem {
  const detail = 'The token is not right, or not good any more: it is printed at the start.';
  return retryAfterSeconds === undefined
    ? new Problem('forbidden', detail)
    : tooManyFailures(detail, retryAfterSeconds);
}
