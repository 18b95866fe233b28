import { z } from 'zod';
import { pageOf, timeSchema } from './page.js';
import { readinessSchema } from './probe.js';

const counts = z.record(z.string(), z.int());

export const statusSchema = z
  .strictObject({
    version: z.string(),
    started_at: timeSchema,
    uptime_seconds: z.number(),
    ready: z.boolean(),
    checks: readinessSchema.shape.checks,
    upstreams: counts.describe('how many are in each state'),
    journal: z
      .strictObject({ ok: z.boolean(), lag_bytes: z.int(), fault: z.string().optional() })
      .describe('whether records are kept, and how much of them queries do not see yet'),
    holds: z.strictObject({ pending: z.int() }),
    keys: counts.describe('how many are in each state'),
    pins: z.strictObject({ waiting: z.int() }).describe('definitions that somebody has to decide on'),
  })
  .meta({ id: 'Status', description: 'How the gateway is.' });

export const effectiveConfigSchema = z
  .strictObject({
    file: z.string().optional(),
    config: z.looseObject({}).describe('what is in effect, without secrets'),
    origins: z.record(z.string(), z.string()).describe('where each value comes from, by its path'),
  })
  .meta({ id: 'EffectiveConfig', description: 'The configuration in effect.' });

export const toolPageSchema = pageOf(
  'tools',
  z
    .looseObject({
      name: z.string().describe('by which callers know it'),
      upstream: z.string(),
      digest: z.string().describe('of the definition'),
      title: z.string().optional(),
      description: z.string().optional(),
      inputSchema: z.looseObject({}),
      annotations: z.looseObject({}).optional(),
    })
    .meta({
      id: 'Tool',
      description: 'A tool as the gateway offers it; the definition is the upstream’s own.',
    }),
).meta({ id: 'ToolPage', description: 'The tools that the caller may see.' });
