import { z } from 'zod';
import { timeSchema } from './page.js';

const scope = z.enum(['all', 'principal', 'tool', 'upstream']).describe('what is stopped');
const name = z.string().min(1).max(256);
const reason = z.string().max(1024).describe('one sentence, told to whoever is stopped');

export const killOrderSchema = z
  .strictObject({
    scope,
    name: name.optional().describe('of the principal, tool or upstream; absent for all'),
    reason: reason.min(1),
  })
  .refine(({ scope: what, name: of }) => (what === 'all') === (of === undefined), {
    path: ['name'],
    message: 'is needed for a principal, tool or upstream, and not for all',
  })
  .meta({ id: 'KillOrder', description: 'What is to be stopped, and why.' });

export const killSwitchSchema = z
  .strictObject({
    id: z.string(),
    tenant: z.string().describe('of whose calls; *: of every tenant'),
    scope,
    name: name.optional(),
    reason,
    by: z.string().describe('who threw it'),
    at: timeSchema,
  })
  .meta({ id: 'KillSwitch', description: 'What is stopped until somebody lifts it.' });

export const killListSchema = z
  .strictObject({ count: z.int(), kill_switches: z.array(killSwitchSchema) })
  .meta({ id: 'KillSwitchList', description: 'Everything that is stopped, oldest first.' });
