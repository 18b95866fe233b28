import { z } from 'zod';
import { pageOf, timeSchema } from './page.js';

export const holdStateSchema = z.enum([
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'stale',
  'used',
]);

const voteSchema = z.looseObject({
  by: z.string(),
  verdict: z.enum(['approve', 'deny']),
  channel: z.string().describe('where it was given'),
  at: timeSchema,
  note: z.string().optional(),
});

/** What the one who asked sees; approvers see more. */
export const approvalSchema = z
  .looseObject({
    id: z.string(),
    state: holdStateSchema,
    bind: z.string().describe('digest of everything that an answer is bound to'),
    upstream: z.string(),
    method: z.string(),
    target: z.string().describe('the tool, as callers know it'),
    arguments: z.unknown(),
    reason: z.string(),
    cost: z.string().optional().describe('decimal text and unit'),
    confirmed: z.boolean().optional().describe('a form at the client said that its user wants the call'),
    asked: z
      .strictObject({ action: z.string(), amount: z.string(), reason: z.string() })
      .optional()
      .describe('what the caller said when it asked beforehand'),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    decidedAt: timeSchema.optional(),
    caller: z.string().optional(),
    credential: z.string().optional(),
    owner: z.string().optional(),
    rule: z.string().optional(),
    policyRevision: z.string().optional(),
    definitionDigest: z.string().optional(),
    terms: z.looseObject({}).optional(),
    votes: z.array(voteSchema).optional(),
    usedBy: z.string().optional().describe('the call that used it'),
  })
  .meta({ id: 'Approval', description: 'A call that waits, or waited, for a person.' });

export const approvalPageSchema = pageOf('approvals', approvalSchema).meta({
  id: 'ApprovalPage',
  description: 'Held calls, newest first.',
});

const text = z.string().max(4096);

export const answerSchema = z
  .strictObject({
    bind: text.optional().describe('of what was seen: an answer to anything else does not count'),
    note: text.optional(),
    arguments: z
      .looseObject({})
      .optional()
      .describe('with a yes: arguments to run the call with instead, as a call of its own'),
    decided_by: text.optional().describe('taken and not believed: who answers is whose key it is'),
  })
  .meta({ id: 'ApprovalAnswer', description: 'An answer to a held call.' });

export const approvalResultSchema = z
  .strictObject({
    id: z.string(),
    call: z.string(),
    outcome: z.string(),
    result: z.unknown().optional().describe('what the tool returned, as it came'),
    error: z.looseObject({}).optional(),
  })
  .meta({ id: 'ApprovalResult', description: 'What a call returned that the gateway made for its caller.' });

const entries = z.array(z.unknown());

export const approvalViewSchema = z
  .strictObject({
    id: z.string(),
    bind: z.string().describe('what an answer is for; it goes back with the answer'),
    state: holdStateSchema,
    createdAt: timeSchema,
    expiresAt: timeSchema,
    decidedAt: timeSchema.optional(),
    facts: entries.describe('what the gateway itself knows'),
    arguments: entries.describe(
      'every value of the arguments, and what changed since the last approved call',
    ),
    comparedWith: z.strictObject({ id: z.string(), at: timeSchema }).optional(),
    claims: entries.describe('provided by the upstream, not verified'),
    history: z.unknown().describe('what the caller did lately'),
    needs: z.unknown().describe('what is needed for a yes'),
    votes: entries,
  })
  .meta({ id: 'ApprovalView', description: 'What an approver is shown; all text is safe to show.' });

export const undeliveredSchema = z
  .strictObject({
    count: z.int(),
    undelivered: z.array(
      z.strictObject({
        channel: z.string(),
        hold: z.string(),
        attempts: z.int(),
        at: timeSchema.describe('of the last one'),
        fault: z.string(),
      }),
    ),
  })
  .meta({ id: 'Undelivered', description: 'What channels could not be told, and are not told any more.' });

/** As mcp-governance-proxy documents it. */
export const compatHoldsSchema = z
  .strictObject({
    holds: z.array(
      z.strictObject({
        id: z.string(),
        tool: z.string(),
        arguments: z.unknown(),
        client_id: z.string(),
        reason: z.string(),
        metadata: z.looseObject({}),
      }),
    ),
  })
  .meta({ id: 'CompatHolds', description: 'What waits, oldest first.' });

export const compatAnswerSchema = z
  .looseObject({ status: z.string(), hold_id: z.string() })
  .meta({ id: 'CompatAnswer', description: 'What became of the hold, and of its call where it was made.' });
