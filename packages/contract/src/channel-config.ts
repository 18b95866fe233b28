import { z } from 'zod';
import { roleSchema } from './role.js';
import { secretReferenceSchema } from './secret-reference.js';

const text = z.string().min(1);
const url = z.url({ protocol: /^https?$/ });

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit');

const person = z.union([
  text.describe('the principal of a key or a configured token, with the roles and labels that it has then'),
  z
    .strictObject({
      principal: text.describe('the name that records use'),
      roles: z.array(roleSchema).min(1).default(['approver']),
      labels: z.record(text, z.string()).default({}).describe('groups and owner, as those of keys'),
    })
    .describe('somebody without a key'),
]);

const common = {
  name: name.optional().describe('what records call it; by default its kind'),
  tenant: text.default('default').describe('whose calls are told there'),
  timeoutSeconds: z.number().positive().max(60).default(10).describe('how long telling it may take'),
};

const people = z
  .record(text, person)
  .default({})
  .describe('who answers there: by the id that the service gives them, whom the gateway knows them as');

const reachMembers = {
  addresses: z
    .array(text)
    .default([])
    .describe('addresses and ranges besides public ones that it may be at: 10.0.0.0/8'),
  plainHttp: z
    .boolean()
    .default(false)
    .describe('true: the URL may begin with http:// although it is not on this machine'),
};

const slackMembers = {
  token: secretReferenceSchema.describe('the token of the bot (xoxb-…)'),
  signingSecret: secretReferenceSchema.describe('the signing secret of the app'),
  channel: text.max(64).describe('the id of the channel or person that is told: C0123456789'),
  apiUrl: url.default('https://slack.com/api').describe('where the Web API of Slack is'),
  ...reachMembers,
};

const webhookMembers = {
  url: url.describe('where notices are posted to'),
  secret: secretReferenceSchema.describe('signs each notice, and each callback: env:NAME or file:PATH'),
  headers: z
    .record(text, z.string())
    .default({})
    .describe('headers of each request; values as those of upstreams'),
  ...reachMembers,
};

/** The options of each kind of built-in channel, without what all channels have. */
export const channelOptions = {
  terminal: z.strictObject({}),
  slack: z.strictObject(slackMembers),
  webhook: z.strictObject(webhookMembers),
} as const;

const builtIn = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('terminal') }),
  z.strictObject({ ...common, kind: z.literal('slack'), people, ...slackMembers }),
  z.strictObject({ ...common, kind: z.literal('webhook'), people, ...webhookMembers }),
]);

/** What a configuration in TypeScript can name: what defineApprovalChannel describes. */
export interface ConfiguredChannel {
  readonly kind: 'approval-channel';
  readonly name: string;
}

const own = z.strictObject({
  ...common,
  name,
  people,
  use: z
    .custom<ConfiguredChannel>(isChannel, { message: 'a channel made by defineApprovalChannel' })
    .describe('a channel made by defineApprovalChannel'),
  options: z.unknown().optional().describe('the options of the channel'),
});

function isChannel(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'approval-channel';
}

/** Where people are told of calls that wait, and answer. */
export const channelsSchema = z
  .array(z.union([builtIn, own]).describe('a channel: a built-in one by its kind, or one of your own by use'))
  .max(16)
  .optional()
  .describe('where people are asked, besides the commands, the REST interface and the page; all at once');

export type ChannelConfig = NonNullable<z.output<typeof channelsSchema>>[number];
