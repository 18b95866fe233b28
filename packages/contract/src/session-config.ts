import { z } from 'zod';

/** How the sessions with one legacy server are kept; a server of 2026-07-28 or later has none. */
export const sessionSettings = {
  sessions: z
    .enum(['principal', 'client', 'shared'])
    .default('principal')
    .describe(
      'who shares a session with a server that keeps one: the clients of one caller, nobody, or all callers',
    ),
  idleSeconds: z
    .number()
    .positive()
    .max(604_800)
    .default(600)
    .describe('how long a session without calls is kept'),
  maxSessions: z.int().min(1).max(10_000).default(64).describe('sessions with it at a time'),
  maxSessionsPerPrincipal: z.int().min(1).max(10_000).default(16).describe('of these, those of one caller'),
};

/** For programs only: whether the one that lists is stopped, too. */
export const stopWhenIdleSchema = z
  .boolean()
  .default(false)
  .describe('true stops the program when there were no calls for idleSeconds; the next call starts it');

/** Which transport is spoken with a URL. */
export const transportSchema = z
  .enum(['http', 'sse'])
  .default('http')
  .describe(
    'http: Streamable HTTP, or HTTP+SSE where the server speaks only that; sse: HTTP+SSE of 2024-11-05',
  );
