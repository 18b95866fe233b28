import { z } from 'zod';

const name = z.string().min(1).max(64);

export const compatUpstreamSchema = z
  .strictObject({
    name: name.describe('its id: a-z, 0-9 and "-"'),
    url: z.string().min(1).max(2048).describe('its endpoint'),
  })
  .meta({ id: 'CompatUpstream', description: 'An upstream, as Haldir registers it.' });

export const compatRegisteredSchema = z
  .strictObject({
    registered: z.literal(true),
    name: z.string(),
    url: z.string(),
    healthy: z.boolean(),
    tools_discovered: z.int(),
    tool_names: z.array(z.string()),
  })
  .meta({ id: 'CompatRegisteredUpstream' });

export const compatPolicySchema = z
  .looseObject({
    type: z
      .enum([
        'allow',
        'deny',
        'spend_limit',
        'rate_limit',
        'time_window',
        'block_tool',
        'allow_list',
        'deny_list',
        'require_approval',
      ])
      .describe('further members depend on it'),
  })
  .meta({ id: 'CompatPolicy', description: 'One policy, as Haldir writes it.' });

export const compatPolicyDocumentSchema = z
  .looseObject({ id: z.string(), type: z.string() })
  .meta({ id: 'CompatPolicyDocument', description: 'A policy with the id that it got.' });

export const compatPoliciesSchema = z
  .strictObject({ count: z.int(), policies: z.array(compatPolicyDocumentSchema) })
  .meta({ id: 'CompatPolicies' });
