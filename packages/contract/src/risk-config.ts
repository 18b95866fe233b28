import { z } from 'zod';

const text = z.string().min(1).max(256);
const names = z
  .union([text, z.array(text).min(1)])
  .describe('a name with wildcards or a /regular expression/, or a list of them');

const key = z
  .union([text, z.array(text).min(1)])
  .describe('the name of an argument; dots or a list lead into objects: order.amount');

const whenMissing = z
  .enum(['match', 'no_match', 'review', 'block'])
  .optional()
  .describe(
    'the answer where the argument is missing or cannot be compared; review, the default: a person looks',
  );

const number = z.strictObject({ key, value: z.number().describe('a number'), whenMissing });
const scalar = z.union([z.string(), z.number(), z.boolean()]).describe('text, a number, true or false');

type Key = string | readonly string[];
type WhenMissing = 'match' | 'no_match' | 'review' | 'block' | undefined;
interface NumberTest {
  key: Key;
  value: number;
  whenMissing?: WhenMissing;
}

/** What a risk rule is about; all of its members must hold. */
export interface RiskMatcherConfig {
  all?: readonly RiskMatcherConfig[] | undefined;
  any?: readonly RiskMatcherConfig[] | undefined;
  not?: RiskMatcherConfig | undefined;
  system?: string | readonly string[] | undefined;
  action?: string | readonly string[] | undefined;
  destination?: string | readonly string[] | undefined;
  actor?: string | readonly string[] | undefined;
  tool?: string | readonly string[] | undefined;
  contextGt?: NumberTest | undefined;
  contextGte?: NumberTest | undefined;
  contextLt?: NumberTest | undefined;
  contextLte?: NumberTest | undefined;
  contextEq?: { key: Key; value: string | number | boolean; whenMissing?: WhenMissing } | undefined;
  contextIn?:
    | { key: Key; values: readonly (string | number | boolean)[]; whenMissing?: WhenMissing }
    | undefined;
  contextRegex?: { key: Key; pattern: string; whenMissing?: WhenMissing } | undefined;
  contextExists?: Key | undefined;
}

const matcherSchema: z.ZodType<RiskMatcherConfig, RiskMatcherConfig> = z.lazy(() =>
  z.strictObject({
    all: z.array(matcherSchema).min(1).optional().describe('every one of them matches'),
    any: z.array(matcherSchema).min(1).optional().describe('one of them matches'),
    not: matcherSchema.optional(),
    system: names.optional(),
    action: names.optional(),
    destination: names.optional(),
    actor: names.optional(),
    tool: names.optional(),
    contextGt: number.optional().describe('an argument greater than a number'),
    contextGte: number.optional().describe('an argument of at least a number'),
    contextLt: number.optional().describe('an argument less than a number'),
    contextLte: number.optional().describe('an argument of at most a number'),
    contextEq: z.strictObject({ key, value: scalar, whenMissing }).optional(),
    contextIn: z.strictObject({ key, values: z.array(scalar).min(1), whenMissing }).optional(),
    contextRegex: z
      .strictObject({ key, pattern: text.describe('a regular expression that is found in it'), whenMissing })
      .optional(),
    contextExists: key.optional(),
  }),
);

const waveNames = ['minimal', 'low', 'moderate', 'review', 'critical'] as const;
const wave = z
  .union([z.int().min(1).max(5), z.enum(waveNames)])
  .describe('a wave: 1 to 5, or minimal, low, moderate, review, critical');
const outcome = z.enum(['auto', 'review', 'block']);
const score = z.int().min(-100).max(100);

const ruleSchema = z.strictObject({
  name: text.describe('names the contribution in explanations and records'),
  match: matcherSchema.describe('what the rule is about; nothing matches every call of a tool'),
  score: score.default(0).describe('what it adds to the score: -100 to 100'),
  minWave: wave.optional().describe('the least wave of calls that match, whatever their score'),
  reason: text.optional().describe('one sentence for the caller, or for the person who is asked'),
});

const mappingSchema = z
  .strictObject({
    from: z
      .enum(['tool-name', 'upstream'])
      .default('tool-name')
      .describe(
        'tool-name: stripe_refund is action refund of system stripe; upstream: the tool is the action, its upstream the system',
      ),
    tools: z
      .record(text, z.strictObject({ system: text.optional(), action: text.optional() }))
      .default({})
      .describe('tools that are otherwise, by name'),
    destination: z
      .array(text)
      .default(['recipient', 'to', 'channel', 'destination', 'repo', 'url'])
      .describe('arguments that say where something goes'),
    omit: z
      .array(text)
      .default(['recipient', 'to', 'channel', 'destination'])
      .describe('arguments that are no context'),
  })
  .describe('how a call is seen by risk rules');

/** The members of a risk evaluator besides those that every evaluator has. */
export const riskMembers = {
  base: score.min(0).default(0).describe('the score of every call to begin with'),
  rules: z.array(ruleSchema).max(1000).describe('what adds to the score'),
  bands: z
    .tuple([score.min(1), score.min(1), score.min(1), score.min(1)])
    .default([10, 25, 50, 80])
    .refine((bands) => bands.every((least, index) => index === 0 || least > (bands[index - 1] ?? 0)), {
      message: 'four scores, each more than the one before',
    })
    .describe('the least scores of waves 2, 3, 4 and 5'),
  profile: z
    .enum(['wave', 'surfit'])
    .default('wave')
    .describe('wave: 4 is reviewed and 5 blocked; surfit: 4 and 5 are reviewed'),
  outcomes: z
    .strictObject({
      1: outcome.optional(),
      2: outcome.optional(),
      3: outcome.optional(),
      4: outcome.optional(),
      5: outcome.optional(),
    })
    .default({})
    .describe('what follows from a wave, where it is not as the profile says'),
  whenAuto: z
    .enum(['allow', 'abstain'])
    .default('allow')
    .describe('whether a call that needs no look is allowed, or left to rules and default'),
  mapping: mappingSchema.prefault({}),
} as const;
