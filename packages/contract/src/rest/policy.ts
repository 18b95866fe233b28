import { z } from 'zod';
import { policySchema } from '../policy-config.js';
import { roleSchema } from '../role.js';
import { described } from './described.js';
import { pageOf, timeSchema } from './page.js';

const name = z.string().max(64).describe('of A-Z, a-z, 0-9, ".", "_" and "-"');
const note = z.string().max(1024).optional().describe('why, for the history and the record');
const version = z.int().min(1);

const contentMembers = {
  description: z.string().max(1024).optional(),
  rules: described(policySchema.shape.rules).optional(),
  haldir: described(z.looseObject({ type: z.string() }))
    .optional()
    .describe('instead of rules: the body of one policy of Haldir, which is translated'),
};

export const policyDraftSchema = z
  .strictObject({ ...contentMembers, note })
  .meta({ id: 'PolicyDraft', description: 'A policy as it is sent: rules, or one policy of Haldir.' });

export const newPolicySchema = z
  .strictObject({ name, ...contentMembers, note })
  .meta({ id: 'NewPolicy', description: 'A policy that is made under a name of its own.' });

const ruleList = z.array(z.looseObject({ id: z.string(), effect: z.string() }));

export const policyDocumentSchema = z
  .strictObject({
    name: z.string().describe('"file" for the policy of the configuration file'),
    source: z.enum(['file', 'api']).describe('what comes from the file is not changed over REST'),
    revision: z.string().describe('content hash'),
    version: version.optional(),
    default: z.enum(['allow', 'deny']).optional().describe('of the file: the answer where no rule has one'),
    description: z.string().optional(),
    rules: ruleList,
    haldir: z.looseObject({}).optional(),
    at: timeSchema.optional(),
    by: z.string().optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'Policy', description: 'A policy that is in force.' });

export const policyPageSchema = pageOf('policies', policyDocumentSchema).meta({
  id: 'PolicyPage',
  description: 'Policies in force, that of the file first, then by name.',
});

const versionSchema = z
  .strictObject({
    version,
    revision: z.string(),
    at: timeSchema,
    by: z.string(),
    note: z.string().optional(),
    removed: z.boolean().optional().describe('the policy ended with this version'),
    description: z.string().optional(),
    rules: ruleList.optional(),
    haldir: z.looseObject({}).optional(),
  })
  .meta({ id: 'PolicyVersion', description: 'A version of a policy.' });

export const policyHistorySchema = pageOf('versions', versionSchema).meta({
  id: 'PolicyHistory',
  description: 'Every version there was, newest first.',
});

export const rollbackSchema = z
  .strictObject({ version, note })
  .meta({ id: 'PolicyRollback', description: 'The version whose content becomes the newest.' });

export const draftOfSchema = z
  .strictObject({
    name: name.optional().describe('of the policy that the draft would replace or be'),
    ...contentMembers,
    remove: z.literal(true).optional().describe('instead of a draft: what it is like without the policy'),
  })
  .meta({
    id: 'PolicyTrial',
    description: 'What is tried and not kept; nothing stands for what is in force.',
  });

const findingSchema = z
  .strictObject({
    severity: z.enum(['error', 'warning']).describe('a policy with errors is refused'),
    code: z.string(),
    path: z.string(),
    message: z.string(),
    rule: z.string().optional(),
    target: z.string().optional(),
    found: z.string().optional(),
    expected: z.string().optional(),
    file: z.string().optional(),
    line: z.int().optional(),
    column: z.int().optional(),
  })
  .meta({ id: 'PolicyFinding', description: 'Something that is questionable about the rules.' });

export const policyCheckSchema = z
  .strictObject({ count: z.int(), findings: z.array(findingSchema) })
  .meta({ id: 'PolicyCheck', description: 'Everything that is questionable about the rules.' });

export const policyDiffSchema = z
  .strictObject({
    rules: z.array(z.looseObject({ what: z.string(), change: z.string() })),
    samples: z.int().describe('how many sample calls were put to both'),
    changes: z
      .array(z.looseObject({ target: z.string(), before: z.string(), after: z.string() }))
      .describe('sample calls that are answered otherwise'),
  })
  .meta({ id: 'PolicyDiff', description: 'What a draft would change.' });

export const explainSchema = z
  .strictObject({
    tool: z.string().max(512).optional().describe('the tool, as callers know it'),
    prompt: z.string().max(512).optional(),
    resource: z.string().max(4096).optional(),
    method: z.string().max(128).optional().describe('where it is not the usual one'),
    arguments: z.record(z.string(), z.unknown()).optional(),
    as: z.string().max(128).default('somebody').describe('a principal'),
    roles: z
      .array(roleSchema)
      .min(1)
      .optional()
      .describe('of the principal; by default what a token says, else agent'),
    labels: z.record(z.string(), z.string()).optional(),
    session: z
      .strictObject({
        scopes: z.array(z.string().max(64)).max(16).optional().describe('by default read and browse'),
        spend_limit: z
          .union([z.string().max(32), z.number()])
          .optional()
          .describe('its budget, in dollars'),
        agent_id: z.string().max(128).optional(),
        labels: z.record(z.string(), z.string()).optional(),
      })
      .optional()
      .describe('a session that the call is taken to be made in; by default it is in none'),
    at: z
      .string()
      .max(64)
      .refine((text) => !Number.isNaN(Date.parse(text)), {
        message: 'is no time such as 2026-11-20T08:00:00Z',
      })
      .optional()
      .describe('when; by default now'),
  })
  .meta({ id: 'PolicyQuestion', description: 'A call that nobody makes.' });

export const explanationSchema = z
  .looseObject({
    call: z.looseObject({}),
    invalidArguments: z.string().optional().describe('why the arguments are refused whatever the rules say'),
    assumed: z.string().optional(),
    decision: z.looseObject({ effect: z.string(), reason: z.string() }),
    rules: z.array(z.looseObject({ id: z.string(), matched: z.boolean() })),
    wouldAllow: z.array(z.string()).optional(),
    session: z
      .looseObject({
        scopes: z.array(z.string()),
        needs: z.array(z.string()).describe('the scopes of which the call needs one'),
        cost: z.string().optional().describe('what the call takes of the budget, in dollars'),
        budget: z.string().optional(),
        refused: z
          .string()
          .optional()
          .describe('as what the session refuses the call that the rules let pass'),
      })
      .optional(),
  })
  .meta({ id: 'PolicyExplanation', description: 'What is answered to a call, rule by rule.' });
