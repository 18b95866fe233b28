import { z } from 'zod';

const text = z.string().min(1);

/** An upstream's configured id: what rules, endpoints and records call it. */
export const upstreamIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
  .describe('1 to 32 of a-z, 0-9 and "-", beginning with a letter or digit');

const globs = z.array(text).min(1).optional();

/** Parts of everything, each with an endpoint of its own. */
export const toolsetsSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/)
      .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-"'),
    z
      .strictObject({
        upstreams: z
          .array(upstreamIdSchema)
          .min(1)
          .optional()
          .describe('ids of the upstreams that it is of; without it all of them'),
        tools: globs.describe('names of its tools, as globs; upstream:name means that of one upstream'),
        prompts: globs.describe('names of its prompts, as globs'),
        resources: globs.describe('URIs of its resources and templates, as globs'),
      })
      .describe(
        'a part of what the upstreams offer; without tools, prompts and resources everything of them',
      ),
  )
  .describe('parts of everything, each with an endpoint of its own: /mcp/t/NAME');

/** Methods that the protocol itself has; a relay of one of these would pass by what the gateway does with it. */
const ownMethods =
  /^(initialize|ping|(server|tools|prompts|resources|completion|logging|subscriptions|notifications|sampling|elicitation|roots|tasks)\/.*)$/;

const relaySchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/)
      .max(128)
      .describe('identifier of the extension, for example com.example/reports'),
    settings: z.record(z.string(), z.json()).default({}).describe('what clients are told with it'),
    methods: z
      .array(
        text
          .max(128)
          .refine((method) => !ownMethods.test(method), 'a method that the protocol itself does not have')
          .describe('a method that the protocol itself does not have'),
      )
      .default([])
      .describe('its methods; none for an extension that only changes what definitions and results hold'),
    upstream: upstreamIdSchema.optional().describe('the upstream that its methods go to'),
  })
  .describe('an extension of the protocol that is relayed');

/** What is relayed besides the protocol itself. */
export const extensionsSchema = z
  .strictObject({
    relay: z
      .array(relaySchema)
      .default([])
      .describe('all other methods that the protocol does not have are refused'),
    apps: z
      .boolean()
      .default(true)
      .describe('whether MCP Apps (io.modelcontextprotocol/ui) is announced where an upstream offers it'),
  })
  .describe('extensions of the protocol');

/** What models are told. */
export const instructionsSchema = z
  .strictObject({
    text: text.max(16_384).optional().describe('what models are told about using the tools'),
    upstreams: z
      .array(upstreamIdSchema)
      .default([])
      .describe('upstreams whose own instructions are added, labelled; they are not checked by anybody'),
  })
  .describe('what models are told when a client connects');
