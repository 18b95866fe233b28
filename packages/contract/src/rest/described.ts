import { z } from 'zod';

/**
 * Described in the document as a schema says, and taken as it comes: who reads it knows more of what may be wrong with
 * it, and tells all of it at once.
 */
export function described(schema: z.ZodType) {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return z.unknown().meta(json);
}

/** The same for each member of an object, none of which is asked for here. */
export function describedMembers(shape: Readonly<Record<string, z.ZodType>>) {
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, described(schema).optional()]),
  );
}
