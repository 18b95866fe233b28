import { z } from 'zod';
import { timeSchema } from './page.js';
import { dollars } from './session.js';

/** The kinds of approval rules that Haldir has. */
export const approvalRuleKinds = ['spend_over', 'tool_blocked', 'destructive', 'all'] as const;

const tools = z.array(z.string().min(1).max(256)).max(1000);

export const compatApprovalRuleSchema = z
  .strictObject({
    type: z.enum(approvalRuleKinds),
    threshold: z
      .number()
      .min(0)
      .optional()
      .describe('of spend_over: the largest amount that nobody is asked about'),
    tools: tools.optional().describe('the tools that it is about; by default, and where there are none, all'),
  })
  .meta({ id: 'CompatApprovalRule', description: 'When a person must be asked, as Haldir writes it.' });

export const compatAddedRuleSchema = z
  .looseObject({ added: z.literal(true), id: z.string(), type: z.string() })
  .meta({ id: 'CompatAddedRule', description: 'A rule with the id that it got.' });

export const compatApprovalRulesSchema = z
  .strictObject({ count: z.int(), rules: z.array(z.looseObject({ id: z.string(), type: z.string() })) })
  .meta({ id: 'CompatApprovalRules' });

export const compatApprovalRequestSchema = z
  .strictObject({
    session_id: z
      .string()
      .max(128)
      .optional()
      .describe('token of the session; or send it in Sallyport-Session'),
    tool: z
      .string()
      .min(1)
      .max(256)
      .describe('its name, or upstream.name; also something that is no tool here'),
    action: z.string().max(128).default('').describe('what is to be done with it, in a word'),
    amount: dollars.default(0).describe('what it costs, in dollars'),
    reason: z.string().max(1024).default('').describe('why, for the person who is asked'),
    details: z.record(z.string(), z.unknown()).optional().describe('what else the person is to see'),
    ttl: z.int().min(60).max(2_592_000).default(3600).describe('seconds; never longer than the rules allow'),
    arguments: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('of the call: a yes is then for exactly that call, once; without them it opens no call'),
  })
  .meta({ id: 'CompatApprovalWish', description: 'What a person is asked beforehand.' });

const status = z.enum(['pending', 'approved', 'denied', 'expired']);
const requestId = z.string().describe('apr_…: the hold with hold_ in its place');

export const compatRequestedSchema = z
  .strictObject({
    request_id: requestId,
    status: status.describe('of a request that was there already, how it stands'),
    expires_at: timeSchema,
    expires_at_unix: z.int(),
  })
  .meta({ id: 'CompatRequested', description: 'What a person was asked.' });

const shown = {
  request_id: requestId,
  agent_id: z.string(),
  tool: z.string(),
  action: z.string(),
  amount: z.string().describe('dollars, as decimal text'),
  reason: z.string(),
  created_at: timeSchema,
};

export const compatPendingSchema = z
  .strictObject({ count: z.int(), requests: z.array(z.strictObject(shown)) })
  .meta({ id: 'CompatPending', description: 'What waits for a person, newest first.' });

export const compatRequestSchema = z
  .strictObject({
    ...shown,
    status,
    session_id: z.string().nullable().describe('the id of the session, never its token'),
    details: z.unknown().describe('of a call its arguments'),
    expires_at: timeSchema,
    expires_at_unix: z.int(),
    decided_at: timeSchema.optional(),
    decided_by: z.string().optional().describe('whose credential answered last; not for agents'),
    decision_note: z.string().optional().describe('not for agents'),
  })
  .meta({ id: 'CompatApproval', description: 'A hold that is asked for by its apr_ id.' });

export const compatDecidedSchema = z
  .strictObject({
    approved: z.boolean().optional().describe('false: more people must say yes'),
    denied: z.literal(true).optional(),
    request_id: requestId,
    status,
  })
  .meta({ id: 'CompatDecided', description: 'The answer to a request that is named by its apr_ id.' });
