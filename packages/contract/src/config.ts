import { z } from 'zod';

const text = z.string().min(1);
const port = z.int().min(0).max(65_535);

/** An upstream's configured id: what rules, endpoints and records call it. */
export const upstreamIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
  .describe('1 to 32 of a-z, 0-9 and "-", beginning with a letter or digit');

/** Where a secret is kept; nothing but references of this form is accepted where a secret is expected. */
export const secretReferenceSchema = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/)
  .describe('a reference to a secret: env:NAME or file:PATH');

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

/** What a caller may do besides calling tools. */
export const roleSchema = z.enum(['agent', 'auditor', 'operator', 'admin']);

const labelsSchema = z.record(text, z.string()).describe('labels of the principal, for rules');

const staticTokenSchema = z
  .strictObject({
    principal: text.describe('the name that rules and records use for the caller'),
    tokens: z
      .array(secretReferenceSchema)
      .min(1)
      .describe('references to the accepted tokens; two during a rotation'),
    roles: z.array(roleSchema).min(1).default(['agent']).describe('what the caller may do'),
    labels: labelsSchema.optional(),
  })
  .describe('a caller with static bearer tokens');

const authSchema = z
  .strictObject({
    mode: z
      .enum(['keys', 'none'])
      .default('keys')
      .describe('keys: each caller proves who it is; none: nobody does, on a loopback address only'),
    tokens: z.array(staticTokenSchema).default([]).describe('callers with static bearer tokens'),
  })
  .describe('who may connect');

const upstreamCommon = {
  revision: z
    .enum(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'])
    .optional()
    .describe('protocol revision to speak; without it the gateway finds out'),
  prefix: z
    .enum(['auto', 'always'])
    .optional()
    .describe('whether tools carry the id of this upstream in their names'),
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
  ...upstreamCommon,
});

const httpUpstreamSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('the endpoint of the server'),
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
  ...upstreamCommon,
});

const upstreamSchema = z
  .union([stdioUpstreamSchema, httpUpstreamSchema])
  .describe('either "command" (a program to start) or "url" (a server to reach)');

const matchSchema = z
  .strictObject({
    tools: z.array(text).min(1).optional().describe('names of tools, as globs'),
    upstreams: z.array(text).min(1).optional().describe('ids of upstreams, as globs'),
    principals: z.array(text).min(1).optional().describe('names of callers, as globs'),
    methods: z.array(text).min(1).optional().describe('protocol methods, for example tools/call'),
  })
  .describe('which calls the rule is about; nothing matches everything');

const ruleSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit'),
  match: matchSchema.prefault({}),
  when: text.optional().describe('a condition in CEL over args, call, principal and tool'),
  effect: z.enum(['allow', 'deny', 'hide']).describe('what the rule answers when it matches'),
  reason: text.max(1024).optional().describe('one sentence that the caller is told'),
});

const policySchema = z
  .strictObject({
    default: z.enum(['deny', 'allow']).default('deny').describe('the answer where no rule says anything'),
    rules: z.array(ruleSchema).default([]).describe('deny and hide beat allow, in any order'),
  })
  .describe('which calls are allowed');

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
  policy: policySchema.prefault({}),
  audit: auditSchema.prefault({}),
  limits: limitsSchema.prefault({}),
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
export type RuleConfig = Config['policy']['rules'][number];
