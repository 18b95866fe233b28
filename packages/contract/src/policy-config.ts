import { z } from 'zod';
import { sessionScopeSchema } from './agent-session-config.js';
import { approvalSchema } from './approval-config.js';
import { limitSchema } from './limit-config.js';
import { roleSchema } from './role.js';

const text = z.string().min(1);
const names = z.array(text).min(1);

const annotationsSchema = z
  .strictObject({
    readOnly: z.boolean().optional().describe('whether the tool changes nothing'),
    destructive: z.boolean().optional().describe('whether what it changes may be lost'),
    idempotent: z.boolean().optional().describe('whether a second call changes nothing more'),
    openWorld: z.boolean().optional().describe('whether it reaches things outside'),
  })
  .describe('what the server says of the tool; what it leaves out counts as the worst');

const matchSchema = z
  .strictObject({
    tools: names.optional().describe('names of tools, with wildcards or as /regular expressions/'),
    prompts: names.optional().describe('names of prompts, with wildcards or as /regular expressions/'),
    resources: names.optional().describe('URIs of resources, with wildcards or as /regular expressions/'),
    methods: names.optional().describe('protocol methods, for example tools/call or sampling/createMessage'),
    upstreams: names.optional().describe('ids of upstreams, with wildcards'),
    principals: names.optional().describe('names of callers, with wildcards'),
    labels: z
      .record(text, names)
      .optional()
      .describe('labels of the caller, each with the values that match'),
    roles: z.array(roleSchema).min(1).optional().describe('roles of which the caller has one'),
    scopes: z
      .array(sessionScopeSchema)
      .min(1)
      .optional()
      .describe('scopes of which the session of the caller has one'),
    sessionLabels: z
      .record(text, names)
      .optional()
      .describe('labels of the session, each with the values that match'),
    annotations: annotationsSchema.optional(),
  })
  .describe('what the rule is about; nothing matches everything that clients call');

const ruleSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit'),
  match: matchSchema.prefault({}),
  when: text
    .optional()
    .describe('a condition in CEL over args, call, principal, session, target, tool, history and now'),
  during: names.optional().describe('schedules, for example "mon-fri 09:00-17:00 Europe/Berlin"'),
  effect: z
    .enum(['allow', 'ask', 'deny', 'hide', 'limit', 'confirm'])
    .describe(
      'what the rule answers when it matches; limit: nothing, only its limits count; confirm: nothing, but the user of the caller must confirm the call',
    ),
  reason: text.max(1024).optional().describe('one sentence for the caller, or for the person who is asked'),
  shadow: z.boolean().optional().describe('true: evaluated and recorded, not enforced'),
  limits: z.array(limitSchema).min(1).max(16).optional().describe('what calls must keep to'),
  approval: approvalSchema.optional(),
});

/** Which calls are allowed. */
export const policySchema = z
  .strictObject({
    default: z.enum(['deny', 'allow']).default('deny').describe('the answer where no rule says anything'),
    rules: z
      .array(ruleSchema)
      .default([])
      .describe('hide and deny beat ask, and ask beats allow, in any order'),
  })
  .describe('which calls are allowed');
