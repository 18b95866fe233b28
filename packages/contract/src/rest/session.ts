import { z } from 'zod';
import { pageOf, pageQuery, timeSchema } from './page.js';

/** Decimal text or a number, in dollars. */
export const dollars = z
  .union([z.string().regex(/^\d{1,13}(\.\d{1,6})?$/), z.number().min(0).max(9_000_000)])
  .describe('dollars: decimal text such as "12.50", or a number');
const amount = z.string().describe('dollars, as decimal text');
const token = z.string().min(1).max(128);

export const newSessionSchema = z
  .strictObject({
    agent_id: z.string().min(1).max(128).describe('the agent it is for, as records name it'),
    scopes: z
      .array(z.string().max(64))
      .min(1)
      .max(32)
      .optional()
      .describe(
        'read, write, execute, browse, send, delete, spend, admin, or spend:AMOUNT; by default read and browse',
      ),
    ttl: z
      .int()
      .min(0)
      .max(2_592_000)
      .optional()
      .describe('how many seconds it lasts, an hour by default; 0: no end, where the operator allows it'),
    spend_limit: dollars.optional().describe('what its calls may cost; goes before what spend: says'),
    labels: z.record(z.string().min(1), z.string()).optional().describe('labels for rules'),
    parent: token.optional().describe('token of the session that it is delegated from'),
  })
  .meta({ id: 'NewSession', description: 'What a session is asked for.' });

const end = {
  expires_at: timeSchema.nullable().describe('null: it does not end by itself'),
  expires_at_unix: z.int().nullable().describe('the same in seconds since 1970'),
};

export const issuedSessionSchema = z
  .strictObject({
    session_id: z.string().describe('the token, shown this once'),
    id: z.string().describe('names the session in records and lists'),
    agent_id: z.string(),
    scopes: z.array(z.string()),
    ...end,
  })
  .meta({ id: 'IssuedSession', description: 'A session right after it was made.' });

const budgetSchema = z.strictObject({
  session: z.string().describe('the session whose budget it is: this one, or one it was delegated from'),
  limit: amount,
  remaining: amount,
  resets_at: z.null().describe('it does not begin anew'),
  ends_at: timeSchema.nullable(),
});

export const sessionSchema = z
  .strictObject({
    id: z.string(),
    session_id: z.string().optional().describe('as it was asked for'),
    agent_id: z.string(),
    principal: z.string(),
    credential: z.string(),
    scopes: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    is_valid: z.boolean(),
    created_at: timeSchema,
    ...end,
    revoked_at: timeSchema.optional(),
    parent: z.string().optional(),
    spend_limit: amount.optional(),
    spent: amount.optional(),
    remaining_budget: amount.optional().describe('the least that is left of its budgets'),
    budgets: z.array(budgetSchema),
  })
  .meta({ id: 'Session', description: 'A session, without its token.' });

export const sessionPageSchema = pageOf('sessions', sessionSchema).meta({
  id: 'SessionPage',
  description: 'Sessions, newest first.',
});

export const sessionQuery = {
  ...pageQuery,
  state: z.enum(['valid', 'all']).default('valid').describe('all: those, too, that are over or revoked'),
};

export const revokedSessionSchema = z
  .strictObject({ revoked: z.literal(true), session_id: z.string() })
  .meta({ id: 'RevokedSession' });

export const scopeCheckSchema = z.strictObject({
  scope: z.string().min(1).max(64).describe('a scope; spend:AMOUNT asks whether so much is left, too'),
});

export const scopeAnswerSchema = z
  .strictObject({ allowed: z.boolean(), session_id: z.string(), scope: z.string() })
  .meta({ id: 'ScopeAnswer' });

export const paymentSchema = z
  .strictObject({
    session_id: token.optional().describe('the token; or send it in Sallyport-Session'),
    amount: dollars,
    currency: z.literal('USD').default('USD'),
    description: z.string().max(1024).optional(),
  })
  .meta({ id: 'Payment', description: 'Money that is to be spent outside of any call.' });

export const authorizationSchema = z
  .strictObject({
    authorized: z.literal(true),
    authorization_id: z.string(),
    amount,
    currency: z.literal('USD'),
    remaining_budget: amount.nullable().describe('null: no budget counts it'),
    timestamp: timeSchema,
  })
  .meta({ id: 'PaymentAuthorization' });
