import { z } from 'zod';
import { pageOf, pageQuery, timeSchema } from './page.js';

const amount = z.string().describe('decimal text, exact');
const scope = z.string().describe('what is counted apart, as in the record of a charge');

const counter = {
  budget: z.string().describe('the id of the budget'),
  unit: z.string(),
  scope,
  resets_at: timeSchema.optional().describe('when it begins anew; absent for a budget that never does'),
};

export const budgetQuery = { ...pageQuery };

const budgetSchema = z
  .strictObject({
    ...counter,
    used: amount.describe('spent, or reserved where it is not known what was spent'),
    calls: z.int().describe('how many calls took of it'),
    max: amount.optional().describe('as the configuration in force says; absent where it has no such budget'),
    left: amount.optional(),
  })
  .meta({ id: 'Budget', description: 'One counter of a budget, in its present stretch.' });

export const budgetPageSchema = pageOf('budgets', budgetSchema).meta({
  id: 'BudgetPage',
  description: 'Counters of budgets, by budget, unit and scope.',
});

const entrySchema = z
  .strictObject({
    call: z.string(),
    ...counter,
    reserved: amount.optional(),
    spent: amount
      .optional()
      .describe('absent while the call is under way, and where nobody knows how it ended'),
  })
  .meta({ id: 'LedgerEntry', description: 'What one call took of a budget.' });

export const ledgerPageSchema = pageOf('entries', entrySchema).meta({
  id: 'LedgerPage',
  description: 'What calls took of a budget, the latest first.',
});

const limitSchema = z
  .strictObject({
    limit: z.string().describe('the id of the limit'),
    kind: z.enum(['rate', 'repeat', 'concurrency']),
    scope,
    max: z.int(),
    counted: z.int().describe('calls that count now'),
    left: z.int(),
    window_seconds: z.number().optional(),
    opens_at: timeSchema.optional().describe('when the next call may pass; absent while one may'),
  })
  .meta({ id: 'LimitCounter', description: 'One counter of calls, in the memory of this gateway.' });

export const limitPageSchema = pageOf('limits', limitSchema).meta({
  id: 'LimitPage',
  description: 'Counters of calls, in the order in which they were made.',
});
