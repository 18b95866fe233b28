import { z } from 'zod';
import { pageOf, pageQuery, timeSchema } from './page.js';

const pinStateSchema = z.enum(['accepted', 'waiting', 'changed', 'rejected', 'gone']);
const pinKindSchema = z.enum(['tool', 'prompt']);

const decision = z.strictObject({ digest: z.string(), by: z.string(), at: timeSchema });

const shown = {
  upstream: z.string(),
  kind: pinKindSchema,
  name: z.string(),
  state: pinStateSchema,
  offered: z.string().describe('digest of what the upstream offers'),
  accepted: decision.optional(),
  rejected: decision.optional(),
  present: z.boolean(),
  first_seen: timeSchema,
  last_seen: timeSchema,
};

const change = z.strictObject({
  path: z.array(z.union([z.string(), z.number()])),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

export const pinSchema = z
  .strictObject({
    ...shown,
    accepted_definition: z.unknown().optional().describe('where definitions are asked for'),
    offered_definition: z.unknown().optional(),
    changes: z.array(change).optional().describe('what tells what is offered from what is accepted'),
  })
  .meta({ id: 'Pin', description: 'What was decided on a definition of an upstream.' });

export const pinQuery = {
  ...pageQuery,
  upstream: z.string().max(256).optional(),
  kind: pinKindSchema.optional(),
  state: pinStateSchema.optional(),
  definitions: z.enum(['true', 'false']).default('false').describe('whether the definitions come with them'),
};

export const pinPageSchema = pageOf('pins', pinSchema).meta({
  id: 'PinPage',
  description: 'Pins by upstream, kind and name.',
});

export const pinDecisionSchema = z
  .strictObject({ digest: z.string().max(128).describe('of the definition that was looked at') })
  .meta({ id: 'PinDecision', description: 'Which definition is decided on.' });
