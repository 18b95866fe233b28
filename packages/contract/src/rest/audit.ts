import { z } from 'zod';
import { pageOf, pageQuery, timeSchema } from './page.js';

const text = z.string().max(512).optional();

const instant = z
  .string()
  .max(64)
  .refine((time) => !Number.isNaN(Date.parse(time)), { message: 'is no time such as 2026-11-20T08:00:00Z' });

export const recordQuery = {
  ...pageQuery,
  order: z.enum(['asc', 'desc']).default('desc').describe('newest first, or oldest first'),
  type: z.string().max(2048).optional().describe('types of records, separated by commas'),
  call: text.describe('the records of one call'),
  caller: text.describe('the principal that called'),
  tool: text,
  upstream: text,
  effect: z.enum(['allow', 'ask', 'deny', 'hide']).optional(),
  rule: text,
  since: instant.optional().describe('from then on'),
  until: instant.optional().describe('before then'),
};

const recordSchema = z
  .looseObject({
    id: z.int().describe('its place in the trail'),
    type: z.string(),
    at: timeSchema,
    writer: z.string(),
    tenant: z.string(),
    content: z
      .strictObject({ args: z.string().optional(), result: z.string().optional() })
      .describe('JSON texts of what was kept of the content of the call'),
  })
  .meta({ id: 'AuditRecord', description: 'One event of the audit trail.' });

export const recordPageSchema = pageOf('records', recordSchema).meta({
  id: 'AuditRecordPage',
  description: 'Records of the audit trail.',
});

export const entryQuery = {
  ...pageQuery,
  session_id: text,
  agent_id: text.describe('the agent of the session, or the principal that called'),
  tool: text,
  upstream: text,
  status: z.enum(['allowed', 'denied']).optional(),
  since: instant.optional().describe('from then on'),
  until: instant.optional().describe('before then'),
};

export const entryPageSchema = pageOf(
  'entries',
  z
    .strictObject({
      id: z.string().describe('of the call'),
      timestamp: timeSchema,
      session_id: z.string().nullable(),
      agent_id: z.string().nullable(),
      principal: z.string().nullable(),
      action: z.string().describe('the method, such as tools/call'),
      tool: z.string().nullable(),
      arguments: z.unknown().describe('as far as they are kept'),
      upstream: z.string().nullable(),
      status: z.enum(['allowed', 'denied', 'held']),
      outcome: z.string().optional().describe('executed, refused or unknown; absent while it runs'),
      policy: z.string().optional().describe('the rule that decided'),
      code: z.string().optional().describe('why it was refused'),
      detail: z.string().optional(),
      latency_ms: z.number().nullable(),
      cost_usd: z.number(),
    })
    .meta({ id: 'AuditEntry', description: 'One call.' }),
).meta({ id: 'AuditEntryPage', description: 'Calls, newest first.' });

export const spendQuery = {
  session_id: text,
  agent_id: text,
  since: instant.optional(),
  until: instant.optional(),
};

const usd = z.number().describe('US dollars');

export const spendSchema = z
  .strictObject({
    total_usd: usd,
    action_count: z.int().describe('calls that cost something'),
    by_tool: z.record(z.string(), usd),
  })
  .meta({ id: 'Spend', description: 'What calls cost: what was reserved, until it is known.' });
