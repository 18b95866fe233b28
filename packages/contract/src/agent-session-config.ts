import { z } from 'zod';
import { amountSchema } from './limit-config.js';

const names = z.array(z.string().min(1)).min(1);

export const sessionScopeSchema = z
  .enum(['read', 'write', 'execute', 'browse', 'send', 'delete', 'spend', 'admin'])
  .describe('read, write, execute, browse, send, delete, spend, or admin for all of them');

const automaticSchema = z
  .strictObject({
    per: z
      .enum(['nothing', 'connection', 'principal'])
      .default('nothing')
      .describe(
        'connection: each MCP session of a client that names none has one of its own; principal: each caller has one',
      ),
    scopes: z.array(sessionScopeSchema).min(1).default(['read', 'browse']).describe('what they may do'),
    ttlSeconds: z
      .int()
      .min(1)
      .max(2_592_000)
      .default(86_400)
      .describe('how long one lasts; then the next one begins, with a budget of its own'),
    budget: amountSchema.optional().describe('what the calls of one may cost, in dollars'),
  })
  .describe('sessions that the gateway makes by itself');

/** The licences that callers work under; not the connections of the protocol. */
export const agentSessionsSchema = z
  .strictObject({
    required: z.boolean().default(false).describe('true: calls without a session are refused'),
    endless: z.boolean().default(false).describe('true: sessions may be made that do not end by themselves'),
    automatic: automaticSchema.prefault({}),
    scopes: z
      .array(
        z.strictObject({
          tools: names.describe('names of tools, as globs'),
          scope: sessionScopeSchema,
        }),
      )
      .default([])
      .describe('which scope sessions need for which tools; the first that fits counts'),
  })
  .describe('the sessions that agents work in');
