import { z } from 'zod';
import { agentSessionsSchema } from './agent-session-config.js';
import { apiLayerSchema } from './api-layer-config.js';
import { approvalsSchema } from './approval-config.js';
import { authSchema } from './auth-config.js';
import { evaluatorsSchema } from './evaluator-config.js';
import { priceSchema } from './limit-config.js';
import { extensionsSchema, instructionsSchema, toolsetsSchema, upstreamIdSchema } from './mcp-config.js';
import { policySchema } from './policy-config.js';
import { sessionSettings, stopWhenIdleSchema, transportSchema } from './session-config.js';

export { upstreamIdSchema } from './mcp-config.js';
export { roleSchema } from './role.js';
export { secretReferenceSchema } from './secret-reference.js';

const text = z.string().min(1);
const port = z.int().min(0).max(65_535);

const configuredText = z
  .string()
  .describe(
    `literal text, a reference (env:NAME, file:PATH), or text around references: Bearer \${env:NAME}`,
  );

const listenSchema = z
  .strictObject({
    host: text.default('127.0.0.1').describe('address that agents connect to'),
    port: port.default(7777).describe('port that agents connect to; 0 takes a free one'),
    allowedHosts: z
      .array(text)
      .optional()
      .describe('further values of the Host header that are accepted: host or host:port'),
    allowedOrigins: z
      .array(text)
      .optional()
      .describe('web origins that may call, for example https://app.example'),
    maxBodyBytes: z.int().min(1024).max(268_435_456).default(4_194_304).describe('largest request body'),
  })
  .describe('the listener for agents');

const controlSchema = z
  .strictObject({
    host: text.describe('address of the listener'),
    port: port.describe('port of the listener'),
  })
  .describe('a listener of its own for operators; without it they share the listener for agents');

const upstreamCommon = {
  revision: z
    .enum(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'])
    .optional()
    .describe('protocol revision to speak; without it the gateway finds out'),
  prefix: z
    .enum(['auto', 'always'])
    .optional()
    .describe('whether tools carry the id of this upstream in their names'),
  pins: z
    .enum(['trust', 'ask', 'follow'])
    .optional()
    .describe(
      'as pins.firstSight, for this upstream; follow: every change of its definitions is accepted by itself',
    ),
  timeoutSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(60)
    .describe('longest wait for the result of a call'),
  startTimeoutSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(20)
    .describe('longest wait for the server to come up'),
  arguments: z
    .enum(['closed', 'open'])
    .default('closed')
    .describe(
      'open: calls may have arguments beside those that the schema of a tool names; conditions may not',
    ),
  enabled: z.boolean().default(true).describe('false leaves the upstream out'),
  ...sessionSettings,
};

const stdioUpstreamSchema = z.strictObject({
  command: text.describe('the program to start'),
  args: z.array(z.string()).default([]).describe('its arguments'),
  env: z
    .record(
      z
        .string()
        .regex(/^[^=\0]+$/)
        .describe('the name of a variable'),
      configuredText,
    )
    .default({})
    .describe('its environment, besides PATH and the locale'),
  cwd: text.optional().describe('the folder it starts in; by default the folder of this file'),
  stopWhenIdle: stopWhenIdleSchema,
  ...upstreamCommon,
});

export const httpUpstreamSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('the endpoint of the server'),
  transport: transportSchema,
  headers: z
    .record(
      z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
        .describe('the name of a header'),
      configuredText,
    )
    .default({})
    .describe('headers of each request to it'),
  addresses: z
    .array(text)
    .default([])
    .describe('addresses and ranges besides public ones that its name may resolve to: 10.0.0.0/8'),
  ...upstreamCommon,
});

const upstreamSchema = z
  .union([stdioUpstreamSchema, httpUpstreamSchema])
  .describe('either "command" (a program to start) or "url" (a server to reach)');

const keep = z.enum(['full', 'digest', 'none']);

const auditSchema = z
  .strictObject({
    durability: z
      .enum(['process', 'power'])
      .default('process')
      .describe('what a record survives: the end of the process, or of the power'),
    arguments: keep.default('full').describe('what is kept of the arguments of a call'),
    results: keep.default('full').describe('what is kept of its result'),
    maxPayloadBytes: z
      .int()
      .min(0)
      .max(16_777_216)
      .default(65_536)
      .describe('longer ones are kept as digest only'),
  })
  .describe('what the trail keeps');

const limitsSchema = z
  .strictObject({
    concurrentCallsPerPrincipal: z.int().min(1).default(128).describe('calls of one caller at a time'),
    concurrentCallsPerUpstream: z.int().min(1).default(512).describe('calls to one upstream at a time'),
    questionSeconds: z
      .number()
      .positive()
      .max(86_400)
      .default(600)
      .describe('how long a client may take to answer what a server asks it'),
    tool: z
      .boolean()
      .default(false)
      .describe('true: callers whom the rules allow it may ask what is left, with the tool sallyport.limits'),
  })
  .describe('how much at once');

/** The native configuration file. */
export const configSchema = z.strictObject({
  version: z.literal(1).optional().describe('version of this format'),
  listen: listenSchema.prefault({}),
  control: controlSchema.optional(),
  dataDir: text.default('.sallyport').describe('folder of the store, relative to this file'),
  auth: authSchema.prefault({}),
  upstreams: z.record(upstreamIdSchema, upstreamSchema).describe('the MCP servers behind the gateway, by id'),
  names: z
    .strictObject({
      prefix: z
        .enum(['auto', 'always'])
        .default('auto')
        .describe('auto: tools carry the id of their upstream only where two have the same name'),
    })
    .describe('how tools are named')
    .prefault({}),
  resources: z
    .strictObject({
      collisions: z
        .enum(['first', 'refuse', 'prefix'])
        .default('first')
        .describe(
          'whose a URI is that several upstreams list: of the first in this file, nobody, or each under a URI of its own',
        ),
    })
    .describe('how the resources of all upstreams go together')
    .prefault({}),
  lists: z
    .strictObject({
      pageSize: z.int().min(1).max(10_000).default(1000).describe('most items on one page of a list'),
    })
    .describe('how lists are answered')
    .prefault({}),
  pins: z
    .strictObject({
      firstSight: z
        .enum(['trust', 'ask'])
        .optional()
        .describe(
          'a definition that is seen for the first time is accepted, or waits for a person; by default trust as long as only this machine can connect',
        ),
    })
    .describe('which definitions of tools and prompts are accepted')
    .prefault({}),
  toolsets: toolsetsSchema.default({}),
  extensions: extensionsSchema.prefault({}),
  instructions: instructionsSchema.prefault({}),
  policy: policySchema.prefault({}),
  apiLayer: apiLayerSchema.prefault({}),
  evaluators: evaluatorsSchema,
  sessions: agentSessionsSchema.prefault({}),
  approvals: approvalsSchema.prefault({}),
  audit: auditSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  prices: z
    .array(priceSchema)
    .default([])
    .describe('what calls cost by themselves; of several for a tool the first counts'),
  shutdown: z
    .strictObject({
      drainSeconds: z
        .number()
        .min(0)
        .max(3600)
        .default(30)
        .describe('how long calls under way may still take'),
    })
    .describe('how the gateway ends')
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('least level that is logged'),
    })
    .describe('what the gateway says about itself')
    .prefault({}),
});

/** A complete configuration: every default filled in. */
export type Config = z.output<typeof configSchema>;
/** A configuration as people write it. */
export type ConfigInput = z.input<typeof configSchema>;
export type UpstreamConfig = Config['upstreams'][string];
export type EvaluatorConfig = Config['evaluators'][number];
export type RuleConfig = Config['policy']['rules'][number];
