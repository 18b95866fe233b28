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
