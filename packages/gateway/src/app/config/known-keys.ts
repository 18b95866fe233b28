import { z } from 'zod';

/** The keys that a configuration may have at a path: those of every alternative where there are several. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = schemasAt(schema, path).flatMap(alternatives);
  const keys = found.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)];
}

/** What the schema says about the value at a path, for messages. */
export function descriptionAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  return schemasAt(schema, path).find((found) => found.description !== undefined)?.description;
}

/** Whether the number at a path is a whole one. */
export function isWholeNumberAt(schema: z.ZodType, path: readonly PropertyKey[]): boolean {
  const found = schemasAt(schema, path).flatMap(alternatives);
  return found.some((one) => one instanceof z.ZodNumber && one.isInt);
}

function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const next = (schemas: z.ZodType[], part: PropertyKey) =>
    schemas.flatMap(alternatives).flatMap((found) => step(found, part));
  return path.reduce<z.ZodType[]>(next, [schema]);
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return alternatives(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodLazy) return alternatives(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => alternatives(option as z.ZodType));
  return [schema];
}

function step(schema: z.ZodType, part: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Record<string, z.ZodType> = schema.shape;
  const member = Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
  return member === undefined ? [] : [member];
}
