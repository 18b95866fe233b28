import type { Context } from 'hono';

/** In bytes: arguments of 65,536 characters, each written in up to nine. */
export const longestAnswer = 640_000;
/** Of a form that anybody may send. */
const longestForm = 8_192;

interface FormTerms {
  /** The fields that may come several times. */
  readonly several?: readonly string[];
  /** In bytes. */
  readonly longest?: number;
}

/** The fields of a form of ours; undefined for what is none, is too long or has a field twice that comes once. */
export async function readForm(
  { req }: Context,
  { several = [], longest = longestForm }: FormTerms = {},
): Promise<URLSearchParams | undefined> {
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length;
    if (size > longest) return undefined;
    chunks.push(chunk);
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const names = new Set<string>();
  for (const name of form.keys()) {
    if (names.has(name) && !several.includes(name)) return undefined;
    names.add(name);
  }
  return form;
}
