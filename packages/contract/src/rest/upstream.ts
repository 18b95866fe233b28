import { z } from 'zod';
import { httpUpstreamSchema } from '../config.js';
import { describedMembers } from './described.js';
import { pageOf, timeSchema } from './page.js';

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
    source: z.enum(['file', 'api']).describe('what comes from the file is not changed over REST'),
  })
  .meta({ id: 'Upstream', description: 'The state of one server behind the gateway.' });

export const upstreamListSchema = z
  .strictObject({ count: z.int(), upstreams: z.array(upstreamSchema) })
  .meta({ id: 'UpstreamList', description: 'The servers behind the gateway.' });

const note = z.string().max(1024).optional().describe('why, for the record');
const settings = {
  ...describedMembers(httpUpstreamSchema.shape),
  command: z
    .never({
      error: 'starts a program, which nothing over REST does; write the upstream into the configuration file',
    })
    .optional()
    .describe('nothing: no program is started over REST'),
};

export const upstreamDraftSchema = z
  .strictObject({ ...settings, note })
  .meta({ id: 'UpstreamDraft', description: 'An upstream over HTTP as in the configuration file.' });

export const newUpstreamSchema = z
  .strictObject({ id: z.string().max(32).describe('of a-z, 0-9 and "-"'), ...settings, note })
  .meta({ id: 'NewUpstream', description: 'An upstream over HTTP that is made under an id of its own.' });

export const upstreamTrialSchema = z.strictObject(settings).meta({
  id: 'UpstreamTrial',
  description: 'What an upstream is tried with; nothing stands for what is in force.',
});

export const upstreamDocumentSchema = z
  .strictObject({
    id: z.string(),
    source: z.enum(['file', 'api']),
    settings: z.looseObject({}).describe('as in the configuration file; what may be secret is masked'),
    revision: z.string().optional().describe('content hash, of what was made over REST'),
    version: z.int().optional(),
    at: z.string().optional(),
    by: z.string().optional(),
    note: z.string().optional(),
    status: upstreamSchema.optional().describe('absent where it is not enabled'),
  })
  .meta({
    id: 'UpstreamDocument',
    description: 'A server behind the gateway, how it is reached and how it is.',
  });

const upstreamVersionSchema = z
  .strictObject({
    version: z.int(),
    revision: z.string(),
    at: timeSchema,
    by: z.string(),
    note: z.string().optional(),
    removed: z.boolean().optional().describe('the upstream ended with this version'),
    settings: z.looseObject({}).optional(),
  })
  .meta({ id: 'UpstreamVersion', description: 'A version of an upstream that was made over REST.' });

export const upstreamHistorySchema = pageOf('versions', upstreamVersionSchema).meta({
  id: 'UpstreamHistory',
  description: 'The versions of an upstream, newest first.',
});

export const upstreamTestSchema = z
  .strictObject({
    state: z.enum(['starting', 'up', 'down', 'stopped']),
    transport: z.enum(['stdio', 'http', 'sse']),
    revision: z.string().optional(),
    era: z.enum(['legacy', 'modern']).optional(),
    reason: z.string().optional().describe('why it is down'),
    tools: z.array(z.string()),
    prompts: z.array(z.string()),
    resources: z.array(z.string()),
  })
  .meta({ id: 'UpstreamTest', description: 'What a server answers and offers; nothing was kept of it.' });
