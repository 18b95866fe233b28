import { z } from 'zod';
import { timeSchema } from './page.js';

/** What makes the first key. */
export const setupSchema = z
  .strictObject({
    token: z.string().max(200).describe('the token that the gateway printed when it started'),
    principal: z
      .string()
      .regex(/^[^\p{C}\p{Z}]{1,128}$/u)
      .default('admin')
      .describe('the name of the administrator'),
  })
  .meta({ id: 'Setup', description: 'What makes the first key.' });

export const firstKeySchema = z
  .strictObject({
    id: z.string(),
    key: z.string().describe('the key itself; it is not shown again'),
    principal: z.string(),
    expires_at: timeSchema.describe('when it ends'),
  })
  .meta({ id: 'FirstKey', description: 'The first key, with the role admin.' });
