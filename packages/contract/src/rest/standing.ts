import { z } from 'zod';
import { pageOf, timeSchema } from './page.js';

export const standingSchema = z
  .strictObject({
    id: z.string(),
    hold: z.string().describe('the held call that it was made from'),
    caller: z.string(),
    upstream: z.string(),
    method: z.string(),
    target: z.string(),
    values: z
      .record(z.string(), z.array(z.string()))
      .describe('for each argument the JSON texts that it may have'),
    policyRevision: z.string().describe('it counts under this revision of the policy only'),
    by: z.string(),
    note: z.string().optional(),
    createdAt: timeSchema,
    until: timeSchema,
    calls: z.int(),
    callsLeft: z.int(),
    revokedAt: timeSchema.optional(),
    revokedBy: z.string().optional(),
  })
  .meta({ id: 'StandingApproval', description: 'A yes given beforehand to so many calls, for so long.' });

export const standingPageSchema = pageOf('standing_approvals', standingSchema).meta({
  id: 'StandingApprovalPage',
  description: 'What was approved beforehand, newest first.',
});

export const newStandingSchema = z
  .strictObject({
    hold: z.string().max(512),
    minutes: z.int().min(1).max(1440).describe('how long it counts'),
    calls: z.int().min(1).max(1000).describe('how many calls it is for'),
    values: z
      .record(z.string().max(512), z.array(z.unknown()).max(50))
      .optional()
      .describe('further values that an argument may have besides that of the hold'),
    note: z.string().max(4096).optional(),
  })
  .meta({ id: 'NewStandingApproval', description: 'What is to be approved beforehand.' });
