import { z } from 'zod';
import { grantSchema } from '../grant.js';
import { roleSchema } from '../role.js';
import { pageOf, timeSchema } from './page.js';

const name = z
  .string()
  .regex(/^[^\p{C}\p{Z}]{1,128}$/u, { message: 'expected a name of 1 to 128 characters without spaces' });

const lifetime = z
  .union([z.number().positive().max(315_360_000), z.literal('never')])
  .describe('seconds, or never');

const scopes = z
  .array(z.union([z.literal('*'), grantSchema]))
  .min(1)
  .max(64)
  .describe('what it is narrowed to, resource:action each; * alone: whatever its roles may');

export const keyRequestSchema = z
  .strictObject({
    principal: name.optional().describe('the name that rules and records use for the caller'),
    name: name.optional().describe('the same; one of the two must be given'),
    roles: z.array(roleSchema).min(1).default(['agent']),
    scopes: scopes.optional(),
    labels: z.record(z.string().min(1).max(64), z.string().max(256)).default({}),
    tier: z.string().max(32).optional().describe('taken, and means nothing here'),
    expires_in_seconds: lifetime.optional().describe('seconds, or never; by default 90 days'),
  })
  .refine(({ principal, name: called }) => (principal ?? called) !== undefined, {
    path: ['principal'],
    message: 'is missing: the name that rules and records use for the caller',
  })
  .refine(
    ({ principal, name: called }) => principal === undefined || called === undefined || principal === called,
    {
      path: ['name'],
      message: 'is another than principal; give one of them',
    },
  )
  .meta({ id: 'KeyRequest', description: 'The key that is wanted.' });

export const rotationSchema = z
  .strictObject({
    overlap_seconds: z
      .number()
      .min(0)
      .max(31_536_000)
      .optional()
      .describe('how long the old key still works'),
    expires_in_seconds: lifetime.optional().describe('seconds, or never; by default as long as the old one'),
  })
  .meta({ id: 'KeyRotation', description: 'How a key is replaced.' });

const shown = {
  id: z.string(),
  prefix: z.string().describe('how the key begins'),
  name: z.string(),
  principal: z.string(),
  tenant: z.string(),
  tier: z.string(),
  roles: z.array(roleSchema),
  scopes: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  state: z.enum(['active', 'expired', 'revoked']),
  created_at: timeSchema,
  expires_at: timeSchema.optional(),
  revoked: z.boolean(),
  revoked_at: timeSchema.optional(),
  last_used: timeSchema.optional(),
  rotated_from: z.string().optional(),
};

export const keySchema = z
  .strictObject(shown)
  .meta({ id: 'Key', description: 'An API key, never the key itself.' });

export const issuedKeySchema = z
  .strictObject({ ...shown, key: z.string().describe('shown this once'), message: z.string() })
  .meta({ id: 'IssuedKey', description: 'A key that was made a moment ago, with the key itself.' });

export const keyPageSchema = pageOf('keys', keySchema).meta({
  id: 'KeyPage',
  description: 'Keys, oldest first, with those that ended.',
});

const credentialSchema = z.strictObject({
  kind: z.enum(['key', 'token']),
  id: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  last_used: timeSchema.optional(),
});

export const principalPageSchema = pageOf(
  'principals',
  z
    .strictObject({
      id: z.string(),
      tenant: z.string(),
      roles: z.array(roleSchema).describe('of all that are active together'),
      labels: z.record(z.string(), z.string()),
      credentials: z.array(credentialSchema),
      last_used: timeSchema.optional(),
    })
    .meta({ id: 'Principal', description: 'Who may call, and with what.' }),
).meta({ id: 'PrincipalPage', description: 'Principals with a key or a configured token, by name.' });
