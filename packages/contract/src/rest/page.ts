import { z } from 'zod';

/** The query members of every route that answers with a list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('how many at most'),
  cursor: z.string().max(512).optional().describe('the next_cursor of the page before'),
};

/** A page of a list: `{ count, <name>: [...], next_cursor? }`. */
export function pageOf<Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  const page = {
    count: z.int().describe('how many this page holds'),
    next_cursor: z.string().optional().describe('asks for the next page; absent on the last'),
  };
  const items = { [name]: z.array(item) } as Record<Name, z.ZodArray<Item>>;
  return z.strictObject({ ...page, ...items });
}

/** A time in answers: RFC 3339, UTC. */
export const timeSchema = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC' });
