import { z } from 'zod';

const text = z.string().min(1);

const limitId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit');

/** An amount in units, for example dollars: exact, as texts are. */
export const amountSchema = z
  .union([z.string().regex(/^\d{1,13}(\.\d{1,6})?$/), z.number().min(0).max(9_000_000)])
  .describe('an amount: decimal text such as "12.50", or a number');

/** The same for every kind, as a message cannot tell which of them was meant. */
const most = 'a number of calls, or for a budget decimal text such as "12.50" or a number';

const zoneName = text
  .refine(isZone, { message: 'is no IANA time zone, such as Europe/Berlin' })
  .optional()
  .describe('IANA time zone, for example Europe/Berlin; by default UTC');

const common = {
  id: limitId.optional().describe('names the limit; limits of the same name share their counters'),
  per: z
    .array(
      z
        .string()
        .regex(/^(principal|credential|session|tenant|upstream|target|arg:.+)$/)
        .describe('principal, credential, session, tenant, upstream, target or arg:NAME'),
    )
    .default(['principal'])
    .describe('what is counted apart; nothing counts all together'),
};

function isZone(name: string): boolean {
  try {
    return /[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const windowSeconds = z
  .number()
  .positive()
  .max(31_622_400)
  .describe('length of the stretch in which calls are counted');

const rateSchema = z.strictObject({
  kind: z.literal('rate').describe('how often'),
  max: z.int().min(1).describe(most),
  windowSeconds,
  algorithm: z
    .enum(['sliding', 'fixed', 'bucket'])
    .default('sliding')
    .describe(
      'sliding: in any stretch of that length; fixed: in stretches of the clock; bucket: refilled evenly',
    ),
  zone: zoneName,
  queueSeconds: z
    .number()
    .positive()
    .max(300)
    .optional()
    .describe('how long a call may wait for its turn; by default it is refused at once'),
  ...common,
});

const repeatSchema = z.strictObject({
  kind: z.literal('repeat').describe('how often the same'),
  max: z.int().min(1).describe(most),
  windowSeconds,
  ...common,
});

const concurrencySchema = z.strictObject({
  kind: z.literal('concurrency').describe('how many at once'),
  max: z.int().min(1).describe(most),
  ...common,
});

const path = text.describe('names joined by dots, for example order.amount');

const costSchema = z
  .union([
    z.strictObject({ fixed: amountSchema.describe('what each call costs') }),
    z.strictObject({ price: z.literal(true).describe('what the prices of the configuration say') }),
    z.strictObject({
      argument: path.describe('the argument that says what the call costs'),
      optional: z.boolean().optional().describe('true: a call without it costs nothing'),
    }),
    z.strictObject({
      result: path.describe('the place in the result that says what the call cost'),
      reserve: amountSchema.describe('what is held until the result is there'),
    }),
  ])
  .describe('fixed, price, argument or result: what a call costs');

const budgetSchema = z.strictObject({
  kind: z.literal('budget').describe('how much'),
  max: amountSchema.describe(most),
  unit: text.max(16).default('USD').describe('what is counted: a currency, or a word of your own'),
  cost: costSchema,
  window: z
    .enum(['total', 'minute', 'hour', 'day', 'month'])
    .default('total')
    .describe('when it begins anew; total: never'),
  zone: zoneName,
  refundOn: z
    .array(z.enum(['rpc_error', 'tool_error']))
    .default(['rpc_error'])
    .describe('after which errors the amount is given back'),
  ...common,
});

/** A limit on calls, of one kind. */
export const limitSchema = z
  .union([rateSchema, repeatSchema, concurrencySchema, budgetSchema])
  .refine(usesItsZone, {
    path: ['zone'],
    message:
      'has no effect here: only days and months of budgets, and fixed windows of 86400 seconds, begin at midnight',
  })
  .describe('a limit of the kind rate, repeat, concurrency or budget');

const daySeconds = 86_400;

interface ZonedLimit {
  readonly kind: string;
  readonly zone?: string | undefined;
  readonly algorithm?: string | undefined;
  readonly windowSeconds?: number | undefined;
  readonly window?: string | undefined;
}

/** Whether the limit begins anew at some midnight, where it names the zone for that. */
function usesItsZone({ zone, algorithm, windowSeconds, window }: ZonedLimit): boolean {
  if (zone === undefined) return true;
  return (algorithm === 'fixed' && windowSeconds === daySeconds) || window === 'day' || window === 'month';
}

const instant = z.iso
  .datetime({ offset: true })
  .describe('a time with its offset, for example 2026-12-01T00:00:00Z');

/** What calls of some tools cost. */
export const priceSchema = z
  .strictObject({
    tools: z
      .array(text)
      .min(1)
      .describe('names of tools, as globs: as callers know them, upstream:name, or the own name'),
    cost: amountSchema.describe('what each call costs'),
    from: instant.optional().describe('in force from this time on; by default ever since'),
    until: instant.optional().describe('in force before this time; by default for ever'),
  })
  .describe('the price of some tools');

export type LimitConfig = z.output<typeof limitSchema>;
export type AmountConfig = z.output<typeof amountSchema>;
