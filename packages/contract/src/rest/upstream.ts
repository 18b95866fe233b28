import { z } from 'zod';

const ms = z.number().describe('milliseconds since the epoch');

const connectionSchema = z
  .strictObject({
    role: z.enum(['main', 'session']),
    pid: z.int().optional(),
    startedAt: ms,
    lastCallAt: ms.optional(),
    memoryBytes: z.number().optional(),
    why: z.string().describe('why it is alive'),
  })
  .meta({ id: 'Connection', description: 'One connection of the gateway to a server.' });

const upstreamSchema = z
  .strictObject({
    id: z.string(),
    transport: z.enum(['stdio', 'http', 'sse']),
    state: z.enum(['starting', 'up', 'down', 'stopped']),
    asleep: z.boolean().optional().describe('it ended for want of calls, and the next call starts it'),
    revision: z.string().optional().describe('of the protocol that is spoken with it'),
    era: z.enum(['legacy', 'modern']).optional(),
    pid: z.int().optional(),
    tools: z.int(),
    restarts: z.int(),
    sessions: z.int(),
    lastCallAt: ms.optional(),
    reason: z.string().optional().describe('why it is down'),
    since: ms.describe('of the last change of state'),
    connections: z.array(connectionSchema),
  })
  .meta({ id: 'Upstream', description: 'The state of one server behind the gateway.' });

export const upstreamListSchema = z
  .strictObject({ count: z.int(), upstreams: z.array(upstreamSchema) })
  .meta({ id: 'UpstreamList', description: 'The servers behind the gateway.' });
