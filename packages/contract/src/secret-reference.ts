import { z } from 'zod';

/** Where a secret is kept; nothing but references of this form is accepted where a secret is expected. */
export const secretReferenceSchema = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/)
  .describe('a reference to a secret: env:NAME or file:PATH');
