import { z } from 'zod';
import { roleSchema } from '../role.js';
import { pageOf, timeSchema } from './page.js';

export const endSignInsSchema = z
  .strictObject({ principal: z.string().min(1).max(512).describe('whose sign-ins') })
  .meta({ id: 'EndSignIns', description: 'Who is to be signed out everywhere.' });

export const endedSignInsSchema = z
  .strictObject({
    principal: z.string(),
    ended: z.int().describe('how many sign-ins of theirs there were'),
  })
  .meta({ id: 'EndedSignIns', description: 'Who was signed out.' });

export const signInSchema = z
  .strictObject({
    id: z.string(),
    principal: z.string(),
    credential: z
      .string()
      .describe('how records name it: person:ID, or the key or token they signed in with'),
    roles: z.array(roleSchema),
    issuer: z.string().optional().describe('the provider that says who it is; absent for keys and tokens'),
    since: timeSchema,
    until: timeSchema,
    current: z.boolean().describe('whether it is the one that asks'),
  })
  .meta({ id: 'SignIn', description: 'Somebody who is signed in, in one browser.' });

export const signInPageSchema = pageOf('sign_ins', signInSchema).meta({
  id: 'SignInPage',
  description: 'Who is signed in, newest first.',
});
