import { z } from 'zod';
import { roleSchema } from '#contract';
import { offerLists } from './offer-snapshot.js';

const text = z.string().min(1);

/** What a case can expect: the effects of a policy, and what the gateway says of calls that no policy can let pass. */
const expectable = ['allow', 'ask', 'deny', 'hide', 'invalid_arguments', 'unknown_target'] as const;

const instant = z.iso.datetime({ offset: true, message: 'a time such as "2026-06-10T09:00:00+02:00"' });

const args = z
  .union([z.record(z.string(), z.unknown()), text])
  .describe('the arguments: a mapping, or a text of JSON');

const callerSchema = z.strictObject({
  id: text.optional(),
  roles: z.array(roleSchema).min(1).optional(),
  labels: z.record(text, z.string()).optional(),
  tenant: text.optional(),
});

const targetMembers = {
  tool: text.optional(),
  prompt: text.optional(),
  resource: text.optional(),
  template: text.optional(),
  extension: text.optional(),
};

const expectSchema = z.strictObject({
  effect: z.enum(expectable),
  rule: text.optional(),
  evaluator: text.optional(),
  reason: text.optional(),
  limits: z.array(text).optional(),
  shadow: z.enum(['allow', 'ask', 'deny', 'hide']).optional(),
});

const pastSchema = z.strictObject({
  ...targetMembers,
  ago: z
    .string()
    .regex(/^\d{1,6}[smhd]$/, 'a duration such as 30s, 5m, 2h or 1d')
    .optional(),
  times: z.int().min(1).max(10_000).optional(),
  result: z.unknown().optional(),
});

const caseSchema = z.strictObject({
  name: text.optional(),
  ...targetMembers,
  endpoint: text.optional(),
  method: text.optional(),
  list: z.boolean().optional(),
  args: args.optional(),
  as: named(callerSchema, 'id').optional(),
  at: instant.optional(),
  history: z.array(named(pastSchema, 'tool')).max(10_000).optional(),
  expect: named(expectSchema, 'effect'),
});

const offerSchema = z.strictObject(
  Object.fromEntries(offerLists.map((list) => [list, z.array(z.record(z.string(), z.unknown())).optional()])),
);

/** A file of golden cases, as people write it. */
export const goldenSchema = z.strictObject({
  policy: text.optional(),
  tools: text.optional(),
  upstreams: z.record(text, offerSchema).optional(),
  at: instant.optional(),
  callers: z.record(text, callerSchema).optional(),
  cases: z.array(caseSchema).min(1),
});

export type GoldenInput = z.output<typeof goldenSchema>;
export type GoldenCase = GoldenInput['cases'][number];
export type PastCall = NonNullable<GoldenCase['history']>[number];

/** The keys that a mapping at a path of a golden file may have. */
export function goldenKeys(path: readonly PropertyKey[]): string[] {
  const [top, , inner] = path;
  const shape = (schema: z.ZodObject) => Object.keys(schema.shape);
  if (top === undefined) return shape(goldenSchema);
  if (top === 'callers' || inner === 'as') return shape(callerSchema);
  if (top === 'upstreams') return [...offerLists];
  if (inner === 'expect') return shape(expectSchema);
  return inner === 'history' ? shape(pastSchema) : shape(caseSchema);
}

/** A mapping that may be written as the one word that matters most. */
function named<Schema extends z.ZodType>(schema: Schema, word: string) {
  return z.preprocess((value) => (typeof value === 'string' ? { [word]: value } : value), schema);
}
